import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInquiry } from '#src/contract/archive.ts';
import { leaveConversation } from '#src/contract/conversations.ts';
import { openFile, withdrawFile } from '#src/contract/files.ts';
import { previewUrl } from '#src/contract/previews.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aPicture } from '#test/support/file-samples.ts';
import { aDirectChat, aGroup, nobody, people, type Person } from '#test/support/people.ts';
import { aPixelBomb } from '#test/support/picture-bombs.ts';
import { bytesOf, reads, shares } from '#test/support/shared-files.ts';

let appliance: Appliance;
let [alice, bob, mallory, olive, adam] = [] as unknown as Person[] as [Person, Person, Person, Person, Person];
let chat: string;

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, mallory, olive, adam } = await people(appliance, 'alice', 'bob', 'mallory', 'olive'));
  chat = await aDirectChat(alice, bob);
});
afterAll(() => appliance.close());

const looksAt = (person: Person, conversationId: string, fileId: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> => person.fetch(previewUrl(conversationId, fileId), { headers });
const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { readonly code: string }).code;
const shelf = (): string => join(appliance.folder, 'previews');
const under = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? under(join(folder, name)) : [join(folder, name)])) : []);
const blobOf = async (fileId: string): Promise<string> =>
  (await appliance.recorded(`conversation-${chat}`)).map(({ type, data }) => (type === 'FileShared' ? (JSON.parse(data) as { readonly fileId: string; readonly blob: string }) : undefined)).find((one) => one?.fileId === fileId)!.blob;

