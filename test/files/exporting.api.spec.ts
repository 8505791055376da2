import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileWordsOf } from '#appliance/file-words/file-words.ts';
import { closeInquiry, openInquiry, readAudit } from '#src/contract/archive.ts';
import type { InputOf } from '#src/contract/endpoint.ts';
import { exportFiles, searchFiles, withdrawFile } from '#src/contract/files.ts';
import { unfiledCase } from '#src/archive/case.ts';
import { streams } from '#src/kernel/streams.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { holdAppends } from '#test/support/held-log.ts';
import { bytesIn, jsonLines } from '#test/support/journey-zip.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { aPicture, bytesOf, shares, someBytes } from '#test/support/shared-files.ts';
import { eventually } from '#test/support/waiting.ts';
import { aDocument, aPdf, paragraph } from '#test/support/word-samples.ts';

let appliance: Appliance;
let [alice, bob, olive, oscar, adam] = [] as unknown as [Person, Person, Person, Person, Person];
let chat: string;
let [minutesId, answerId] = ['', ''];
const inquiry = randomUUID();
const minutes = aPdf(['Minutes of March', 'the side agreement of 12 March']);
const answer = aDocument(paragraph('There is no side agreement.'));
const draft = someBytes(60_000);

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, olive, oscar, adam } = await people(appliance, 'alice', 'bob', 'olive', 'oscar'));
  chat = await aDirectChat(alice, bob);
  minutesId = await shares(alice, minutes, { in: chat, name: 'minutes.pdf' });
  answerId = await shares(bob, answer, { in: chat, name: '=answer.docx' });
  await shares(bob, aPicture, { in: chat, name: 'photo.png' });
  await shares(alice, draft, { in: chat, name: 'draft of the side letter.bin' });
  await shares(alice, aPdf(['secret'], { encrypted: true }), { in: chat, name: 'locked.pdf' });
  await alice.call(withdrawFile, { conversationId: chat, fileId: minutesId });
  await olive.call(openInquiry, { inquiry, reason: 'A side agreement was reported.' });
  await eventually('every file was read', async () => {
    const { inside } = await olive.call(searchFiles, { inquiry, words: 'agreement', filter: {} });
    return inside!.of === 5 && !inside!.states.some(({ state }) => state === 'waiting');
  }, undefined, 20_000);
});
afterAll(() => appliance.close());

type Asked = Partial<Omit<InputOf<typeof exportFiles>, 'inquiry'>>;
type Manifest = { readonly [field: string]: unknown; readonly sharedFilesMissing: readonly { readonly name: string; readonly state: string }[]; readonly files: readonly { readonly name: string; readonly sha256: string }[] };

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const exportOf = (asked: Asked, commandId: string = randomUUID()) => olive.call(exportFiles, { inquiry, filter: {}, ...asked }, { commandId });
const zipFrom = async (url: string): Promise<ReadonlyMap<string, Buffer>> => bytesIn(await bytesOf(await olive.fetch(url)));
const zipOf = async (asked: Asked): Promise<ReadonlyMap<string, Buffer>> => zipFrom((await exportOf(asked)).url);
const manifestIn = (zip: ReadonlyMap<string, Buffer>): Manifest => JSON.parse(zip.get('manifest.json')!.toString()) as Manifest;
const rowsIn = (zip: ReadonlyMap<string, Buffer>): readonly string[][] => zip.get('files.csv')!.toString().trim().split('\r\n').slice(1).map((row) => row.slice(1, -1).split('","'));
const exportsOnRecord = async (): Promise<number> => (await appliance.recorded()).filter(({ type }) => type === 'ExportMade').length;

