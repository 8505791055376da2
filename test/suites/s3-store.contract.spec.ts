import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompleteMultipartUploadCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { s3Connection } from '#appliance/files/s3-connection.ts';
import { s3Store } from '#appliance/files/s3-store.ts';
import { anS3Server, s3Bucket, type S3Fault, type S3Server } from '#test/support/s3-server.ts';

const dayMs = 86_400_000;
const fiveMiB = 5 * 1024 * 1024;
const large = randomBytes(2 * fiveMiB + 1_000);
const small = randomBytes(1_000);
const addressOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64url');

let server: S3Server;
let folder: string;
beforeAll(async () => void (server = await anS3Server()));
afterAll(() => server.close());
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hansard-staged-'))));
afterEach(() => {
  server.breakWith = undefined;
  rmSync(folder, { recursive: true, force: true });
});

let prefixes = 0;
const aStore = () => {
  prefixes += 1;
  const connection = s3Connection(server.place(`p${prefixes}`), { connectMs: 1_000, silentMs: 500, answerMs: 20_000 });
  server.asked.length = 0;
  return { connection, store: s3Store(connection, fiveMiB) };
};
const staged = (bytes: Buffer): string => {
  const path = join(folder, addressOf(bytes));
  writeFileSync(path, bytes);
  return path;
};
const said = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (cause: Error) => cause.message);
/** So often, for what is asked so. */
const times = (count: number, of: string, fault: S3Fault) => {
  let left = count;
  return (asked: string): S3Fault => (asked.startsWith(of) && (left -= 1) >= 0 ? fault : undefined);
};

