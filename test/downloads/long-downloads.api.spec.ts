import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placesIn } from '#appliance/config.ts';
import type { MadePage, Making, Stretch } from '#appliance/downloads/job.ts';
import { OpeningThreads } from '#appliance/downloads/opening-threads.ts';
import { exportInquiry, openInquiry, startHistoryDownload } from '#src/contract/archive.ts';
import { editMessage, retractMessage } from '#src/contract/timeline.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { postMessage } from '#src/messages/post-message.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { filesIn, jsonLines } from '#test/support/journey-zip.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { alterData } from '#test/support/tampering.ts';

/** Many stretches for each opening thread, and in their midst texts so long that a stretch takes several pages. */
const messages = 3_700;
const longFrom = 1_200;
const longTo = 1_260;

type Said = { readonly messageId: string; readonly text: string };

let appliance: Appliance;
let alice: Person;
let bob: Person;
let olive: Person;
let chat: string;
const said: Said[] = [];

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, olive } = await people(appliance, 'alice', 'bob', 'olive'));
  chat = await aDirectChat(alice, bob);
  for (let i = 0; i < messages; i += 1) said.push({ messageId: randomUUID(), text: `${i} tea ☕ "quoted"\nand a second line${i >= longFrom && i < longTo ? '\u{1F375}long'.repeat(2_500) : ''}` });
  for (let i = 0; i < messages; i += 200) {
    await Promise.all(said.slice(i, i + 200).map(async ({ messageId, text }, n) => {
      const author = (i + n) % 3 === 0 ? bob : alice;
      const result = await appliance.house.commandAs({ kind: 'account', id: author.account }, postMessage, { conversationId: chat, messageId, text, mentions: [], form: 'text' });
      if (isRefusal(result)) throw new Error(result.sentence);
    }));
  }
  await alice.call(editMessage, { conversationId: chat, messageId: said[1]!.messageId, text: 'edited at last' });
  await bob.call(retractMessage, { conversationId: chat, messageId: said[1_500]!.messageId });
});
afterAll(() => appliance?.close());

const fetched = async (person: Person, url: string): Promise<ReadonlyMap<string, string>> => filesIn(Buffer.from(await (await person.fetch(url)).arrayBuffer()));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a download of more than one thread opens', () => {
  it('holds every message once, in the order of the record, in both files', async () => {
    const { url } = await bob.call(startHistoryDownload, { conversationId: chat });
    const files = await fetched(bob, url);
    const lines = jsonLines(files.get('events.jsonl')).filter(({ kind }) => kind === 'message');
    const expected = said.map(({ text }, i) => (i === 1 ? 'edited at last' : i === 1_500 ? null : text));
    expect(lines.map(({ text }) => text)).toEqual(expected);
    expect(lines.map(({ ordinal }) => ordinal)).toEqual(said.map((_, i) => i + 1));
    const told = files.get('transcript.txt')!.split('\n').flatMap((line) => /^[-:+ 0-9]{28}#(\d+) /.exec(line)?.[1] ?? []);
    expect(told.map(Number)).toEqual(said.map((_, i) => i + 1));
    expect(files.get('transcript.txt')).toMatch(/#2 .*: edited at last \(edited /);
    expect(files.get('transcript.txt')).toMatch(/#1501 .*: \[retracted /);
  });

  it('gives an officer the whole result in log order, and a manifest that fits the files', async () => {
    const inquiry = randomUUID();
    await olive.call(openInquiry, { inquiry, reason: 'Tea' });
    const { url, count } = await olive.call(exportInquiry, { inquiry, query: 'tea', filter: { kinds: [], states: [], people: [], conversations: [] } });
    const files = await fetched(olive, url);
    const lines = jsonLines(files.get('events.jsonl'));
    expect(count).toBe(messages);
    expect(lines.map(({ content }) => (content as { text: { text: string } }).text.text)).toEqual(said.map(({ text }) => text));
    const positions = lines.map(({ position }) => position as number);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    const manifest = JSON.parse(files.get('manifest.json')!) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      matched: messages, included: messages, contentGone: 0, state: 'complete',
      files: ['transcript.txt', 'events.jsonl'].map((name) => ({ name, bytes: Buffer.byteLength(files.get(name)!), sha256: sha256(files.get(name)!) })),
    });
  });

  it('holds only what is new behind the position of an earlier one: together they are everything, nothing twice', async () => {
    const inquiry = randomUUID();
    await olive.call(openInquiry, { inquiry, reason: 'Tea, every day' });
    const asked = { inquiry, query: 'tea', filter: { kinds: [], states: [], people: [], conversations: [] } };
    const first = await olive.call(exportInquiry, asked);
    await bob.says('more tea', { in: chat });
    const next = await olive.call(exportInquiry, { ...asked, after: first.position });
    const files = await fetched(olive, next.url);
    expect(jsonLines(files.get('events.jsonl')).map(({ content }) => (content as { text: { text: string } }).text.text)).toEqual(['more tea']);
    expect(JSON.parse(files.get('manifest.json')!)).toMatchObject({ afterPosition: first.position, completeToPosition: next.position, matched: 1, included: 1 });
    expect((await olive.call(exportInquiry, { ...asked, after: next.position })).count).toBe(0);
  });
});

describe('pages of several opening threads', () => {
  const making = (): Making => ({ kind: 'history', job: { kind: 'history', conversationId: chat, account: bob.account, upTo: messages, at: 0, title: '' }, fates: { edited: new Map(), retracted: new Map(), withdrawn: new Map(), takenAway: new Set(), visible: [] } });
  const stretches: readonly Stretch[] = Array.from({ length: 37 }, (_, i) => ({ from: 1 + i * 100, to: 1 + (i + 1) * 100 }));
  const pagesFrom = async (wanted: readonly Stretch[]): Promise<readonly MadePage[]> => {
    const { folder, house } = appliance;
    const threads = new OpeningThreads({ logFile: placesIn(folder).log, keyPlaces: { dataFolder: folder }, logId: house.logId, foreign: [] }, 2);
    const pages: MadePage[] = [];
    try {
      for await (const page of threads.pages(making(), wanted)) pages.push(page);
    } finally {
      await threads.close();
    }
    return pages;
  };
  const revisionsIn = (pages: readonly MadePage[]): readonly unknown[] => jsonLines(Buffer.concat(pages.map(({ json }) => json)).toString()).map(({ revision }) => revision);
  const inOrder = Array.from({ length: messages }, (_, i) => i + 1);

  it('come in the order of the stretches, a long one in several', async () => {
    const pages = await pagesFrom(stretches);
    expect(pages.length).toBeGreaterThan(stretches.length);
    expect(revisionsIn(pages)).toEqual(inOrder);
  });

  it('would be seen out of order in a build that takes two of them the wrong way round', async () => {
    expect(revisionsIn(await pagesFrom([stretches[1]!, stretches[0]!, ...stretches.slice(2)]))).not.toEqual(inOrder);
  });
});

describe('a record that one thread cannot read', () => {
  it('breaks the download off, with a sentence for the operator, instead of leaving lines out', async () => {
    const [event] = (await appliance.recorded(`conversation-${chat}`)).slice(2_000);
    await appliance.restart(() => alterData(appliance, event!.position, (data) => data.slice(1)));
    appliance.expectFaults();
    for (const person of [alice, bob, olive]) await person.forgetsSocket();
    const { url } = await alice.call(startHistoryDownload, { conversationId: chat });
    await expect(fetched(alice, url)).rejects.toThrow();
    expect(appliance.house.faults.join()).toMatch(/ended before it was whole/);
  });
});