describe('an export of a search for files', () => {
  it('by name holds the file, its hash, and the name that was asked for', async () => {
    const made = await exportOf({ name: 'side let' });
    expect(made.count).toBe(1);
    const zip = await zipFrom(made.url);
    const [row, ...others] = rowsIn(zip);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ 1: 'draft of the side letter.bin', 3: '60000', 4: sha256(draft), 7: 'no', 8: 'complete' });
    expect(zip.get(row![0]!)!.equals(draft)).toBe(true);
    const manifest = manifestIn(zip);
    expect(manifest).toMatchObject({ export: made.export, inquiry, reason: 'A side agreement was reported.', officerAccount: olive.account, searched: 'files', query: 'side let', words: '', filter: { kinds: ['file'] }, completeToPosition: made.position, matched: 1, included: 1, state: 'complete' });
    expect(manifest['readInside']).toBeUndefined();
    expect(manifest.files.find(({ name }) => name === 'files.csv')!.sha256).toBe(sha256(zip.get('files.csv')!));
    expect(zip.get('transcript.txt')!.toString()).toContain('Searched files: side let\n1 file, complete to position');
  });

  it('by words inside holds what the search finds, withdrawn files too, oldest first, and says what was not read', async () => {
    const zip = await zipOf({ words: '"side agreement"' });
    expect(rowsIn(zip).map((row) => [row[1], row[4], row[7], row[8]])).toEqual([['minutes.pdf', sha256(minutes), 'yes', 'complete'], ["'=answer.docx", sha256(answer), 'no', 'complete']]);
    expect(rowsIn(zip).map((row) => sha256(zip.get(row[0]!)!))).toEqual([sha256(minutes), sha256(answer)]);
    expect(jsonLines(zip.get('events.jsonl')!.toString()).map(({ data }) => (data as { readonly fileId: string }).fileId)).toEqual([minutesId, answerId]);
    const { inside } = await olive.call(searchFiles, { inquiry, words: '"side agreement"', filter: {} });
    expect(inside!.of).toBe(5);
    expect(manifestIn(zip)).toMatchObject({
      searched: 'files', query: '', words: '"side agreement"', filter: { kinds: ['file'], words: '"side agreement"' }, matched: 2, included: 2, sharedFilesMissing: [], state: 'complete with gaps',
      readInside: { files: 5, notReadInFull: 3, states: Object.fromEntries(inside!.states.map(({ state, count }) => [state, count])) },
    });
    expect(zip.get('transcript.txt')!.toString()).toContain('Read inside: 2 of 5 files in question. Not read, or not all: 2 unsupported, 1 encrypted.\n2 files, complete to position');
    const narrow = manifestIn(await zipOf({ words: 'agreement', filter: { senders: [bob.account], types: ['application/'] } }));
    expect(narrow).toMatchObject({ state: 'complete', readInside: { files: 1, notReadInFull: 0, states: { read: 1 } } });
  });

  it('of what was not read inside holds those files themselves', async () => {
    const zip = await zipOf({ filter: { unread: true } });
    expect(rowsIn(zip).map((row) => row[1])).toEqual(['photo.png', 'draft of the side letter.bin', 'locked.pdf']);
    expect(manifestIn(zip)).toMatchObject({ state: 'complete', filter: { unread: true }, readInside: { files: 5, notReadInFull: 3 } });
  });

  it('of nothing found is an export of nothing', async () => {
    const zip = await zipOf({ name: 'nowhere' });
    expect([...zip.keys()]).toEqual(['transcript.txt', 'events.jsonl', 'manifest.json']);
    expect(manifestIn(zip)).toMatchObject({ matched: 0, state: 'complete' });
  });

  it('is on record, with what was asked for, before its address is given', async () => {
    const before = await exportsOnRecord();
    const held = holdAppends(appliance, streams.case(unfiledCase));
    let isGiven = false;
    const made = exportOf({ name: 'minutes', words: 'agreement' }).finally(() => (isGiven = true));
    await held.holding;
    const meanwhile = [isGiven, await exportsOnRecord()];
    held.letGo();
    await made;
    expect([meanwhile, await exportsOnRecord()]).toEqual([[false, before], before + 1]);
    const { rows: [row] } = await olive.call(readAudit, { kinds: ['export'] });
    expect([row!.by, row!.subject, row!.says]).toEqual([olive.account, inquiry, 'exported 1 event, the result of a search for “minutes” (only files; inside “agreement”)']);
    const { rows: [blind] } = await adam.call(readAudit, { kinds: ['export'] });
    expect(blind!.says).toBe('exported 1 event');
  });
});

describe('asked again after a lost answer', () => {
  it('it is the same one: what was shared since is not in it', async () => {
    const commandId = randomUUID();
    const asked = { words: 'agreement' };
    const first = await exportOf(asked, commandId);
    const before = await exportsOnRecord();
    await shares(bob, Buffer.from('another agreement'), { in: chat, name: 'later.txt' });
    await eventually('it was read', async () => (await olive.call(searchFiles, { inquiry, ...asked, filter: {} })).total === 3);
    const again = await exportOf(asked, commandId);
    expect([again.export, again.count, again.position]).toEqual([first.export, 2, first.position]);
    const zip = await zipFrom(again.url);
    expect(rowsIn(zip).map((row) => row[1])).toEqual(['minutes.pdf', "'=answer.docx"]);
    expect(manifestIn(zip)).toMatchObject({ matched: 2, completeToPosition: first.position, readInside: { files: 5 } });
    expect(await exportsOnRecord()).toBe(before);
    expect((await olive.refusal(exportFiles, { inquiry, words: 'another', filter: {} }, { commandId })).code).toBe('command-id-taken');
  });

  it('it is the one on record though the words of its files are others now, and nothing once it was fetched', async () => {
    const commandId = randomUUID();
    const asked = { name: 'answer', words: 'agreement' };
    const { url } = await exportOf(asked, commandId);
    await fileWordsOf(appliance.house).forget(chat, answerId);
    expect((await olive.call(searchFiles, { inquiry, ...asked, filter: {} })).total).toBe(0);
    expect((await exportOf(asked, commandId)).url).toBe(url);
    const zip = await zipFrom(url);
    expect([rowsIn(zip).map((row) => row[1]), manifestIn(zip)['readInside']]).toEqual([["'=answer.docx"], { files: 1, notReadInFull: 0, states: { read: 1 } }]);
    const refused = await olive.refusal(exportFiles, { inquiry, filter: {}, ...asked }, { commandId });
    expect([refused.code, 'url' in refused]).toEqual(['export-ended', false]);
  });
});

