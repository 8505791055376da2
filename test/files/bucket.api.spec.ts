import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startHistoryDownload } from '#src/contract/archive.ts';
import { reserveUpload, shareFile } from '#src/contract/files.ts';
import { anAppliance } from '#test/support/appliance.ts';
import { bytesIn } from '#test/support/journey-zip.ts';
import { aDirectChat, people } from '#test/support/people.ts';
import { anS3Server, s3Credentials } from '#test/support/s3-server.ts';
import { bytesOf, offsetOf, reads, sendsPart, shares, someBytes } from '#test/support/shared-files.ts';

const aCompany = async () => {
  const s3 = await anS3Server();
  onTestFinished(() => s3.close());
  const appliance = await anAppliance({ env: { HANSARD_FILES: s3.address('files'), HANSARD_FILES_CREDENTIALS: s3Credentials } });
  onTestFinished(() => appliance.close());
  const { alice, bob } = await people(appliance, 'alice', 'bob');
  return { s3, appliance, alice, bob, chat: await aDirectChat(alice, bob) };
};

it('takes files home from a bucket, byte by byte', async () => {
  const { alice, bob, chat } = await aCompany();
  const bytes = someBytes(3_000_000);
  await shares(alice, bytes, { in: chat, name: 'long.ogg' });
  const zip = await bytesIn(await bytesOf(await bob.fetch((await bob.call(startHistoryDownload, { conversationId: chat })).url)));
  expect([...zip].find(([name]) => name.endsWith('.ogg'))![1].equals(bytes)).toBe(true);
});

it('shares nothing while the bucket refuses, keeps what arrived, and goes on where it was', async () => {
  const { s3, appliance, alice, bob, chat } = await aCompany();
  appliance.expectFaults();
  const bytes = someBytes(200_000);
  const fileId = randomUUID();
  await alice.call(reserveUpload, { conversationId: chat, fileId, name: 'x.bin', size: bytes.length });
  s3.breakWith = (asked) => (asked.startsWith('PUT') ? { status: 403, code: 'AccessDenied' } : undefined);
  expect((await sendsPart(alice, fileId, 0, bytes)).status).toBe(503);
  expect(appliance.house.faults.join()).toContain('may not do what is needed at s3://hansard/files/');
  expect((await appliance.recorded()).some(({ type }) => type === 'FileShared')).toBe(false);
  expect(readdirSync(join(appliance.folder, 'files', 'uploads')).filter((name) => name.endsWith('.bytes'))).toHaveLength(1);
  // People talk all the while.
  await alice.says('the file is on its way', { in: chat });
  s3.breakWith = undefined;
  // What was lost is the answer: asked how far it has come, nothing needs to be sent again but what the store did not get.
  const offset = await offsetOf(alice, fileId);
  expect(await sendsPart(alice, fileId, offset!, bytes.subarray(offset)).then(({ status }) => status)).toBe(204);
  await alice.call(shareFile, { conversationId: chat, fileId, name: 'x.bin' });
  expect((await bytesOf(await reads(bob, chat, fileId))).equals(bytes)).toBe(true);
});
