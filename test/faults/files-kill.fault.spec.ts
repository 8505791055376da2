import { fork, type ChildProcess } from 'node:child_process';
import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { readConfig } from '#appliance/config.ts';
import { folderStore } from '#appliance/files/folder-store.ts';
import { openSharedFiles } from '#appliance/files/shared-files.ts';
import { openHouse, type House } from '#appliance/house/house.ts';
import { openPage } from '#appliance/house/sealer.ts';
import type { Opened } from '#src/every-event.ts';
import { openRange, sealedSizeOf } from '#src/files/sealed-bytes.ts';
import { reserveUpload } from '#src/files/reserve-upload.ts';
import { shareFile } from '#src/files/share-file.ts';
import { streams } from '#src/kernel/streams.ts';
import { gaps, group, sharer, type Gap, type ToldBySharing } from '#test/support/file-sharing.ts';

type Told = Extract<ToldBySharing, { readonly fileId: string }>;

/** Runs until it is dead, or until it told `shared` files and is killed. What it told last may be on its way. */
const sharing = async (folder: string, gap: Gap, mode: 'sound' | 'event-first', killAfter = Number.POSITIVE_INFINITY): Promise<readonly Told[]> => {
  const child: ChildProcess = fork(new URL('../support/file-sharing-process.ts', import.meta.url), [folder, gap, '2', mode], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const told: Told[] = [];
  createInterface(child.stdout!).on('line', (line) => {
    const one = JSON.parse(line) as ToldBySharing;
    if (one.kind !== 'ready') told.push(one);
    if (one.kind === 'shared' && told.filter(({ kind }) => kind === 'shared').length >= killAfter) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => child.once('close', (_code, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  return told;
};

const onHouse = async <T>(folder: string, work: (house: House) => Promise<T>): Promise<T> => {
  const house = await openHouse(readConfig({ HANSARD_DATA: folder, HANSARD_PORT: '0', HANSARD_RESERVE_BYTES: '0' }));
  try {
    return await work(house);
  } finally {
    await house.close();
  }
};

/** What is wrong: a file in the record whose bytes are not all there as they were shared, or one that was acknowledged and is not in the record. */
const complaintsOf = async (house: House, folder: string, told: readonly Told[]): Promise<readonly string[]> => {
  const store = folderStore(join(folder, 'files'));
  const complaints: string[] = [];
  const found = new Map<string, string>();
  for await (const page of house.log.readStream(streams.conversation(group))) {
    for (const event of (await openPage(page, house.logId, house.keyring)) as readonly Opened[]) {
      if (event.type !== 'FileShared') continue;
      const { blob, fileId, size } = event.data;
      const sealed = await store.read(blob, 0, sealedSizeOf(size)).catch(() => undefined);
      const plain = sealed && openRange(createSecretKey(event.content.file!.key, 'base64url'), size, 0, size, sealed);
      const hash = plain && createHash('sha256').update(plain).digest('base64url');
      if (hash !== event.content.file!.hash) complaints.push(`without its bytes: ${fileId}`);
      if (found.has(fileId)) complaints.push(`twice: ${fileId}`);
      found.set(fileId, hash ?? '');
    }
  }
  for (const { kind, fileId, hash } of told) if (kind === 'shared' && found.get(fileId) !== hash) complaints.push(`lost: ${fileId}`);
  return complaints;
};

/** The client comes back with the file that was under way, as far as the appliance knows it. */
const comesBack = (house: House, { fileId, size }: Told): Promise<string> =>
  openSharedFiles(house).then(async (shared) => {
    const stored = await shared.files!.stored(sharer, fileId);
    const result = await house.commandAs({ kind: 'account', id: sharer }, shareFile, { conversationId: group, fileId, name: 'x.bin', stored });
    const known = await shared.files!.offset(sharer, fileId);
    await shared.collect();
    await shared.close();
    if ('refused' in result) return result.code === 'upload-incomplete' ? `${known?.offset === size ? 'stuck' : 'asked for the rest'}` : result.code;
    return 'shared';
  });

const ends: Partial<Record<Gap, string>> = { reserved: 'asked for the rest', recorded: 'nothing-to-record', forgotten: 'nothing-to-record' };

/** From the beginning, with the same id: the answer to the reservation never came. */
const sendsAgain = async (house: House, { fileId, size }: Told): Promise<string> => {
  const actor = { kind: 'account', id: sharer } as const;
  const shared = await openSharedFiles(house);
  try {
    const { value: membership } = await house.views.ask('desk.membership', { account: sharer, conversationId: group }, house.hub.position);
    const reserved = await house.commandAs(actor, reserveUpload, { conversationId: group, fileId, name: 'x.bin', size, membership: membership ?? undefined });
    if (!('refused' in reserved) || reserved.code !== 'nothing-to-record') return 'the reservation is gone';
    const files = shared.files!;
    await files.begin(sharer, fileId, size);
    await files.append(sharer, fileId, 0, new Blob([randomBytes(size)]).stream());
    const stored = await files.stored(sharer, fileId);
    const result = await house.commandAs(actor, shareFile, { conversationId: group, fileId, name: 'x.bin', stored });
    await files.forget(sharer, fileId);
    await shared.collect();
    return 'refused' in result ? result.code : 'shared';
  } finally {
    await shared.close();
  }
};

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'hansard-files-'));
  await work(folder).finally(() => rm(folder, { recursive: true, force: true }));
};

// A kill keeps what the system has in memory; that flushes come before names is seen in the code, not here.
describe('a process killed between the bytes of a file and its event', () => {
  for (const gap of gaps) {
    it(`leaves no file in the record without its bytes, and goes on (${gap})`, () => inFolder(async (folder) => {
      const told = await sharing(folder, gap, 'sound');
      await onHouse(folder, async (house) => {
        expect(await complaintsOf(house, folder, told)).toEqual([]);
        const last = told.at(-1)!;
        expect(await comesBack(house, last)).toBe(ends[gap] ?? 'shared');
        // Of what was only reserved no byte has come: the client reserves again, and sends it.
        if (gap === 'reserved') expect(await sendsAgain(house, last)).toBe('shared');
        expect(await complaintsOf(house, folder, gap === 'reserved' ? told : [...told, { ...last, kind: 'shared' }])).toEqual([]);
        const { value } = await house.views.ask('files.mine', { account: sharer, name: '', limit: 1 }, house.hub.position);
        expect(value.reserved).toBe(0);
      });
    }));
  }

  it('at any moment, many times over', () => inFolder(async (folder) => {
    const told: Told[] = [];
    for (let round = 0; round < 5; round += 1) told.push(...(await sharing(folder, 'none', 'sound', 3 + round * 4)));
    await onHouse(folder, async (house) => expect(await complaintsOf(house, folder, told)).toEqual([]));
    expect(told.filter(({ kind }) => kind === 'shared').length).toBeGreaterThan(50);
  }));

  it('is caught when the event comes first', () => inFolder(async (folder) => {
    const told = await sharing(folder, 'recorded', 'event-first');
    await onHouse(folder, async (house) => expect(await complaintsOf(house, folder, told)).toContainEqual(expect.stringMatching(/^without its bytes: /)));
  }));
});
