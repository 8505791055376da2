/** Marks that turn or overrule the direction of writing, and characters that nobody sees. Joiners stay: scripts and emoji need them. */
const unseen = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;
const breaks = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029]+/g;
/** More than this many marks upon one letter paint over the lines around it. */
const heapOfMarks = /(\p{M}{4})\p{M}+/gu;

/** What a stranger wrote, as one line of text of at most `max` UTF-16 units: no controls, no marks that turn the direction, whole characters only. */
export const plainLine = (text: string, max: number): string => {
  // What is far beyond the limit need not be cleaned.
  const line = text.slice(0, max * 8).toWellFormed().replace(unseen, '').replace(heapOfMarks, '$1').replace(breaks, ' ').trim();
  if (line.length <= max) return line;
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    if (cut.length + segment.length > max - 1) break;
    cut += segment;
  }
  return `${cut.trimEnd()}…`;
};
