import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { clamdAddress } from '#appliance/clamd/clamd-address.ts';
import { ping, scan } from '#appliance/clamd/clamd.ts';
import { readHealth } from '#src/contract/administration.ts';
import { readAudit } from '#src/contract/archive.ts';
import { listMyFiles, reserveUpload, shareFile } from '#src/contract/files.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { Clamd, clamdPath, clamdTakesBytes, eicar, eicarSignature } from '#test/support/clamd.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { bytesOf, offsetOf, reads, sendsPart, shares, someBytes, uploads } from '#test/support/shared-files.ts';

const streamOf = (...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> => new ReadableStream({ start: (controller) => (chunks.forEach((chunk) => controller.enqueue(chunk)), controller.close()) });
const blobsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.length === 2).flatMap((prefix) => readdirSync(join(folder, prefix)));

describe('an address of clamd', () => {
  it('is a host and a port, or a socket', () => {
    expect(clamdAddress('unix:/run/clamav/clamd.ctl')).toEqual({ path: '/run/clamav/clamd.ctl' });
    expect(clamdAddress('scanner.internal:3310')).toEqual({ host: 'scanner.internal', port: 3310 });
    expect(clamdAddress('[::1]:3310')).toEqual({ host: '::1', port: 3310 });
  });
  it.each(['scanner', 'unix:relative', 'http://scanner:3310', 'a:b', 'me@scanner:3310'])('is refused where it is none: %s', (address) => expect(() => clamdAddress(address)).toThrow(/HOST:PORT or unix:\/PATH/));
});

