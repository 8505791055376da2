/** What stands before and after a finding in a text that a search engine gives back. They must be such that nobody can have written them. */
export type Sentinels = { readonly before: string; readonly after: string };
export type MarkedText = { readonly text: string; /** [from, to) in UTF-16 units of `text`, ascending, not overlapping. */ readonly marks: [number, number][] };

/** Takes the sentinels out and says where they stood. What a person wrote stays text, whatever it looks like: nothing here is ever markup. */
export const marksIn = (formatted: string, { before, after }: Sentinels): MarkedText => {
  const marks: [number, number][] = [];
  let text = '';
  let rest = 0;
  for (;;) {
    const start = formatted.indexOf(before, rest);
    const end = start < 0 ? -1 : formatted.indexOf(after, start + before.length);
    if (end < 0) return { text: text + formatted.slice(rest), marks };
    text += formatted.slice(rest, start);
    const found = formatted.slice(start + before.length, end);
    if (found !== '') marks.push([text.length, text.length + found.length]);
    text += found;
    rest = end + after.length;
  }
};