describe('the scope of an export', () => {
  it('in parts is the whole, in log order, each file once', async () => {
    const { views, hub } = appliance.house;
    const asked = { name: '', filter: { senders: [], conversations: [], types: [] } };
    const scopeOf = async (part?: { readonly after: number; readonly limit: number }) => (await views.ask('files.scope', { ...asked, ...(part && { part }) }, hub.position)).value;
    const whole = await scopeOf();
    const sizes = new Map(whole.positions.map((position, n) => [position, whole.sizes[n]]));
    const parts: [number, number][] = [];
    for (let after = -1; parts.length <= sizes.size; after = parts.at(-1)![0]) {
      const part = await scopeOf({ after, limit: 2 });
      if (part.positions.length === 0) break;
      parts.push(...part.positions.map((position, n) => [position, part.sizes[n]!] as [number, number]));
    }
    expect(parts.length).toBeGreaterThan(4);
    expect(parts).toEqual([...sizes].sort(([a], [b]) => a - b));
  });
});

describe('an export of files', () => {
  it('that lacks the bytes of one is complete with gaps, and names it', async () => {
    const folder = join(appliance.folder, 'files');
    const blobs = readdirSync(folder).filter((name) => name.length === 2).flatMap((prefix) => readdirSync(join(folder, prefix)).map((blob) => join(folder, prefix, blob)));
    unlinkSync(blobs.find((path) => readFileSync(path).length > 50_000)!);
    const zip = await zipOf({ filter: { senders: [alice.account] } });
    expect(rowsIn(zip).map((row) => [row[0] !== '', row[1], row[8]])).toEqual([[true, 'minutes.pdf', 'complete'], [false, 'draft of the side letter.bin', 'missing'], [true, 'locked.pdf', 'complete']]);
    const { state, sharedFilesMissing } = manifestIn(zip);
    expect([state, sharedFilesMissing.map(({ name, state: why }) => [name, why])]).toEqual(['complete with gaps', [['draft of the side letter.bin', 'missing']]]);
  });

  it('is for an officer with an open inquiry and for nobody else, whatever is asked for, and a refused one leaves nothing on record', async () => {
    const before = await exportsOnRecord();
    const asked = { inquiry, name: 'minutes', filter: {} };
    const closed = randomUUID();
    await olive.call(openInquiry, { inquiry: closed, reason: 'Closed again.' });
    await olive.call(closeInquiry, { inquiry: closed });
    expect((await alice.refusal(exportFiles, asked)).code).toBe('not-allowed');
    expect((await adam.refusal(exportFiles, asked)).code).toBe('not-allowed');
    expect((await oscar.refusal(exportFiles, asked)).code).toBe('inquiry-not-open');
    expect((await olive.refusal(exportFiles, { ...asked, inquiry: closed })).code).toBe('inquiry-not-open');
    expect((await olive.refusal(exportFiles, { ...asked, inquiry: randomUUID() })).code).toBe('inquiry-not-open');
    for (const words of ['"open', 'from:alice', '((((', 'NEAR(', 'a OR', '*']) expect((await olive.refusal(exportFiles, { inquiry, words, filter: {} })).code, words).toBe('query-unreadable');
    expect((await olive.refusal(exportFiles, { inquiry, filter: { hash: 'x' } })).code).toBe('malformed');
    expect((await olive.refusal(exportFiles, { inquiry, filter: { types: ['x'.repeat(128)] } })).code).toBe('too-large');
    expect((await exportOf({ name: '"; DROP TABLE files; --', filter: { types: ["image/' OR 1=1 --"] } })).count).toBe(0);
    expect(await exportsOnRecord()).toBe(before + 1);
  });

  it('comes once, and to nobody but the officer who made it', async () => {
    const { url } = await exportOf({ name: 'minutes' });
    expect((await oscar.fetch(url)).status).toBe(404);
    expect(await bytesOf(await olive.fetch(url))).not.toHaveLength(0);
    expect((await olive.fetch(url)).status).toBe(404);
  });
});