describe('a store in a bucket', () => {
  it('says what is wrong and what to do, and keeps what it was given', async () => {
    for (const [status, code, says] of [
      [404, 'NoSuchBucket', 'does not exist. Make it, or correct HANSARD_FILES.'], [403, 'AccessDenied', 'may not do what is needed'], [403, 'SignatureDoesNotMatch', 'does not know the credentials'],
      [403, 'RequestTimeTooSkewed', 'Set both right (NTP).'], [507, 'XMinioStorageFull', 'refused or failed: XMinioStorageFull'],
    ] as const) {
      const { store } = aStore();
      const path = staged(small);
      server.breakWith = () => ({ status, code });
      const sentence = await said(store.put(addressOf(small), path));
      expect(sentence).toContain(says);
      expect(sentence).toContain('what is being uploaded waits where it arrived');
      expect(sentence).not.toContain('S3RVER');
      expect(existsSync(path)).toBe(true);
    }
  });

  it('asks again after an answer that means later, and after a line that broke', async () => {
    for (const fault of [{ status: 503, code: 'SlowDown' }, 'cut', 'silence'] as const) {
      const { store } = aStore();
      const bytes = randomBytes(1_000);
      server.breakWith = times(2, 'PUT', fault);
      await store.put(addressOf(bytes), staged(bytes));
      expect(server.asked.filter((one) => one.startsWith('PUT'))).toHaveLength(3);
      expect((await store.read(addressOf(bytes), 0, 1_000)).equals(bytes)).toBe(true);
    }
  });

  it('gives up on a server that says nothing, or stops in the middle', async () => {
    const { connection, store } = aStore();
    await store.put(addressOf(small), staged(small));
    server.breakWith = () => 'silence';
    expect(await said(connection.asked((within) => connection.client.send(new ListObjectsV2Command({ Bucket: s3Bucket }), within), 300))).toContain('did not answer in time');
    server.breakWith = times(1, 'GET', 'half');
    expect(await said(store.read(addressOf(small), 0, 1_000))).not.toBe('done');
  });

  it('is not done before the server has all of it, whatever the server says', async () => {
    const { connection } = aStore();
    const path = staged(large);
    // Says yes to the end of an upload, and never ends it.
    const send = ((command: object, within: object) => (command instanceof CompleteMultipartUploadCommand ? Promise.resolve({}) : connection.client.send(command as never, within as never))) as S3Client['send'];
    const store = s3Store({ ...connection, client: { send } }, fiveMiB);
    expect(await said(store.put(addressOf(large), path))).toContain('They are kept here and sent again.');
    expect([existsSync(path), await store.sizeOf(addressOf(large))]).toEqual([true, undefined]);
  });

  it('is done where the object came to be and the answer was lost', async () => {
    const { connection } = aStore();
    const path = staged(large);
    const send = (async (command: object, within: object) => {
      const answer: unknown = await connection.client.send(command as never, within as never);
      if (command instanceof CompleteMultipartUploadCommand) throw new Error('the line broke');
      return answer;
    }) as S3Client['send'];
    await s3Store({ ...connection, client: { send } }, fiveMiB).put(addressOf(large), path);
    expect(existsSync(path)).toBe(false);
  });

  it('ends an upload of which a part failed, and takes it when it comes again', async () => {
    const { store } = aStore();
    const path = staged(large);
    const open = server.openUploads().length;
    server.breakWith = (asked) => (/^PUT .*partNumber/.test(asked) ? { status: 403, code: 'AccessDenied' } : undefined);
    expect(await said(store.put(addressOf(large), path))).toContain('may not do what is needed');
    expect([server.openUploads().length, existsSync(path), await store.sizeOf(addressOf(large))]).toEqual([open, true, undefined]);
    server.breakWith = undefined;
    await store.put(addressOf(large), path);
    expect([server.openUploads().length, existsSync(path), await store.sizeOf(addressOf(large))]).toEqual([open, false, large.length]);
  });

  it('ends what a killed process began once it is old, and nothing young', async () => {
    const { store } = aStore();
    // Neither can the process end it, as if it were gone.
    server.breakWith = (asked) => (/^(POST .*uploadId|DELETE)/.test(asked) ? { status: 403, code: 'AccessDenied' } : undefined);
    await said(store.put(addressOf(large), staged(large)));
    server.breakWith = undefined;
    const open = server.openUploads();
    expect(open.length).toBeGreaterThan(0);
    await store.sweep(Date.now() - dayMs);
    expect(server.openUploads()).toEqual(open);
    server.age(2 * dayMs);
    await store.sweep(Date.now() - dayMs);
    expect(server.openUploads()).toEqual([]);
    // A server that cannot list them ends them by a rule of its own.
    server.breakWith = () => ({ status: 501, code: 'NotImplemented' });
    await store.sweep(Date.now());
  });

  it('sends nothing that is there already', async () => {
    const { store } = aStore();
    await store.put(addressOf(small), staged(small));
    server.asked.length = 0;
    await store.put(addressOf(small), staged(small));
    expect(server.asked.map((one) => one.split(' ')[0])).toEqual(['GET']);
  });

  it('has nothing named that is older than a day, and lets nothing be removed for a day after that', async () => {
    const { store } = aStore();
    const blob = addressOf(small);
    await store.put(blob, staged(small));
    server.age(dayMs + 60_000);
    expect(await store.sizeOf(blob)).toBeUndefined();
    for await (const { youngAt } of store.list()) expect(Math.abs(youngAt - (Date.now() - 60_000))).toBeLessThan(30_000);
    // What is shared is read for ever.
    expect((await store.read(blob, 0, 1_000)).equals(small)).toBe(true);
    // Sent again, it is new.
    await store.put(blob, staged(small));
    expect(await store.sizeOf(blob)).toBe(1_000);
  });

  it('holds six parts in memory and no more, however many files come at once', async () => {
    const { connection } = aStore();
    let [now, most] = [0, 0];
    const send = (async (command: object, within: object) => {
      const isBody = command.constructor.name === 'UploadPartCommand' || command.constructor.name === 'PutObjectCommand';
      if (isBody) most = Math.max(most, (now += 1));
      return connection.client.send(command as never, within as never).finally(() => isBody && (now -= 1));
    }) as S3Client['send'];
    const store = s3Store({ ...connection, client: { send } }, fiveMiB);
    const all = [large, ...Array.from({ length: 20 }, () => randomBytes(10_000))];
    await Promise.all(all.map((bytes) => store.put(addressOf(bytes), staged(bytes))));
    expect(most).toBe(6);
    for (const bytes of all) expect(await store.sizeOf(addressOf(bytes))).toBe(bytes.length);
  });
});
