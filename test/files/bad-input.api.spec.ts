import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearSetting, putSetting } from '#src/contract/administration.ts';
import { cancelUpload, listMyFiles, reserveUpload, shareFile, uploadUrl } from '#src/contract/files.ts';
import { chunkBytes } from '#src/files/sealed-bytes.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, people, Person } from '#test/support/people.ts';
import { aPicture, bytesOf, offsetOf, reads, sendsPart, shares, someBytes, uploads } from '#test/support/shared-files.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let [alice, bob, adam] = [] as unknown as [Person, Person, Person];
let chat: string;

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, adam } = await people(appliance, 'alice', 'bob'));
  chat = await aDirectChat(alice, bob);
});
afterAll(() => appliance.close());

const underWay = (): string[] => readdirSync(join(appliance.folder, 'files', 'uploads'));
const sharings = async (fileId: string): Promise<number> => (await appliance.recorded(`conversation-${chat}`)).filter(({ type, data }) => type === 'FileShared' && data.includes(fileId)).length;
const reserved = async (): Promise<number> => (await alice.call(listMyFiles, {})).quota.reserved;

describe('a name that is none', () => {
  it.each([
    ['a path', '../../etc/passwd'], ['a path of Windows', 'C:\\temp\\x.txt'], ['the folder itself', '.'], ['a zero', 'report\u0000.pdf'], ['an end of line', 'report\n.pdf'],
    ['an override of the direction of writing', 'photo\u202egpj.exe'], ['10,000 characters', 'x'.repeat(10_000)], ['half a character', 'x\ud800.txt'], ['nothing', ''],
  ])('is refused before a byte flows, and takes no room: %s', async (_what, name) => {
    const fileId = randomUUID();
    const { status, code } = await alice.refusal(reserveUpload, { conversationId: chat, fileId, name, size: 10 });
    expect([[400, 'malformed'], [413, 'too-large']]).toContainEqual([status, code]);
    expect((await sendsPart(alice, fileId, 0, someBytes(10))).status).toBe(404);
    expect([await reserved(), underWay()]).toEqual([0, []]);
  });

  it('is refused too where the bytes came under another', async () => {
    const fileId = await uploads(alice, someBytes(10), { in: chat, name: 'fine.txt' });
    expect((await alice.refusal(shareFile, { conversationId: chat, fileId, name: '../fine.txt' })).code).toBe('malformed');
    expect(await sharings(fileId)).toBe(0);
    await alice.call(cancelUpload, { fileId });
    expect([await reserved(), underWay()]).toEqual([0, []]);
  });
});

describe('a type that nobody may share', () => {
  it('is refused by its name before a byte flows, with what is forbidden', async () => {
    await adam.call(putSetting, { name: 'files.forbiddenTypes', value: 'exe, image/' });
    const { code, sentence } = await alice.refusal(reserveUpload, { conversationId: chat, fileId: randomUUID(), name: 'Setup.EXE', size: 10 });
    expect([code, sentence]).toEqual(['file-type-forbidden', 'Files of the type exe are not shared here (nor any of: exe, image/). Nothing was shared.']);
    expect([await reserved(), underWay()]).toEqual([0, []]);
  });

  it('is refused by its bytes after, whatever its name', async () => {
    for (const [name, bytes] of [['holiday.txt', aPicture], ['holiday.txt', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500)])]] as const) {
      const fileId = await uploads(alice, bytes, { in: chat, name });
      expect((await alice.refusal(shareFile, { conversationId: chat, fileId, name })).code).toBe('file-type-forbidden');
      expect(await sharings(fileId)).toBe(0);
      await alice.call(cancelUpload, { fileId });
    }
    expect(await reserved()).toBe(0);
  });

  it('is refused by the name it is shared under', async () => {
    const fileId = await uploads(alice, someBytes(10), { in: chat, name: 'fine.txt' });
    expect((await alice.refusal(shareFile, { conversationId: chat, fileId, name: 'setup.exe' })).code).toBe('file-type-forbidden');
    await alice.call(shareFile, { conversationId: chat, fileId, name: 'fine.txt' });
    expect(await sharings(fileId)).toBe(1);
  });

  it('is shared where nothing is forbidden', async () => {
    await adam.call(clearSetting, { name: 'files.forbiddenTypes' });
    expect((await bytesOf(await reads(bob, chat, await shares(alice, aPicture, { in: chat, name: 'setup.exe' })))).equals(aPicture)).toBe(true);
  });
});

