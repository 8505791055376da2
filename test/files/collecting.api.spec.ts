import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSharedFiles } from '#appliance/files/shared-files.ts';
import { listMyFiles, shareFile } from '#src/contract/files.ts';
import { refuseInfectedFile } from '#src/files/refuse-infected-file.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, people } from '#test/support/people.ts';
import { aPicture, bytesOf, offsetOf, reads, shares, someBytes, uploads } from '#test/support/shared-files.ts';

const dayMs = 86_400_000;
let appliance: Appliance | undefined;
let now = Date.UTC(2026, 10, 21, 9);
afterEach(async () => {
  await appliance?.close();
  appliance = undefined;
});

const aChat = async (env: Readonly<Record<string, string>> = {}) => {
  appliance = await anAppliance({ clock: () => now, env });
  const { alice, bob } = await people(appliance, 'alice', 'bob');
  return { appliance, alice, bob, chat: await aDirectChat(alice, bob), files: join(appliance.folder, 'files') };
};
const blobsIn = (files: string): string[] => readdirSync(files).filter((name) => name.length === 2).flatMap((prefix) => readdirSync(join(files, prefix)).map((blob) => join(files, prefix, blob)));
/** Files are as old as their disk says; the clock of the appliance is the test's. */
const age = (paths: readonly string[]): void => paths.forEach((path) => utimesSync(path, (now - 2 * dayMs) / 1_000, (now - 2 * dayMs) / 1_000));
const collects = async ({ house }: Appliance): Promise<void> => {
  const shared = await openSharedFiles(house);
  await shared.collect();
  await shared.close();
};

describe('what is left of uploads', () => {
  it('is forgotten after a day, and its room is free again', async () => {
    const { alice, chat, files } = await aChat();
    const fileId = await uploads(alice, someBytes(100_000), { in: chat });
    expect((await alice.call(listMyFiles, {})).quota).toMatchObject({ reserved: 100_000 });
    await collects(appliance!);
    expect(await offsetOf(alice, fileId)).toBe(100_000);
    now += dayMs + 1;
    age([...blobsIn(files), ...readdirSync(join(files, 'uploads')).map((name) => join(files, 'uploads', name))]);
    await collects(appliance!);
    expect(await offsetOf(alice, fileId)).toBeUndefined();
    expect((await alice.call(listMyFiles, {})).quota).toMatchObject({ used: 0, reserved: 0 });
    expect(blobsIn(files)).toEqual([]);
    expect((await alice.refusal(shareFile, { conversationId: chat, fileId, name: 'late.bin' })).code).toBe('upload-incomplete');
  });

  it('is nothing that the record names, and nothing young', async () => {
    const { alice, bob, chat, files } = await aChat();
    const fileId = await shares(alice, aPicture, { in: chat });
    const [shared] = blobsIn(files);
    const orphan = join(files, 'xx', `xx${'x'.repeat(41)}`);
    const { mkdirSync } = await import('node:fs');
    mkdirSync(join(files, 'xx'));
    writeFileSync(orphan, 'left behind');
    utimesSync(orphan, now / 1_000, now / 1_000);
    await collects(appliance!);
    expect(existsSync(orphan)).toBe(true);
    age([shared!, orphan]);
    await collects(appliance!);
    expect(blobsIn(files)).toEqual([shared]);
    expect((await bytesOf(await reads(bob, chat, fileId))).equals(aPicture)).toBe(true);
  });
});

it('leaves nothing of a file with a virus whose refusal was recorded just before the process ended', async () => {
  const { alice, chat, files, appliance: { house } } = await aChat();
  const fileId = await uploads(alice, someBytes(100_000), { in: chat });
  const refused = { account: alice.account, conversationId: chat, fileId, hash: 'hash', name: 'x.bin', signature: 'Eicar', size: 100_000 };
  expect(await house.commandAs({ kind: 'system', id: 'appliance' }, refuseInfectedFile, refused)).not.toHaveProperty('refused');
  expect((await alice.call(listMyFiles, {})).quota).toMatchObject({ reserved: 0 });
  now += dayMs + 1;
  age([...blobsIn(files), ...readdirSync(join(files, 'uploads')).map((name) => join(files, 'uploads', name))]);
  await collects(appliance!);
  expect([blobsIn(files), readdirSync(join(files, 'uploads'))]).toEqual([[], []]);
});

describe('bytes that were damaged', () => {
  it('are said to be, before any of them is given', async () => {
    const { alice, bob, chat, files } = await aChat();
    const fileId = await shares(alice, someBytes(100_000), { in: chat });
    const [blob] = blobsIn(files);
    appliance!.expectFaults();
    truncateSync(blob!, 50_000);
    const short = await reads(bob, chat, fileId);
    expect([short.status, ((await short.json()) as { readonly code: string }).code]).toEqual([409, 'file-damaged']);
    expect(appliance!.house.faults.at(-1)).toContain('missing or damaged');
    unlinkSync(blob!);
    expect(((await (await reads(bob, chat, fileId)).json()) as { readonly code: string }).code).toBe('file-damaged');
  });
});

describe('a full disk', () => {
  it('takes no upload, keeps what has arrived and lets files be read', async () => {
    const { alice, bob, chat } = await aChat();
    const fileId = await shares(alice, aPicture, { in: chat });
    const begun = await uploads(alice, someBytes(1_000), { in: chat });
    await appliance!.restart(undefined, { HANSARD_RESERVE_BYTES: String(2 ** 52) });
    expect((await alice.refusal((await import('#src/contract/files.ts')).reserveUpload, { conversationId: chat, fileId: randomUUID(), name: 'x', size: 1 })).code).toBe('disk-reserve');
    expect(await offsetOf(alice, begun)).toBe(1_000);
    expect((await bytesOf(await reads(bob, chat, fileId))).equals(aPicture)).toBe(true);
  });
});

describe('the folder of files', () => {
  it('of another log starts nothing', async () => {
    const { files } = await aChat();
    await appliance!.stop();
    writeFileSync(join(files, 'hansard-files.json'), JSON.stringify({ log: randomUUID() }));
    await expect(appliance!.restart()).rejects.toThrow('holds the files of another log');
    appliance!.expectFaults();
  });

  it('that is empty although files were shared, and not its own, starts nothing', async () => {
    const { alice, chat } = await aChat();
    await shares(alice, aPicture, { in: chat });
    await expect(appliance!.restart(undefined, { HANSARD_FILES: join(appliance!.folder, 'elsewhere') })).rejects.toThrow('Files were shared in this log already');
  });
});
