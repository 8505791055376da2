/** A text field as data: pure, so that every rule of the composer can be tested without a page. */
export type Field = { readonly text: string; readonly from: number; readonly to: number };

/** Puts marks around what is selected, or takes them away; with nothing selected the caret goes between them. */
export const wrap = ({ text, from, to }: Field, mark: string): Field => {
  const size = mark.length;
  const isInside = text.slice(from - size, from) === mark && text.slice(to, to + size) === mark;
  if (isInside) return { text: text.slice(0, from - size) + text.slice(from, to) + text.slice(to + size), from: from - size, to: to - size };
  return { text: text.slice(0, from) + mark + text.slice(from, to) + mark + text.slice(to), from: from + size, to: to + size };
};

/** Code: a word between backticks, several lines between fences. */
export const wrapCode = (field: Field): Field => {
  const chosen = field.text.slice(field.from, field.to);
  if (!chosen.includes('\n')) return wrap(field, '`');
  const before = field.from > 0 && field.text[field.from - 1] !== '\n' ? '\n```\n' : '```\n';
  const after = field.text[field.to] === '\n' || field.to === field.text.length ? '\n```' : '\n```\n';
  return { text: field.text.slice(0, field.from) + before + chosen + after + field.text.slice(field.to), from: field.from + before.length, to: field.to + before.length };
};

/** Makes the lines of the selection items of a list, or lines again. */
export const listed = ({ text, from, to }: Field): Field => {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', to) < 0 ? text.length : text.indexOf('\n', to);
  const lines = text.slice(start, end).split('\n');
  const isList = lines.every((line) => line.startsWith('- '));
  const made = lines.map((line) => (isList ? line.slice(2) : `- ${line}`)).join('\n');
  return { text: text.slice(0, start) + made + text.slice(end), from: Math.max(start, from + (isList ? -2 : 2)), to: start + made.length - (end - to) };
};

export const insert = ({ text, from, to }: Field, words: string): Field => ({ text: text.slice(0, from) + words + text.slice(to), from: from + words.length, to: from + words.length });

/** An address pasted over words makes a link of them. */
export const link = (field: Field, address: string): Field => insert(field, `[${field.text.slice(field.from, field.to)}](${address})`);

export type Asked = { readonly sign: '@' | ':'; readonly typed: string; readonly from: number; readonly to: number };

/** What is being looked for at the caret: `@` and a name of up to three words, or `:` and an emoji's name; both at the start of a word. */
export const askedAt = ({ text, from, to }: Field): Asked | undefined => {
  if (from !== to) return undefined;
  const found = /(?:^|[\s([{"'])(?:(@)([^\s@][^@\n]{0,60})?|(:)([\p{L}\p{N}_+-]{1,40}))$/u.exec(text.slice(Math.max(0, from - 64), from));
  if (!found) return undefined;
  const sign = found[1] ? '@' : ':';
  const typed = (found[2] ?? found[4]) || '';
  if (sign === '@' && typed.split(/\s+/).length > 3) return undefined;
  return { sign, typed, from: from - typed.length - 1, to: from };
};

/** Enter and Tab take a suggestion only when it was meant: two characters typed, or an arrow pressed. */
export const mayTake = (asked: Asked, moved: boolean): boolean => moved || (asked.typed.length >= 2 && !(asked.sign === '@' && /\s$/.test(asked.typed)));