describe('parts that do not fit', () => {
  const bytes = someBytes(300_000);
  const begun = async (): Promise<string> => {
    const fileId = randomUUID();
    await alice.call(reserveUpload, { conversationId: chat, fileId, name: 'x.bin', size: bytes.length });
    return fileId;
  };
  const sharesWhole = async (fileId: string): Promise<void> => {
    await eventually('the rest is taken', async () => {
      // Who was answered before the end of what they sent has that line closed.
      const offset = await offsetOf(alice, fileId).catch(() => undefined);
      return offset !== undefined && (await sendsPart(alice, fileId, offset, bytes.subarray(offset)).catch(() => undefined))?.status === 204;
    });
    await alice.call(shareFile, { conversationId: chat, fileId, name: 'x.bin' });
    expect((await bytesOf(await reads(bob, chat, fileId))).equals(bytes)).toBe(true);
  };

  it.each(['-1', 'abc', '1e3', '0x10', '1.5', '', '9'.repeat(16)])('are refused for an offset that is none: %j', async (offset) => {
    const fileId = await begun();
    const response = await alice.fetch(uploadUrl(fileId), { method: 'PATCH', body: bytes.subarray(0, 10) as BodyInit, headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': offset } });
    expect([response.status, ((await response.json()) as { readonly code: string }).code]).toEqual([400, 'unlike-tus']);
    expect(await offsetOf(alice, fileId)).toBe(0);
    await alice.call(cancelUpload, { fileId });
  });

  it('are refused for a wrong offset: behind, ahead and beyond the end', async () => {
    const fileId = await begun();
    expect((await sendsPart(alice, fileId, 0, bytes.subarray(0, 2 * chunkBytes))).status).toBe(204);
    for (const offset of [0, chunkBytes, 2 * chunkBytes + 1, bytes.length, bytes.length + 1]) expect((await sendsPart(alice, fileId, offset, bytes.subarray(0, 10))).status).toBe(409);
    expect(await offsetOf(alice, fileId)).toBe(2 * chunkBytes);
    await sharesWhole(fileId);
  });

  it('are refused beyond the end, and an upload that is whole stays as it is', async () => {
    const fileId = await begun();
    expect((await sendsPart(alice, fileId, 0, Buffer.concat([bytes, someBytes(1)]))).status).toBe(413);
    await sharesWhole(fileId);
    const whole = await uploads(alice, bytes, { in: chat });
    for (const extra of [someBytes(1), someBytes(100_000)]) expect((await sendsPart(alice, whole, bytes.length, extra)).status).toBeLessThan(500);
    await alice.call(shareFile, { conversationId: chat, fileId: whole, name: 'x.bin' });
    expect((await bytesOf(await reads(bob, chat, whole))).equals(bytes)).toBe(true);
  });

  it('sent two and five at once end as one file', async () => {
    for (const times of [2, 5]) {
      const fileId = await begun();
      const statuses = (await Promise.all(Array.from({ length: times }, () => sendsPart(alice, fileId, 0, bytes).catch(() => undefined)))).map((response) => response?.status);
      // Who came later ended who was before; nobody's bytes are mixed.
      expect(statuses.filter((status) => status !== 204 && status !== 409 && status !== undefined)).toEqual([]);
      await sharesWhole(fileId);
    }
  });
});

describe('the same again', () => {
  it('sent at once as two files is two files', async () => {
    const bytes = someBytes(400_000);
    const ids = await Promise.all(Array.from({ length: 4 }, () => shares(alice, bytes, { in: chat })));
    for (const fileId of ids) expect((await bytesOf(await reads(bob, chat, fileId))).equals(bytes)).toBe(true);
    expect(underWay()).toEqual([]);
  });

  it('shared many times at once is one file', async () => {
    const fileId = await uploads(alice, aPicture, { in: chat });
    const answers = await Promise.all(Array.from({ length: 5 }, () => alice.answer(shareFile, { conversationId: chat, fileId, name: 'report.bin' })));
    expect(answers.filter((answer) => 'refused' in answer)).toEqual([]);
    expect(await sharings(fileId)).toBe(1);
  });

  it('goes on in another session of the same person, and in nobody else\'s', async () => {
    const bytes = someBytes(500_000);
    const fileId = randomUUID();
    await alice.call(reserveUpload, { conversationId: chat, fileId, name: 'moved.bin', size: bytes.length });
    await sendsPart(alice, fileId, 0, bytes.subarray(0, 3 * chunkBytes));
    const atHome = new Person(appliance, 'alice');
    await atHome.signsIn();
    expect(await offsetOf(bob, fileId)).toBeUndefined();
    const offset = (await offsetOf(atHome, fileId))!;
    expect(offset).toBe(3 * chunkBytes);
    expect((await sendsPart(atHome, fileId, offset, bytes.subarray(offset))).status).toBe(204);
    await alice.call(shareFile, { conversationId: chat, fileId, name: 'moved.bin' });
    expect((await bytesOf(await reads(bob, chat, fileId))).equals(bytes)).toBe(true);
  });
});

it('leaves nothing half there', async () => {
  expect(await reserved()).toBe(0);
  expect(underWay()).toEqual([]);
});
