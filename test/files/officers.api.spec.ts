import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeInquiry, openHit, openInquiry, searchArchive } from '#src/contract/archive.ts';
import { openFile, searchFiles, withdrawFile } from '#src/contract/files.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { aPicture, bytesOf, shares, someBytes } from '#test/support/shared-files.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let [alice, bob, olive, oscar] = [] as unknown as [Person, Person, Person, Person];
let chat: string;
const inquiry = randomUUID();
const contract = someBytes(200_000);
let [contractId, chartId] = ['', ''];

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, olive, oscar } = await people(appliance, 'alice', 'bob', 'olive', 'oscar'));
  chat = await aDirectChat(alice, bob);
  contractId = await shares(alice, contract, { in: chat, name: 'Side agreement.bin' });
  chartId = await shares(bob, aPicture, { in: chat, name: 'chart.png' });
  await alice.call(withdrawFile, { conversationId: chat, fileId: contractId });
  await olive.call(openInquiry, { inquiry, reason: 'A side agreement was reported.' });
});
afterAll(() => appliance.close());

const looks = async (): Promise<readonly string[]> => (await appliance.recorded()).filter(({ type }) => type === 'Looked' || type === 'Answered').map(({ type }) => type);

describe('an officer', () => {
  it('finds what was withdrawn, by name, sender, type, size and hash, every look recorded first', async () => {
    const before = (await looks()).length;
    const found = async (name: string, filter: Parameters<typeof olive.call<typeof searchFiles>>[1]['filter'] = {}): Promise<readonly string[]> => (await olive.call(searchFiles, { inquiry, name, filter })).files.map(({ fileId }) => fileId);
    expect(await found('agreement')).toEqual([contractId]);
    expect(await found('', {})).toEqual([chartId, contractId]);
    expect(await found('', { senders: [bob.account] })).toEqual([chartId]);
    expect(await found('', { types: ['image/'] })).toEqual([chartId]);
    expect(await found('', { types: ['application/octet-stream'] })).toEqual([contractId]);
    expect(await found('', { sizeFrom: 200_000, sizeTo: 200_000 })).toEqual([contractId]);
    const sha256 = createHash('sha256').update(contract).digest('hex');
    expect(await found('', { hash: sha256 })).toEqual([contractId]);
    const { files: [file], bytes, total } = await olive.call(searchFiles, { inquiry, name: 'agreement', filter: {} });
    expect([bytes, total]).toEqual([200_000, 1]);
    expect(file).toMatchObject({ name: 'Side agreement.bin', withdrawn: true, authorName: 'Alice Abara', sha256, size: 200_000 });
    expect((await looks()).length - before).toBe(16);
    expect((await oscar.refusal(searchFiles, { inquiry, filter: {} })).code).toBe('inquiry-not-open');
    expect((await alice.refusal(searchFiles, { inquiry, filter: {} })).code).toBe('not-allowed');
  });

  it('finds files beside messages in the archive', async () => {
    const { hits } = await olive.call(searchArchive, { inquiry, query: 'agreement', filter: { kinds: ['file'] } });
    expect(hits).toMatchObject([{ kind: 'file', state: 'retracted', text: 'Side agreement.bin', messageId: contractId, marks: [[5, 14]] }]);
    expect(hits[0]!.retractedAt).toBeGreaterThan(0);
    const opened = await olive.call(openHit, { inquiry, conversationId: chat, revision: hits[0]!.revision });
    expect(opened.versions).toMatchObject([{ what: 'posted', text: 'Side agreement.bin', byName: 'Alice Abara' }, { what: 'retracted', text: null }]);
    expect(opened.context.map(({ text, hit, retracted }) => [text, hit, retracted])).toEqual([['Side agreement.bin', true, true], ['chart.png', false, false]]);
  });

  it('reads what was withdrawn, after the look is on record, and nobody else by the same address', async () => {
    const before = (await looks()).length;
    const { url, look } = await olive.call(openFile, { inquiry, conversationId: chat, fileId: contractId });
    expect((await looks()).slice(before)).toEqual(['Looked', 'Answered']);
    const [looked] = (await appliance.recorded()).filter(({ data }) => data.includes(`"kind":"file"`) && data.includes(look));
    expect(looked).toBeDefined();
    expect((await bytesOf(await olive.fetch(url))).equals(contract)).toBe(true);
    expect((await bytesOf(await olive.fetch(url, { headers: { Range: 'bytes=100000-100009' } }))).equals(contract.subarray(100_000, 100_010))).toBe(true);
    expect((await oscar.fetch(url)).status).toBe(404);
    expect((await alice.fetch(url)).status).toBe(403);
    expect((await olive.fetch(url.replace(look, randomUUID()))).status).toBe(404);
    expect((await olive.refusal(openFile, { inquiry, conversationId: chat, fileId: randomUUID() })).code).toBe('file-not-found');
  });

  it('reads nothing any more of what was opened for an inquiry that is closed', async () => {
    const closing = randomUUID();
    await olive.call(openInquiry, { inquiry: closing, reason: 'a look that ends early' });
    const { url } = await olive.call(openFile, { inquiry: closing, conversationId: chat, fileId: contractId });
    expect((await olive.fetch(url)).status).toBe(200);
    await olive.call(closeInquiry, { inquiry: closing });
    await eventually('the file is closed with it', async () => (await olive.fetch(url)).status === 404 || undefined);
    expect((await olive.fetch(`${url}/preview`)).status).toBe(404);
  });
});
