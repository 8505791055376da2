import { describe, expect, it } from 'vitest';
import { headOf, manifestOf } from '#appliance/downloads/archive-manifest.ts';
import type { ArchiveJob } from '#appliance/downloads/job.ts';
import { wordsState, type ReadInside } from '#src/contract/files.ts';

const aJob = (change: Partial<ArchiveJob> = {}): ArchiveJob => ({
  kind: 'archive', inquiry: 'i', reason: 'Complaint 12', export: 'e', by: 'olive', at: 0, query: 'minutes', filter: '{"kinds":["file"],"words":"agreement"}', position: 90, after: null, positions: Float64Array.of(3, 7),
  files: { words: 'agreement', inside }, ...change,
});
const inside: ReadInside = { of: 6, states: [{ state: 'read', count: 2 }, { state: 'partly', count: 1 }, { state: 'waiting', count: 1 }, { state: 'encrypted', count: 2 }] };
const allRead: ReadInside = { of: 2, states: [{ state: 'read', count: 2 }] };

type Make = (job: ArchiveJob) => string;
const made: Make = (job) => manifestOf(job, 'Olive', { included: job.positions.length, gone: 0 }, [], []);
const read = (make: Make, job: ArchiveJob): Record<string, unknown> => JSON.parse(make(job)) as Record<string, unknown>;

/** Never skipped in silence, as far as the manifest goes (that the counts are true is for words-at-one-moment.unit.spec.ts): every file of the scope is counted under what became of reading it, and where one was not read in full, nobody is told that the export is complete. */
const passesOverInSilence = (make: Make): readonly string[] =>
  wordsState.options.flatMap((state) => {
    const { readInside, state: says } = read(make, aJob({ files: { words: 'agreement', inside: { of: 3, states: [{ state: 'read', count: 2 }, ...(state === 'read' ? [] : [{ state, count: 1 }])] } } })) as { readonly readInside?: { readonly notReadInFull: number; readonly states: Record<string, number> }; readonly state: string };
    const isTold = state === 'read' ? says === 'complete' : says === 'complete with gaps' && readInside?.notReadInFull === 1 && readInside.states[state] === 1;
    return isTold ? [] : [state];
  });

describe('the manifest of an export of files', () => {
  it('says name, words and filter, and counts what was not read', () =>
    expect(read(made, aJob())).toMatchObject({
      searched: 'files', query: 'minutes', words: 'agreement', filter: { kinds: ['file'], words: 'agreement' }, completeToPosition: 90, matched: 2, included: 2, state: 'complete with gaps',
      readInside: { files: 6, notReadInFull: 4, states: { read: 2, partly: 1, waiting: 1, encrypted: 2 } },
    }));
  it('is complete where every file was read', () => expect(read(made, aJob({ files: { words: 'agreement', inside: allRead } }))['state']).toBe('complete'));
  it('is complete where no words decide: a list of what was not read, a search by name', () => {
    expect(read(made, aJob({ files: { words: '', inside } }))).toMatchObject({ state: 'complete', readInside: { notReadInFull: 4 } });
    expect(read(made, aJob({ files: { words: '', inside: null } }))).not.toHaveProperty('readInside');
  });
  it('of a search for events says nothing of files', () => {
    const manifest = read(made, aJob({ files: null, after: 40 }));
    expect(manifest).toMatchObject({ state: 'complete', afterPosition: 40 });
    for (const field of ['searched', 'words', 'readInside']) expect(manifest).not.toHaveProperty(field);
  });
});

describe('what was not read', () => {
  it('is never passed over in silence', () => expect(passesOverInSilence(made)).toEqual([]));
  it('would be missed in a build that leaves the counts out', () => expect(passesOverInSilence((job) => made({ ...job, files: { ...job.files!, inside: null } }))).toContain('encrypted'));
  it('would be missed in a build that calls the export complete all the same', () => expect(passesOverInSilence((job) => made(job).replace('complete with gaps', 'complete'))).toContain('waiting'));
  it('would be missed in a build that takes a part for the whole', () =>
    expect(passesOverInSilence((job) => made({ ...job, files: { ...job.files!, inside: { ...job.files!.inside!, states: job.files!.inside!.states.map((one) => (one.state === 'partly' ? { ...one, state: 'read' as const } : one)) } } }))).toEqual(['partly']));
});

describe('the transcript of an export', () => {
  it('begins with what was asked for, and with what was not read', () => {
    expect(headOf(aJob(), 'Olive')).toContain('Searched files: minutes; inside: agreement\nRead inside: 2 of 6 files in question. Not read, or not all: 1 partly, 1 waiting, 2 encrypted.\n2 files, complete to position 90.');
    expect(headOf(aJob({ query: '', files: { words: 'agreement', inside: allRead } }), 'Olive')).toContain('Searched files: inside: agreement\nRead inside: all 2 files in question.\n');
    expect(headOf(aJob({ query: '', files: { words: '', inside: null } }), 'Olive')).toContain('Searched files: (everything)\n2 files,');
    expect(headOf(aJob({ query: '', files: null }), 'Olive')).toContain('Searched: (everything)\n2 events,');
  });
});
