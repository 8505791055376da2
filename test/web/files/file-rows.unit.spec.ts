import { describe, expect, it } from 'vitest';
import type { FileLine } from '#src/contract/files.ts';
import type { TimelineLine } from '#src/contract/timeline.ts';
import type { Waiting } from '#web/client/outgoing.ts';
import type { Upload } from '#web/client/uploads.ts';
import { rowsOf } from '#web/screens/conversation/timeline-rows.ts';
import { spokenOf } from '#web/screens/conversation/upload-announcer.ts';
import { aMessageLine, idOf } from '../client/timeline-makers.ts';

const noon = new Date(2026, 10, 20, 12).getTime();
const me = idOf(1);
const aFileLine = (revision: number, line: Partial<FileLine> = {}): FileLine => ({
  kind: 'file', revision, at: noon + revision * 1_000, ordinal: revision + 1, fileId: idOf(1_000 + revision), author: me, name: 'plan.pdf', size: 3, type: 'application/pdf', width: null, height: null, messageId: null, withdrawn: null, importedSaidAt: null, gone: false, ...line,
});
const anUpload = (n: number, upload: Partial<Upload> = {}): Upload => ({
  account: me, key: idOf(2_000 + n), conversationId: idOf(5), name: `${n}.pdf`, size: 3, type: 'application/pdf', order: n, sent: { messageId: null, at: noon + 60_000 }, state: 'going', refusal: null, reserved: true, reserveId: idOf(3_000 + n), shareId: idOf(4_000 + n), ...upload,
});
const aPost = (n: number): Waiting => ({ kind: 'post', account: me, key: idOf(6_000 + n), conversationId: idOf(5), commandId: idOf(7_000 + n), order: n, writtenAt: noon + 50_000, state: 'waiting', refusal: null, text: 'see the plan', mentions: [], replyTo: null });
const drawn = (lines: readonly TimelineLine[], waiting: readonly Waiting[] = [], uploads: readonly Upload[] = []): string[] =>
  rowsOf(lines, waiting, null, me, uploads).map((row) => ('startsRun' in row ? `${row.kind} ${row.startsRun ? 'starts' : 'follows'}` : row.kind));

describe('files in a timeline', () => {
  it('stand in the run of their author', () => expect(drawn([aMessageLine({ revision: 0, at: noon, author: me }), aFileLine(1), aFileLine(2, { author: idOf(9) })])).toEqual(['day', 'message starts', 'file follows', 'file starts']));
  it('follow the message they were sent with while either is on its way', () => {
    const rows = rowsOf([], [aPost(1), aPost(2)], null, me, [anUpload(1, { sent: { messageId: aPost(1).key, at: noon } }), anUpload(2, { sent: { messageId: idOf(99), at: noon } })]);
    expect(rows.map(({ key }) => key).slice(1)).toEqual([anUpload(2).key, aPost(1).key, anUpload(1).key, aPost(2).key]);
  });
  it('on their way go on in the run of what is recorded, though this clock is behind', () => expect(drawn([aMessageLine({ revision: 0, at: noon + 90_000, author: me })], [], [anUpload(1)])).toEqual(['day', 'message starts', 'upload follows']));
  it('on their way are shown a few at a time, so that the page stays small', () => {
    const rows = rowsOf([], [], null, me, Array.from({ length: 100 }, (_, n) => anUpload(n)));
    expect(rows.filter(({ kind }) => kind === 'upload')).toHaveLength(12);
    expect(rows.at(-1)).toMatchObject({ kind: 'more-uploads', more: 88 });
  });
  it('have a key each, and keep it when their line comes', () => {
    const upload = anUpload(1);
    const rows = rowsOf([aFileLine(1, { fileId: upload.key })], [], null, me);
    expect(rows.at(-1)?.key).toBe(upload.key);
  });
});

describe('what is told of files', () => {
  it('is that they start, that they are up, and what went wrong', () => {
    expect(spokenOf([], [anUpload(1)])).toBe('Uploading 1.pdf.');
    expect(spokenOf([], [anUpload(1), anUpload(2), anUpload(3)])).toBe('Uploading 3 files.');
    expect(spokenOf([anUpload(1)], [anUpload(1, { state: 'whole' })])).toBe('1.pdf uploaded.');
    expect(spokenOf([anUpload(1)], [anUpload(1, { state: 'refused', refusal: { ok: false, code: 'over-quota', sentence: 'Too much.' } })])).toBe('1.pdf was not shared. Too much.');
  });
  it('is never how far they are, and nothing twice', () => {
    expect(spokenOf([anUpload(1)], [anUpload(1, { reserved: true })])).toBe('');
    expect(spokenOf([anUpload(1, { state: 'whole', sent: null })], [anUpload(1, { state: 'whole' })])).toBe('');
  });
});