describe('the preview of a picture', () => {
  it('is small, is nothing but a picture, and may be kept by who may see it', async () => {
    const fileId = await shares(alice, aPicture(2_000, 1_000), { in: chat, name: 'hall.png' });
    const response = await looksAt(bob, chat, fileId);
    const { headers } = response;
    expect([response.status, headers.get('content-type'), headers.get('x-content-type-options'), headers.get('cache-control'), headers.get('cross-origin-resource-policy')]).toEqual([200, 'image/webp', 'nosniff', 'private, no-cache, no-transform', 'same-origin']);
    expect(headers.get('content-security-policy')).toContain("sandbox; default-src 'none'");
    const bytes = await bytesOf(response);
    const { format, width, height } = await sharp(bytes).metadata();
    expect({ format, width, height }).toEqual({ format: 'webp', width: 704, height: 352 });
    const again = await looksAt(bob, chat, fileId, { 'If-None-Match': headers.get('etag')! });
    expect([again.status, (await bytesOf(again)).length]).toEqual([304, 0]);
  });

  it('lies on disk sealed, and is made again when it is gone or damaged', async () => {
    const fileId = await shares(alice, aPicture(800, 600), { in: chat });
    const blob = await blobOf(fileId);
    const first = await bytesOf(await looksAt(bob, chat, fileId));
    const path = under(shelf()).find((one) => one.endsWith(`/${blob}`))!;
    expect(readFileSync(path).includes(first.subarray(0, 12))).toBe(false);
    truncateSync(path, 40);
    expect((await bytesOf(await looksAt(bob, chat, fileId))).equals(first)).toBe(true);
    rmSync(shelf(), { recursive: true });
    expect((await bytesOf(await looksAt(bob, chat, fileId))).equals(first)).toBe(true);
    expect(under(shelf()).filter((one) => one.endsWith('.new'))).toEqual([]);
    await appliance.restart();
    expect((await bytesOf(await looksAt(bob, chat, fileId))).equals(first)).toBe(true);
  });

  it('is shown where it cannot be kept, and nothing of it is left behind', async () => {
    const fileId = await shares(alice, aPicture(640, 480), { in: chat });
    const within = join(shelf(), (await blobOf(fileId)).slice(0, 2));
    rmSync(within, { recursive: true, force: true });
    mkdirSync(shelf(), { recursive: true });
    writeFileSync(within, 'in the way');
    appliance.expectFaults();
    expect([(await looksAt(bob, chat, fileId)).status, (await looksAt(bob, chat, fileId)).status]).toEqual([200, 200]);
    rmSync(within);
    // Its place cannot take the name.
    mkdirSync(join(within, await blobOf(fileId), 'in the way'), { recursive: true });
    expect((await looksAt(bob, chat, fileId)).status).toBe(200);
    expect(under(shelf()).filter((one) => one.endsWith('.new'))).toEqual([]);
    rmSync(within, { recursive: true });
    await appliance.restart();
  });

  it('is made once for many who ask at once', async () => {
    const fileId = await shares(alice, aPicture(1_500, 1_500), { in: chat });
    const answers = await Promise.all(Array.from({ length: 12 }, () => looksAt(bob, chat, fileId)));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(new Set(await Promise.all(answers.map(async (answer) => (await bytesOf(answer)).toString('base64')))).size).toBe(1);
  });

  it('is nothing to who may not read the file', async () => {
    const group = await aGroup(alice, [bob]);
    const fileId = await shares(alice, aPicture(300, 200), { in: group });
    const { headers } = await looksAt(bob, group, fileId);
    for (const [person, status] of [[mallory, 404], [adam, 404], [nobody(appliance), 401]] as const) expect((await looksAt(person, group, fileId, { 'If-None-Match': headers.get('etag')! })).status).toBe(status);
    expect((await looksAt(mallory, await aDirectChat(mallory, bob), fileId)).status).toBe(404);
    await bob.call(leaveConversation, { conversationId: group });
    expect((await looksAt(bob, group, fileId, { 'If-None-Match': headers.get('etag')! })).status).toBe(404);
  });

  it('is gone from view with its file', async () => {
    const fileId = await shares(alice, aPicture(300, 200), { in: chat });
    const { headers } = await looksAt(bob, chat, fileId);
    await alice.call(withdrawFile, { conversationId: chat, fileId });
    for (const person of [alice, bob]) expect(await codeOf(await looksAt(person, chat, fileId, { 'If-None-Match': headers.get('etag')! }))).toBe('file-withdrawn');
  });

  it('is shown to the officer who has opened the file, withdrawn or not, and to no other', async () => {
    const fileId = await shares(alice, aPicture(1_000, 500), { in: chat });
    await alice.call(withdrawFile, { conversationId: chat, fileId });
    const inquiry = randomUUID();
    await olive.call(openInquiry, { inquiry, reason: 'A claim about the hall.' });
    const { url } = await olive.call(openFile, { inquiry, conversationId: chat, fileId });
    const response = await olive.fetch(`${url}/preview`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect((await bob.fetch(`${url}/preview`)).status).toBe(403);
    expect((await olive.fetch(`${url.slice(0, -4)}0000/preview`)).status).toBe(404);
  });
});

describe('there is no preview', () => {
  const none = async (bytes: Buffer, name: string): Promise<void> => {
    const fileId = await shares(alice, bytes, { in: chat, name });
    for (const _ of [1, 2]) {
      const response = await looksAt(bob, chat, fileId);
      expect([response.status, await codeOf(response)]).toEqual([404, 'no-preview']);
    }
    expect((await bytesOf(await reads(bob, chat, fileId))).equals(bytes)).toBe(true);
  };

  it('of what is no picture, whatever it is called', async () => {
    await none(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'logo.png');
    await none(Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n'), 'page.jpg');
    await none(Buffer.from('<!doctype html><script>alert(1)</script>'), 'photo.webp');
    await none(Buffer.alloc(0), 'nothing.gif');
  });

  it('of a picture that unpacks to more than is allowed, or breaks off', async () => {
    await none(aPixelBomb(), 'bomb.png');
    await none(aPicture(900, 900).subarray(0, 2_000), 'cut.png');
  });

  it('of a file whose bytes are damaged: that is said, and told to who runs the appliance', async () => {
    const fileId = await shares(alice, aPicture(900, 700), { in: chat });
    appliance.expectFaults();
    const blob = await blobOf(fileId);
    truncateSync(under(join(appliance.folder, 'files')).find((path) => path.endsWith(`/${blob}`))!, 100);
    const response = await looksAt(bob, chat, fileId);
    expect([response.status, await codeOf(response)]).toEqual([409, 'file-damaged']);
    expect(appliance.house.faults.map(String)).toEqual([expect.stringContaining(blob)]);
  });
});