/** Speaks as little of clamd's protocol as the story needs; proves nothing about clamd. */
const aLine = async (says: (said: Buffer, answer: (text: string) => void, hangUp: () => void) => void): Promise<{ readonly host: string; readonly port: number }> => {
  const server: Server = createServer((socket) => {
    let said = Buffer.alloc(0);
    socket.on('error', () => undefined).on('data', (data) => says((said = Buffer.concat([said, data])), (text) => socket.end(`${text}\0`), () => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { host: '127.0.0.1', port: (server.address() as { readonly port: number }).port };
};

describe('what a scanner does not judge', () => {
  const file = (): ReadableStream<Uint8Array> => streamOf(someBytes(100_000));
  it('is what nobody listens to', async () => expect(await scan({ host: '127.0.0.1', port: 1 }, file())).toMatchObject({ is: 'unavailable' }));
  it('is what it hangs up on', async () => expect(await scan(await aLine((_said, _answer, hangUp) => hangUp()), file())).toMatchObject({ is: 'unavailable' }));
  it('is what it says something else about', async () => expect(await scan(await aLine((_said, answer) => answer('UNKNOWN COMMAND')), file())).toEqual({ is: 'unavailable', why: 'it answered "UNKNOWN COMMAND"' }));
  it('is what it never answers about', async () => expect(await scan(await aLine(() => undefined), file(), { stalledMs: 5_000, answerMs: 200 })).toMatchObject({ is: 'unavailable', why: expect.stringContaining('silent') as string }));
  it('is what it went on talking about', async () => expect(await scan(await aLine((_said, answer) => answer('stream: OK and more'.repeat(1_000))), file())).toMatchObject({ is: 'unavailable' }));
  it('is told in chunks with their length, ended by an empty one', async () => {
    const heard = Promise.withResolvers<Buffer>();
    const address = await aLine((said, answer) => said.subarray(-4).equals(Buffer.alloc(4)) && said.length > 14 && (heard.resolve(said), answer('stream: OK')));
    expect(await scan(address, streamOf(Buffer.from('abc'), Buffer.alloc(0), Buffer.from('de')))).toEqual({ is: 'clean' });
    expect(await heard.promise).toEqual(Buffer.concat([Buffer.from('zINSTREAM\0'), Buffer.of(0, 0, 0, 3), Buffer.from('abc'), Buffer.of(0, 0, 0, 2), Buffer.from('de'), Buffer.alloc(4)]));
  });
});

// Debian's clamav-daemon; `npm run pretest` as root puts it in.
describe.skipIf(clamdPath() === undefined)('files, where a clamd is set up', () => {
  let clamd: Clamd;
  let appliance: Appliance;
  let [alice, bob, olive, adam] = [] as unknown as [Person, Person, Person, Person];
  let chat: string;

  beforeAll(async () => {
    clamd = await Clamd.open();
    appliance = await anAppliance({ env: { HANSARD_CLAMD: clamd.address } });
    ({ alice, bob, olive, adam } = await people(appliance, 'alice', 'bob', 'olive', 'oscar'));
    chat = await aDirectChat(alice, bob);
  });
  afterAll(async () => {
    await appliance?.close();
    await clamd?.close();
  });

  const recordedOf = async (type: string, stream: string) => (await appliance.recorded(stream)).filter((event) => event.type === type);

  it('are shared when nothing was found in them, whatever their size', async () => {
    for (const size of [0, 1, 1_500_000]) {
      const bytes = someBytes(size);
      expect((await bytesOf(await reads(bob, chat, await shares(alice, bytes, { in: chat })))).equals(bytes)).toBe(true);
    }
  });

  it('with a virus are refused, on record, and kept nowhere', async () => {
    const before = blobsIn(join(appliance.folder, 'files'));
    const used = (await alice.call(listMyFiles, {})).quota;
    const infected = Buffer.concat([someBytes(300_000), eicar, someBytes(70_000)]);
    const fileId = await uploads(alice, infected, { in: chat, name: 'invoice.bin' });
    const refusal = await alice.refusal(shareFile, { conversationId: chat, fileId, name: 'invoice.bin' });
    expect(refusal.code).toBe('file-infected');
    expect(refusal.sentence).toContain(eicarSignature);
    const [event, ...more] = await recordedOf('InfectedFileRefused', `account-${alice.account}`);
    expect(more).toEqual([]);
    expect(JSON.parse(event!.data)).toMatchObject({ author: alice.account, conversation: chat, fileId, signature: eicarSignature, size: infected.length });
    expect(event!.data).not.toContain('invoice');
    expect((await recordedOf('FileShared', `conversation-${chat}`)).filter(({ data }) => data.includes(fileId))).toEqual([]);
    expect(blobsIn(join(appliance.folder, 'files')).toSorted()).toEqual(before.toSorted());
    expect(readdirSync(join(appliance.folder, 'files', 'uploads'))).toEqual([]);
    expect(await offsetOf(alice, fileId)).toBeUndefined();
    expect((await alice.call(listMyFiles, {})).quota).toEqual(used);
    expect((await reads(bob, chat, fileId)).status).toBe(404);
  });

  it('with a virus stand in the audit log: with their name for officers, without it for administrators', async () => {
    const rowOf = async (person: Person): Promise<string | undefined> => (await person.call(readAudit, { kinds: ['refusal'] })).rows.find(({ type }) => type === 'InfectedFileRefused')?.says;
    expect(await rowOf(olive)).toMatch(/^was refused a file of .* in the chat of .*, because a virus was found in it \(Hansard\.Test\.EICAR\.UNOFFICIAL\): invoice\.bin$/);
    expect(await rowOf(adam)).toMatch(/^was refused a file of .* in a conversation, because a virus was found in it \(Hansard\.Test\.EICAR\.UNOFFICIAL\)$/);
  });

  it('that the scanner does not look into are not let through', async () => {
    const fileId = await uploads(alice, someBytes(8 * clamdTakesBytes), { in: chat });
    const refusal = await alice.refusal(shareFile, { conversationId: chat, fileId, name: 'report.bin' });
    expect(refusal.code).toBe('file-not-checkable');
    expect((await alice.refusal(shareFile, { conversationId: chat, fileId, name: 'report.bin' })).code).toBe('file-not-checkable');
  });

  it('wait while it is away, health says so, and they are shared when it is back', async () => {
    await clamd.kill();
    const bytes = someBytes(100_000);
    const fileId = await uploads(alice, bytes, { in: chat });
    const commandId = randomUUID();
    const share = () => alice.answer(shareFile, { conversationId: chat, fileId, name: 'report.bin' }, { commandId });
    expect(await share()).toMatchObject({ refused: true, code: 'file-not-checked' });
    const { fine, says } = await adam.call(readHealth, {});
    expect(fine).toBe(true);
    expect(says.join(' ')).toMatch(/virus scanner \(HANSARD_CLAMD\) does not answer/);
    expect((await reads(bob, chat, fileId)).status).toBe(404);
    await clamd.start();
    expect(await share()).toMatchObject({ revision: expect.any(Number) as number });
    expect((await bytesOf(await reads(bob, chat, fileId))).equals(bytes)).toBe(true);
    expect((await adam.call(readHealth, {})).says.join(' ')).not.toContain('virus');
  });

  it('are not let through by a scanner that hangs', async () => {
    clamd.freeze();
    onTestFinished(() => clamd.thaw());
    const address = clamdAddress(clamd.address);
    expect(await scan(address, streamOf(eicar), { stalledMs: 5_000, answerMs: 300 })).toMatchObject({ is: 'unavailable' });
    expect(await ping(address, 300)).toContain('silent');
  });

  it('are checked again after a restart, before they are shared', async () => {
    const fileId = randomUUID();
    await alice.call(reserveUpload, { conversationId: chat, fileId, name: 'later.bin', size: eicar.length });
    await sendsPart(alice, fileId, 0, eicar);
    await appliance.restart();
    expect((await alice.refusal(shareFile, { conversationId: chat, fileId, name: 'later.bin' })).code).toBe('file-infected');
  });

  it('are let through by an appliance that does not ask', async () => {
    const careless = await anAppliance();
    onTestFinished(() => careless.close());
    const { alice: sender, bob: reader } = await people(careless, 'alice', 'bob');
    const conversation = await aDirectChat(sender, reader);
    expect(await bytesOf(await reads(reader, conversation, await shares(sender, eicar, { in: conversation })))).toEqual(eicar);
  });
});
