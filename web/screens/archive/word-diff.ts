/** A run of text that stayed, went or came between two versions. Joined without `came` the runs give the earlier text, without `went` the later. */
export type DiffRun = { readonly is: 'stayed' | 'went' | 'came'; readonly text: string };

/** Above this many cells the middle is shown as replaced whole: 16,000 characters against 16,000 would hold the tab up. */
const cellsMax = 1_000_000;

let segmenter: Intl.Segmenter | undefined;
/** Words by the reader's language rules, so that Chinese and Thai are not one long word. */
const wordsOf = (text: string): string[] => Array.from((segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' })).segment(text), (part) => part.segment);

const sharedStart = (earlier: readonly string[], later: readonly string[]): number => {
  let n = 0;
  while (n < earlier.length && n < later.length && earlier[n] === later[n]) n += 1;
  return n;
};

/** The longest common subsequence, as runs in reading order. */
const diffOfMiddles = (earlier: readonly string[], later: readonly string[]): DiffRun[] => {
  const replaced: DiffRun[] = [{ is: 'went', text: earlier.join('') }, { is: 'came', text: later.join('') }];
  if (earlier.length === 0 || later.length === 0 || earlier.length * later.length > cellsMax) return replaced;
  const width = later.length + 1;
  const lengths = new Uint32Array((earlier.length + 1) * width);
  const lengthAt = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = earlier.length - 1; row >= 0; row -= 1) {
    for (let column = later.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] = earlier[row] === later[column] ? lengthAt(row + 1, column + 1) + 1 : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1));
    }
  }
  const runs: DiffRun[] = [];
  let row = 0;
  let column = 0;
  while (row < earlier.length || column < later.length) {
    if (row < earlier.length && column < later.length && earlier[row] === later[column]) {
      runs.push({ is: 'stayed', text: earlier[row] ?? '' });
      row += 1;
      column += 1;
    } else if (row < earlier.length && (column === later.length || lengthAt(row + 1, column) >= lengthAt(row, column + 1))) {
      runs.push({ is: 'went', text: earlier[row] ?? '' });
      row += 1;
    } else {
      runs.push({ is: 'came', text: later[column] ?? '' });
      column += 1;
    }
  }
  return runs;
};

/** A lone space between two changes belongs to the change: "2 October" to "3 November" reads as one. */
const bridged = (runs: readonly DiffRun[]): DiffRun[] =>
  runs.flatMap((run, n): DiffRun[] => {
    const lone = run.is === 'stayed' && run.text === ' ' && runs[n - 1]?.is !== 'stayed' && runs[n + 1]?.is !== 'stayed' && n > 0 && n < runs.length - 1;
    return lone ? [{ is: 'went', text: ' ' }, { is: 'came', text: ' ' }] : [run];
  });

/** Between two runs that stayed, what went is told before what came. */
const merged = (runs: readonly DiffRun[]): DiffRun[] => {
  const result: DiffRun[] = [];
  let went = '';
  let came = '';
  const flush = (): void => {
    if (went !== '') result.push({ is: 'went', text: went });
    if (came !== '') result.push({ is: 'came', text: came });
    went = '';
    came = '';
  };
  for (const run of runs) {
    if (run.is === 'went') went += run.text;
    else if (run.is === 'came') came += run.text;
    else {
      flush();
      const last = result.at(-1);
      if (last?.is === 'stayed') result[result.length - 1] = { is: 'stayed', text: last.text + run.text };
      else if (run.text !== '') result.push(run);
    }
  }
  flush();
  return result;
};

/** What an edit did, word by word. */
export const wordDiff = (earlier: string, later: string): DiffRun[] => {
  const before = wordsOf(earlier);
  const after = wordsOf(later);
  const start = sharedStart(before, after);
  const end = sharedStart(before.slice(start).reverse(), after.slice(start).reverse());
  const middle = diffOfMiddles(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return merged(bridged([{ is: 'stayed', text: before.slice(0, start).join('') }, ...middle, { is: 'stayed', text: end === 0 ? '' : before.slice(-end).join('') }]));
};

/** Shortens long runs that stayed to `keep` characters beside each change, for a column too narrow for the whole text. */
export const aroundChanges = (runs: readonly DiffRun[], keep: number): DiffRun[] =>
  runs.map((run, n) => {
    const text = Array.from(run.text);
    if (run.is !== 'stayed' || text.length <= keep * 2 + 8) return run;
    const head = n === 0 ? '' : text.slice(0, keep).join('');
    const tail = n === runs.length - 1 ? '' : text.slice(-keep).join('');
    return { is: 'stayed', text: `${head} … ${tail}` };
  });
