/** Inclusive [from, to] pairs of revisions, ascending, not touching. */
export type Range = readonly [from: number, to: number];
export type Ranges = readonly Range[];

/** The union; touching ranges become one. Neither list is changed. */
export const unite = (one: Ranges, other: Ranges): Ranges => {
  const result: [from: number, to: number][] = [];
  for (const [from, to] of [...one, ...other].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
};

/** What of `range` is not in `ranges`. */
export const subtract = ([from, to]: Range, ranges: Ranges): Ranges => {
  const result: Range[] = [];
  let next = from;
  for (const [start, end] of ranges) {
    if (end < next) continue;
    if (start > to) break;
    if (start > next) result.push([next, start - 1]);
    next = end + 1;
  }
  if (next <= to) result.push([next, to]);
  return result;
};
