import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theAppliance } from '#appliance/house/the-appliance.ts';
import { cancelUpload, listMyFiles, reserveUpload, shareFile } from '#src/contract/files.ts';
import { releaseQuota } from '#src/files/release-quota.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { bytesOf, offsetOf, reads, sendsPart, shares, someBytes, uploads } from '#test/support/shared-files.ts';

let appliance: Appliance;
let [alice, bob] = [] as unknown as Person[] as [Person, Person];
let chat: string;

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob } = await people(appliance, 'alice', 'bob'));
  chat = await aDirectChat(alice, bob);
});
afterAll(() => appliance.close());

const bytes = someBytes(100_000);
const quotaNow = async () => {
  const { used, reserved } = (await alice.call(listMyFiles, {})).quota;
  return { used, reserved };
};
const blobs = (): string[] => {
  const files = join(appliance.folder, 'files');
  return readdirSync(files).filter((name) => name.length === 2).flatMap((prefix) => readdirSync(join(files, prefix)));
};

describe('the room that a file takes', () => {
  it('is not had twice for one reservation, by asking for it again once it was given back', async () => {
    const before = await quotaNow();
    const again = { commandId: randomUUID() };
    const aFile = { conversationId: chat, fileId: randomUUID(), name: 'free.bin' };
    await alice.call(reserveUpload, { ...aFile, size: bytes.length }, again);
    await alice.call(cancelUpload, { fileId: aFile.fileId });
    expect((await alice.refusal(reserveUpload, { ...aFile, size: bytes.length }, again)).code).toBe('file-id-taken');
    expect([await offsetOf(alice, aFile.fileId), (await sendsPart(alice, aFile.fileId, 0, bytes)).status]).toEqual([undefined, 404]);
    expect((await alice.refusal(shareFile, aFile)).code).toBe('upload-incomplete');
    expect(await quotaNow()).toEqual(before);
  });

  it('is reserved once, however often the answer is lost', async () => {
    const before = await quotaNow();
    const again = { commandId: randomUUID() };
    const aFile = { conversationId: chat, fileId: randomUUID(), name: 'twice.bin' };
    for (let n = 0; n < 3; n += 1) await alice.call(reserveUpload, { ...aFile, size: bytes.length }, again);
    expect((await alice.call(reserveUpload, { ...aFile, size: bytes.length })).revision).toBe(-1);
    expect(await quotaNow()).toEqual({ ...before, reserved: before.reserved + bytes.length });
    await alice.call(cancelUpload, { fileId: aFile.fileId });
    expect(await quotaNow()).toEqual(before);
  });

  it('is asked for before a file that was shared goes up a second time', async () => {
    const again = { commandId: randomUUID() };
    const aFile = { conversationId: chat, fileId: randomUUID(), name: 'there.bin' };
    await alice.call(reserveUpload, { ...aFile, size: bytes.length }, again);
    await sendsPart(alice, aFile.fileId, 0, bytes);
    await alice.call(shareFile, aFile);
    expect((await alice.refusal(reserveUpload, { ...aFile, size: bytes.length }, again)).code).toBe('file-id-taken');
    expect(await offsetOf(alice, aFile.fileId)).toBeUndefined();
  });

  it('is there before its file is shared: bytes without it are not enough', async () => {
    const fileId = await uploads(alice, bytes, { in: chat });
    await appliance.house.commandAs(theAppliance, releaseQuota, { account: alice.account, fileId });
    expect((await alice.refusal(shareFile, { conversationId: chat, fileId, name: 'report.bin' })).code).toBe('upload-incomplete');
  });
});

describe('an upload that is given up', () => {
  it('leaves nothing in the store either, where all of it had arrived', async () => {
    const before = blobs();
    const fileId = await uploads(alice, bytes, { in: chat });
    expect(blobs()).toHaveLength(before.length + 1);
    await alice.call(cancelUpload, { fileId });
    expect(blobs()).toEqual(before);
  });

  it('after it was shared takes nothing away', async () => {
    const before = await quotaNow();
    const fileId = await shares(alice, bytes, { in: chat });
    await alice.call(cancelUpload, { fileId });
    expect((await bytesOf(await reads(bob, chat, fileId))).equals(bytes)).toBe(true);
    expect(await quotaNow()).toEqual({ ...before, used: before.used + bytes.length });
  });

  it('and shared at once is one or the other, and counts as what it is', async () => {
    const before = await quotaNow();
    let shared = 0;
    for (let n = 0; n < 20; n += 1) {
      const fileId = await uploads(alice, bytes, { in: chat });
      const share = () => alice.answer(shareFile, { conversationId: chat, fileId, name: 'both.bin' });
      const cancel = () => alice.answer(cancelUpload, { fileId });
      const answers = await Promise.all(n % 2 === 0 ? [share(), cancel()] : [cancel(), share()]);
      const isShared = !('refused' in answers[n % 2]!);
      if (isShared) shared += 1;
      const response = await reads(bob, chat, fileId);
      expect(isShared ? (await bytesOf(response)).equals(bytes) : response.status).toBe(isShared ? true : 404);
    }
    expect(await quotaNow()).toEqual({ ...before, used: before.used + shared * bytes.length });
  });
});
