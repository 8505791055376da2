import { html, type TemplateResult } from 'lit';

export type TextPart = { readonly text: string; readonly marked: boolean };
type Marks = readonly (readonly [number, number])[];

/** The text in parts, marked ones apart. Marks may overlap, come in any order or reach over the end; the parts joined are the text. */
export const partsOf = (text: string, marks: Marks): TextPart[] => {
  const parts: TextPart[] = [];
  let at = 0;
  for (const [from, to] of [...marks].sort((a, b) => a[0] - b[0])) {
    const start = Math.max(from, at);
    const end = Math.min(to, text.length);
    if (end <= start) continue;
    if (start > at) parts.push({ text: text.slice(at, start), marked: false });
    parts.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), marked: false });
  return parts;
};

/** At most about `most` characters around the first mark, cut at spaces where there are any, with the marks moved along. */
export const excerptOf = (text: string, marks: Marks, most = 420): { readonly text: string; readonly marks: Marks } => {
  if (text.length <= most) return { text, marks };
  const first = marks.reduce((least, [from]) => Math.min(least, from), text.length);
  const wanted = first === text.length ? 0 : Math.max(0, Math.min(first - Math.floor(most / 3), text.length - most));
  const space = wanted === 0 ? 0 : text.indexOf(' ', wanted) + 1;
  const from = space > 0 && space <= first ? space : wanted;
  const lastSpace = text.lastIndexOf(' ', from + most);
  const to = from + most >= text.length ? text.length : lastSpace > from + most / 2 ? lastSpace : from + most;
  const before = from > 0 ? '… ' : '';
  const shift = before.length - from;
  return {
    text: `${before}${text.slice(from, to).toWellFormed()}${to < text.length ? ' …' : ''}`,
    marks: marks.filter(([start, end]) => start >= from && end <= to).map(([start, end]) => [start + shift, end + shift] as const),
  };
};

/** The parts on screen: what was looked for is marked. */
export const markedText = (text: string, marks: Marks): TemplateResult => html`${partsOf(text, marks).map((part) => (part.marked ? html`<mark>${part.text}</mark>` : part.text))}`;
