import type { Ranges } from '#src/contract/shapes.ts';

/** What of [from, to] (inclusive) is in none of `taken` (ascending, disjoint). */
export const without = (from: number, to: number, taken: Ranges): Ranges => {
  const left: Ranges = [];
  let next = from;
  for (const [takenFrom, takenTo] of taken) {
    if (takenTo < next) continue;
    if (takenFrom > to) break;
    if (takenFrom > next) left.push([next, takenFrom - 1]);
    next = takenTo + 1;
  }
  if (next <= to) left.push([next, to]);
  return left;
};

/** Whether ascending, disjoint ranges hold `revision`. */
export const covers = (ranges: Ranges, revision: number): boolean => {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = ranges[middle]!;
    if (revision < from) high = middle - 1;
    else if (revision > to) low = middle + 1;
    else return true;
  }
  return false;
};
