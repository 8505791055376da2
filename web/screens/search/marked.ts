import { html, type TemplateResult } from 'lit';

/** A text with its hits marked: `marks` are [from, to) in UTF-16 units, ascending. */
export const marked = (text: string, marks: readonly (readonly [number, number])[]): readonly (string | TemplateResult)[] => {
  const parts: (string | TemplateResult)[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    if (from < at) continue;
    parts.push(text.slice(at, from), html`<mark>${text.slice(from, to)}</mark>`);
    at = to;
  }
  return [...parts, text.slice(at)];
};

const aroundFirst = 90;
const shownMax = 420;
/** A long text is shown from a little before its first hit; marks move along. */
export const excerpt = (text: string, marks: readonly (readonly [number, number])[]): { readonly text: string; readonly marks: readonly (readonly [number, number])[] } => {
  const first = marks[0]?.[0] ?? 0;
  const from = text.length <= shownMax || first <= aroundFirst ? 0 : Math.max(0, text.lastIndexOf(' ', first - aroundFirst) + 1);
  const cut = text.slice(from, from + shownMax).toWellFormed();
  const lead = from > 0 ? '… ' : '';
  const moved = marks.map(([start, end]) => [start - from + lead.length, end - from + lead.length] as const).filter(([start, end]) => start >= lead.length && end <= cut.length + lead.length);
  return { text: `${lead}${cut}${from + shownMax < text.length ? ' …' : ''}`, marks: moved };
};
