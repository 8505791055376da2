import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { markName } from '#appliance/files/blob-store.ts';
import { readMe } from '#src/contract/accounts.ts';
import { reserveUpload, shareFile } from '#src/contract/files.ts';
import { chunkBytes } from '#src/files/sealed-bytes.ts';
import { streams } from '#src/kernel/streams.ts';
import { anAppliance } from '#test/support/appliance.ts';
import { at, severalAppliances, type NodesOptions } from '#test/support/nodes.ts';
import { aDirectChat, isIn, people } from '#test/support/people.ts';
import { bytesOf, offsetOf, reads, sendsPart, shares, someBytes } from '#test/support/shared-files.ts';
import { anS3Server, s3Credentials } from '#test/support/s3-server.ts';
import { eventually } from '#test/support/waiting.ts';

const aCompany = async (options: NodesOptions) => {
  const nodes = await severalAppliances(options);
  onTestFinished(() => nodes.close());
  const [one, two] = nodes.appliances;
  const { alice, bob } = await people(one!, 'alice', 'bob');
  const there = two && at(two, alice);
  if (there) await eventually('alice is signed in on the other too', async () => !('refused' in (await there.answer(readMe, {}))) || undefined);
  return { nodes, one: one!, two, alice, there, bob: two ? at(two, bob) : bob, chat: await aDirectChat(alice, bob) };
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
});

const sentence = (starting: Promise<unknown>): Promise<string> => starting.then(() => 'started', (cause: Error) => cause.message);

describe('of several appliances on one log', () => {
  it('none starts that was not told where the files are', async () => {
    const nodes = await severalAppliances({ count: 1 });
    onTestFinished(() => nodes.close());
    const said = await sentence(anAppliance({ env: nodes.env }));
    expect(said).toContain('Nothing was started.');
    expect(said).toContain('HANSARD_FILES does not say where all of them keep what people share');
  });

  it('one that finds another store than the first does not start, be it empty, unmarked or of this log too', async () => {
    const nodes = await severalAppliances({ count: 1 });
    onTestFinished(() => nodes.close());
    const other = await mkdtemp(join(tmpdir(), 'hansard-other-'));
    onTestFinished(() => rm(other, { recursive: true, force: true }));
    const env = { ...nodes.env, HANSARD_FILES: other };
    expect(await sentence(anAppliance({ env }))).toContain(`${other} is not. Set HANSARD_FILES to what the other appliances of this log have`);
    expect(await readdir(other)).toEqual([]);
    const { logId } = nodes.appliances[0]!.house;
    await writeFile(join(other, markName), JSON.stringify({ log: logId, store: randomUUID() }));
    expect(await sentence(anAppliance({ env }))).toContain('carries another mark than the record names');
    await writeFile(join(other, markName), JSON.stringify({ log: randomUUID(), store: randomUUID() }));
    expect(await sentence(anAppliance({ env }))).toContain('holds the files of another log');
    expect((await nodes.appliances[0]!.recorded(streams.custody)).filter(({ type }) => type === 'FilesStoreAnnounced')).toHaveLength(1);
  });

  it('one starts of two that come at once with a folder each, and its store is on record', async () => {
    const nodes = await severalAppliances({ count: 0 });
    onTestFinished(() => nodes.close());
    const folders = await Promise.all(['one', 'other'].map((which) => mkdtemp(join(tmpdir(), `hansard-${which}-`))));
    const came = await Promise.allSettled(folders.map((folder) => anAppliance({ env: { ...nodes.env, HANSARD_FILES: folder } })));
    const [started] = came.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    onTestFinished(async () => {
      await started?.close();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    });
    expect(came.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(String((came.find(({ status }) => status === 'rejected') as PromiseRejectedResult).reason)).toMatch(/carries another mark than the record names|is marked, and .* is not/);
    const mark = JSON.parse(await readFile(join(folders[came.findIndex(({ status }) => status === 'fulfilled')]!, markName), 'utf8')) as { readonly store: string };
    const named = (await started!.recorded(streams.custody)).filter(({ type }) => type === 'FilesStoreAnnounced');
    expect(named.map(({ data }) => (JSON.parse(data) as { readonly store: string }).store)).toEqual([mark.store]);
  });
});

describe('several appliances on one bucket', () => {
  const aBucket = async () => {
    const s3 = await anS3Server();
    onTestFinished(() => s3.close());
    return { s3, env: { HANSARD_FILES: s3.address('company/files'), HANSARD_FILES_CREDENTIALS: s3Credentials } };
  };

  it('give what the other took', async () => {
    const { s3, env } = await aBucket();
    const { alice, bob, chat } = await aCompany({ env });
    await isIn(bob, chat);
    const bytes = someBytes(9_000_000);
    const fileId = await shares(alice, bytes, { in: chat });
    await eventually('bob reads it', async () => (await bytesOf(await reads(bob, chat, fileId))).equals(bytes) || undefined);
    const part = await reads(bob, chat, fileId, { Range: 'bytes=100000-8500000' });
    expect([part.status, (await bytesOf(part)).equals(bytes.subarray(100_000, 8_500_001))]).toEqual([206, true]);
    expect(s3.openUploads()).toEqual([]);
  });

  it('do not start on another bucket, or on none', async () => {
    const { s3, env } = await aBucket();
    const nodes = await severalAppliances({ count: 1, env });
    onTestFinished(() => nodes.close());
    const other = { ...nodes.env, ...env, HANSARD_FILES: s3.address('company/other') };
    expect(await sentence(anAppliance({ env: other }))).toMatch(/is marked, and .*company\/other\/.* is not/);
    expect(await sentence(anAppliance({ env: { ...other, HANSARD_FILES: s3.address('company/files', 'nowhere') } }))).toContain('does not exist. Make it, or correct HANSARD_FILES.');
  });
});
