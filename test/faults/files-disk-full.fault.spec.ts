import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { reserveUpload, shareFile } from '#src/contract/files.ts';
import { chunkBytes } from '#src/files/sealed-bytes.ts';
import { anAppliance } from '#test/support/appliance.ts';
import { aSmallDisk } from '#test/support/log-small-disk.ts';
import { aDirectChat, people } from '#test/support/people.ts';
import { aPicture, bytesOf, offsetOf, reads, sendsPart, shares, someBytes } from '#test/support/shared-files.ts';

/** Only root can mount a disk. */
const diskIt = it.skipIf(process.getuid?.() !== 0);

diskIt('keeps what arrived before the disk was full, records nothing of it, and goes on when there is room', { timeout: 60_000 }, async () => {
  const disk = await aSmallDisk(12);
  onTestFinished(disk.remove);
  const appliance = await anAppliance({ env: { HANSARD_FILES: disk.folder } });
  onTestFinished(() => appliance.close());
  const { alice, bob } = await people(appliance, 'alice', 'bob');
  const chat = await aDirectChat(alice, bob);
  const before = await shares(alice, aPicture, { in: chat });
  const bytes = someBytes(20_000_000);
  const fileId = randomUUID();
  await alice.call(reserveUpload, { conversationId: chat, fileId, name: 'long.bin', size: bytes.length });
  const full = await sendsPart(alice, fileId, 0, bytes);
  expect([full.status, ((await full.json()) as { readonly code: string }).code]).toEqual([507, 'disk-reserve']);
  const offset = (await offsetOf(alice, fileId))!;
  expect([offset > 0, offset % chunkBytes]).toEqual([true, 0]);
  expect((await alice.refusal(shareFile, { conversationId: chat, fileId, name: 'long.bin' })).code).toBe('upload-incomplete');
  await alice.says('talk goes on', { in: chat });
  expect((await bytesOf(await reads(bob, chat, before))).equals(aPicture)).toBe(true);
  disk.growTo(64);
  expect((await sendsPart(alice, fileId, offset, bytes.subarray(offset))).status).toBe(204);
  await alice.call(shareFile, { conversationId: chat, fileId, name: 'long.bin' });
  expect((await bytesOf(await reads(bob, chat, fileId))).equals(bytes)).toBe(true);
  expect(readdirSync(join(disk.folder, 'uploads'))).toEqual([]);
});
