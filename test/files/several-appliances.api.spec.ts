import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readMe } from '#src/contract/accounts.ts';
import { reserveUpload, shareFile } from '#src/contract/files.ts';
import { chunkBytes } from '#src/files/sealed-bytes.ts';
import { at, severalAppliances, type NodesOptions } from '#test/support/nodes.ts';
import { aDirectChat, isIn, people } from '#test/support/people.ts';
import { bytesOf, offsetOf, reads, sendsPart, someBytes } from '#test/support/shared-files.ts';
import { eventually } from '#test/support/waiting.ts';

const aCompany = async (options: NodesOptions) => {
  const nodes = await severalAppliances(options);
  onTestFinished(() => nodes.close());
  const [one, two] = nodes.appliances;
  const { alice, bob } = await people(one!, 'alice', 'bob');
  const there = two && at(two, alice);
  if (there) await eventually('alice is signed in on the other too', async () => !('refused' in (await there.answer(readMe, {}))) || undefined);
  return { one: one!, two, alice, there, bob: two ? at(two, bob) : bob, chat: await aDirectChat(alice, bob) };
};

describe('several appliances on one folder of files', () => {
  it('take an upload in turns, and each gives what the other took', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hansard-shared-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { alice, there, bob, chat } = await aCompany({ env: { HANSARD_FILES: folder } });
    await isIn(bob, chat);
    const bytes = someBytes(7 * chunkBytes + 5);
    const fileId = randomUUID();
    await alice.call(reserveUpload, { conversationId: chat, fileId, name: 'turns.bin', size: bytes.length });
    const part = (from: number, to: number): Buffer => bytes.subarray(from * chunkBytes, to * chunkBytes);
    expect((await sendsPart(alice, fileId, 0, part(0, 2))).status).toBe(204);
    expect(await offsetOf(there!, fileId)).toBe(2 * chunkBytes);
    expect((await sendsPart(there!, fileId, 2 * chunkBytes, part(2, 5))).status).toBe(204);
    // The first still has the file open, as it was before the other went on.
    expect(await offsetOf(alice, fileId)).toBe(5 * chunkBytes);
    expect((await sendsPart(alice, fileId, 5 * chunkBytes, bytes.subarray(5 * chunkBytes))).headers.get('upload-offset')).toBe(String(bytes.length));
    await there!.call(shareFile, { conversationId: chat, fileId, name: 'turns.bin' });
    await eventually('bob reads it', async () => (await bytesOf(await reads(bob, chat, fileId))).equals(bytes) || undefined);
  });

  it('that were not told where it is take no files, and say why', async () => {
    const { alice, chat } = await aCompany({ count: 1 });
    const refused = await alice.refusal(reserveUpload, { conversationId: chat, fileId: randomUUID(), name: 'x', size: 1 });
    expect([refused.code, refused.sentence.includes('HANSARD_FILES')]).toEqual(['files-not-set-up', true]);
  });
});
