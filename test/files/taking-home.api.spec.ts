import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportInquiry, openInquiry, startHistoryDownload } from '#src/contract/archive.ts';
import { withdrawFile } from '#src/contract/files.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { bytesIn, jsonLines } from '#test/support/journey-zip.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { aPicture, bytesOf, shares, someBytes } from '#test/support/shared-files.ts';

let appliance: Appliance;
let [alice, bob, olive] = [] as unknown as [Person, Person, Person];
let chat: string;
const inquiry = randomUUID();
const long = someBytes(3_000_000);
const secret = someBytes(50_000);

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, olive } = await people(appliance, 'alice', 'bob', 'olive'));
  chat = await aDirectChat(alice, bob);
  await alice.says('here they are', { in: chat });
  await shares(alice, long, { in: chat, name: 'long recording.OGG' });
  await shares(bob, aPicture, { in: chat, name: '=cmd|evil!A1.png' });
  await shares(alice, Buffer.alloc(0), { in: chat, name: 'empty' });
  const fileId = await shares(alice, secret, { in: chat, name: 'withdrawn.pdf' });
  await alice.call(withdrawFile, { conversationId: chat, fileId });
  await olive.call(openInquiry, { inquiry, reason: 'All of it.' });
});
afterAll(() => appliance.close());

const zipOf = async (person: Person, url: string): Promise<ReadonlyMap<string, Buffer>> => bytesIn(await bytesOf(await person.fetch(url)));
const historyOf = async (): Promise<ReadonlyMap<string, Buffer>> => zipOf(bob, (await bob.call(startHistoryDownload, { conversationId: chat })).url);
const exportOf = async (): Promise<ReadonlyMap<string, Buffer>> => zipOf(olive, (await olive.call(exportInquiry, { inquiry, query: '', filter: {} })).url);
const rowsOf = (table: Buffer | undefined): string[][] => table!.toString().trim().split('\r\n').map((row) => row.slice(1, -1).split('","'));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('a history', () => {
  it('takes the files along, byte by byte, but what was withdrawn', async () => {
    const zip = await historyOf();
    expect([...zip.keys()]).toEqual(['transcript.txt', 'events.jsonl', 'files/000000002.ogg', 'files/000000003.png', 'files/000000004.bin', 'files.csv']);
    expect(zip.get('files/000000002.ogg')!.equals(long)).toBe(true);
    expect(zip.get('files/000000003.png')!.equals(aPicture)).toBe(true);
    expect(zip.get('files/000000004.bin')).toHaveLength(0);
    const [head, first, second] = rowsOf(zip.get('files.csv'));
    expect(head).toEqual(['entry', 'name', 'type', 'bytes', 'sha256', 'shared at', 'shared by', 'withdrawn', 'state']);
    expect(first).toMatchObject({ 0: 'files/000000002.ogg', 1: 'long recording.OGG', 3: '3000000', 4: sha256(long), 6: 'Alice Abara', 8: 'complete' });
    expect(second![1]).toBe("'=cmd|evil!A1.png");
    const text = zip.get('transcript.txt')!.toString();
    expect(text).toContain('#2 Alice Abara: shared long recording.OGG (3000000 bytes, files/000000002.ogg)');
    expect(text).toContain('#5 Alice Abara: [file withdrawn ');
    expect(text).not.toContain('withdrawn.pdf');
    expect([...zip.values()].some((bytes) => bytes.includes(secret))).toBe(false);
  });
});

describe('an export', () => {
  it('takes the files along, withdrawn ones too, and no key of any', async () => {
    const zip = await exportOf();
    const rows = rowsOf(zip.get('files.csv'));
    const [withdrawn] = rows.filter((row) => row[1] === 'withdrawn.pdf');
    expect(withdrawn).toMatchObject({ 4: sha256(secret), 7: 'yes', 8: 'complete' });
    expect(zip.get(withdrawn![0]!)!.equals(secret)).toBe(true);
    const manifest = JSON.parse(zip.get('manifest.json')!.toString()) as { readonly state: string; readonly files: readonly { readonly name: string; readonly sha256: string }[]; readonly sharedFilesMissing: readonly unknown[] };
    expect([manifest.state, manifest.sharedFilesMissing]).toEqual(['complete', []]);
    expect(manifest.files.find(({ name }) => name === 'files.csv')?.sha256).toBe(sha256(zip.get('files.csv')!));
    const lines = jsonLines(zip.get('events.jsonl')!.toString()).filter(({ type }) => type === 'FileShared');
    expect(lines).toHaveLength(4);
    for (const { content } of lines) expect(Object.keys((content as { readonly file: object }).file)).toEqual(['name', 'sha256']);
  });

  it('of a search for files takes those along that it found, and the table names no other', async () => {
    const { url } = await olive.call(exportInquiry, { inquiry, query: 'withdrawn', filter: { kinds: ['file'], people: [alice.account] } });
    const zip = await zipOf(olive, url);
    const [, ...rows] = rowsOf(zip.get('files.csv'));
    expect(rows.map((row) => [row[1], row[4], row[8]])).toEqual([['withdrawn.pdf', sha256(secret), 'complete']]);
    expect([...zip.keys()].filter((name) => name.startsWith('files/'))).toEqual([rows[0]![0]]);
    expect(zip.get(rows[0]![0]!)!.equals(secret)).toBe(true);
  });

  it('that lacks a file, or has one that was damaged, says so and which', async () => {
    const folder = join(appliance.folder, 'files');
    const blobs = readdirSync(folder).filter((name) => name.length === 2).flatMap((prefix) => readdirSync(join(folder, prefix)).map((blob) => join(folder, prefix, blob)));
    const sizeOf = (path: string): number => readFileSync(path).length;
    const [big] = blobs.filter((path) => sizeOf(path) > 1_000_000);
    const [small] = blobs.filter((path) => sizeOf(path) > 40_000 && sizeOf(path) < 100_000);
    const whole = readFileSync(big!);
    unlinkSync(small!);
    truncateSync(big!, 2_500_000);
    const zip = await exportOf();
    const state = (name: string): string | undefined => rowsOf(zip.get('files.csv')).find((row) => row[1] === name)?.[8];
    expect([state('withdrawn.pdf'), state('long recording.OGG'), state('empty')]).toEqual(['missing', 'damaged', 'complete']);
    const manifest = JSON.parse(zip.get('manifest.json')!.toString()) as { readonly state: string; readonly sharedFilesMissing: readonly { readonly name: string; readonly state: string }[] };
    expect(manifest.state).toBe('complete with gaps');
    expect(manifest.sharedFilesMissing.map(({ name, state: why }) => [name, why])).toEqual([['long recording.OGG', 'damaged'], ['withdrawn.pdf', 'missing']]);
    const history = await historyOf();
    expect(history.get('gaps.txt')!.toString()).toMatch(/^Complete with gaps\. Everything is here but one file:[^]*long recording\.OGG  damaged/);
    const flipped = Buffer.from(whole);
    flipped[2_000_000]! ^= 1;
    writeFileSync(big!, flipped);
    expect(rowsOf((await exportOf()).get('files.csv')).find((row) => row[1] === 'long recording.OGG')?.[8]).toBe('damaged');
  });
});
