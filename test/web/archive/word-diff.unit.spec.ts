import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aroundChanges, wordDiff, type DiffRun } from '#web/screens/archive/word-diff.ts';

const without = (runs: readonly DiffRun[], is: DiffRun['is']): string => runs.filter((run) => run.is !== is).map((run) => run.text).join('');

describe('the difference between two versions', () => {
  it('names the word that changed and nothing else', () => {
    expect(wordDiff('in my mail of 2 October.', 'in my mail of 3 October.')).toEqual([
      { is: 'stayed', text: 'in my mail of ' }, { is: 'went', text: '2' }, { is: 'came', text: '3' }, { is: 'stayed', text: ' October.' },
    ]);
  });
  it('tells two words replaced side by side as one change', () => {
    expect(wordDiff('on 2 October then', 'on 3 November then')).toEqual([
      { is: 'stayed', text: 'on ' }, { is: 'went', text: '2 October' }, { is: 'came', text: '3 November' }, { is: 'stayed', text: ' then' },
    ]);
  });
  it('gives back both versions exactly, whatever was written', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' ', 'hall', '東京', '\n', '👩‍🚒', 'é', '.'), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, text, (earlier, later) => {
      const runs = wordDiff(earlier, later);
      expect(without(runs, 'came')).toBe(earlier);
      expect(without(runs, 'went')).toBe(later);
      expect(runs.every((run) => run.text !== '')).toBe(true);
    }));
  });
  it('is whole for the longest texts without holding the tab up', () => {
    const earlier = 'word '.repeat(3_200);
    const later = 'other '.repeat(2_600);
    expect(without(wordDiff(earlier, later), 'came')).toBe(earlier);
  });
  it('is shortened only where nothing changed', () => {
    const same = 'a long beginning that nobody touched at all. ';
    expect(aroundChanges([{ is: 'stayed', text: same }, { is: 'went', text: '2' }, { is: 'came', text: '3' }, { is: 'stayed', text: ' x' }], 8)).toEqual([
      { is: 'stayed', text: ' … at all. ' }, { is: 'went', text: '2' }, { is: 'came', text: '3' }, { is: 'stayed', text: ' x' },
    ]);
  });
});
