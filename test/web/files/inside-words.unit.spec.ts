import { describe, expect, it } from 'vitest';
import { wordsState, type WordsState } from '#src/contract/files.ts';
import { completenessWords, whyUnread } from '#web/screens/archive/inside-words.ts';

const words = (counts: Partial<Record<WordsState, number>>): string => {
  const states = Object.entries(counts).map(([state, count]) => ({ state: state as WordsState, count }));
  return completenessWords({ of: states.reduce((sum, { count }) => sum + count, 0), states });
};

describe('how complete a search inside files is', () => {
  it('is said whatever became of each file, so that none is passed over', () => {
    expect(words({ read: 12 })).toBe('Searched inside all 12 files.');
    expect(words({ read: 1 })).toBe('Searched inside the one file.');
    expect(words({ read: 9, partly: 1, waiting: 1, encrypted: 2, unsupported: 3 })).toBe('Searched inside 10 of 16 files. 1 of them could be read only in part. 1 waits to be read; search again in a while. 5 could not be read.');
    expect(words({ waiting: 4 })).toBe('Searched inside 0 of 4 files. 4 wait to be read; search again in a while.');
    expect(words({})).toBe('There is no file to search inside.');
  });
  it('has a reason for every file that was not read whole', () => {
    for (const state of wordsState.options) expect([state, whyUnread[state] === null]).toEqual([state, state === 'read']);
  });
});
