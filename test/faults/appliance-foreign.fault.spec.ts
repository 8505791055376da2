import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placesIn } from '#appliance/config.ts';
import { readHealth } from '#src/contract/administration.ts';
import { startHistoryDownload } from '#src/contract/archive.ts';
import { foundSpace, listConversations } from '#src/contract/conversations.ts';
import { editMessage, readTimeline } from '#src/contract/timeline.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { filesIn, jsonLines } from '#test/support/journey-zip.ts';
import { aDirectChat, aSpace, people, type Person } from '#test/support/people.ts';
import { alterData, insertForeign, notOurs, type Invented } from '#test/support/tampering.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let adam: Person;
let alice: Person;
let bob: Person;
let mallory: Person;
let chat: string;
beforeEach(async () => {
  appliance = await anAppliance();
  ({ adam, alice, bob, mallory } = await people(appliance, 'alice', 'bob', 'mallory'));
  chat = await aDirectChat(alice, bob);
  await alice.says('genuine', { in: chat });
});
afterEach(() => appliance?.close());

const custodyFinds = (position: number): Promise<true> =>
  eventually('custody names it', async () => (await appliance.recorded('custody')).some(({ type, data }) => type === 'ForeignEventFound' && (JSON.parse(data) as { position: number }).position === position) || undefined);

/** Somebody writes into the log while nothing runs. */
const invades = async (invented: Invented): Promise<number> => {
  let position = -1;
  await appliance.restart(() => void (position = insertForeign(appliance, invented)));
  for (const person of [alice, bob, mallory]) await person.forgetsSocket();
  return position;
};
const healthz = async () => {
  const response = await fetch(`${appliance.url}/healthz`);
  return { status: response.status, ...((await response.json()) as { fine: boolean; says: readonly string[] }) };
};
const textsOf = async (person: Person): Promise<readonly (string | null)[]> =>
  (await person.call(readTimeline, { conversationId: chat, where: 'latest' })).lines.flatMap((line) => (line.kind === 'message' ? [line.text] : []));
/** Of an event of ours, with other data; the mark stays as it was. */
const copyOf = async (stream: string, type: string, alter: (data: string) => string): Promise<Invented> => {
  const event = (await appliance.recorded(stream)).find((one) => one.type === type)!;
  return { stream, type, data: alter(event.data), metadata: event.metadata };
};

describe('an event that somebody else wrote into our streams', () => {
  it('is shown to nobody, turns health red and is named in custody, and reading and writing go on', async () => {
    const { messageId } = await alice.says('before it', { in: chat });
    const position = await invades(await copyOf(`conversation-${chat}`, 'MessagePosted', (data) => data.replace(/"messageId":"[^"]+"/, `"messageId":"${randomUUID()}"`).replace(/"ordinal":\d+/, '"ordinal":3')));
    await custodyFinds(position);
    expect(await textsOf(bob)).toEqual(['genuine', 'before it']);
    await alice.call(editMessage, { conversationId: chat, messageId, text: 'edited after it' });
    const { revision } = await alice.says('after it', { in: chat });
    // Its revision stays taken.
    expect(revision).toBe(5);
    expect(await textsOf(bob)).toEqual(['genuine', 'edited after it', 'after it']);
    expect((await bob.call(listConversations, {})).conversations[0]).toMatchObject({ unread: 3, lastOrdinal: 3 });
    expect(await healthz()).toMatchObject({ status: 503, fine: false, says: [expect.stringMatching(/1 event in the log were? not written by this appliance|1 event in the log/)] });
    expect((await adam.call(readHealth, {})).record.foreign).toBe(1);
    expect(await notOurs(appliance)).toEqual([{ position, verdict: 'foreign' }]);
    await appliance.restart();
    expect((await appliance.recorded('custody')).filter(({ type }) => type === 'ForeignEventFound')).toHaveLength(1);
    expect(await textsOf(bob)).toEqual(['genuine', 'edited after it', 'after it']);
  });

  it('of bytes that mean nothing stops nothing', async () => {
    const position = await invades({ stream: `conversation-${chat}`, type: 'MessagePosted', data: 'no JSON at all', metadata: '{' });
    await custodyFinds(position);
    await alice.says('after it', { in: chat });
    expect(await textsOf(bob)).toEqual(['genuine', 'after it']);
  });

  it('is in nobody\'s history, and takes nothing from it', async () => {
    const { messageId } = await alice.says('kept', { in: chat });
    const { metadata } = (await appliance.recorded(`conversation-${chat}`)).at(-1)!;
    await appliance.restart(() => {
      const stream = `conversation-${chat}`;
      insertForeign(appliance, { stream, type: 'MessageRetracted', data: JSON.stringify({ at: 0, author: alice.account, by: alice.account, messageId, ordinal: 2 }), metadata });
      insertForeign(appliance, { stream, type: 'MessagePosted', data: 'no JSON', metadata: '' });
      insertForeign(appliance, { stream, type: 'ConversationClosed', data: JSON.stringify({ at: 0, by: bob.account, cause: 'by-hand' }), metadata });
    });
    await alice.says('later', { in: chat });
    const { url } = await bob.call(startHistoryDownload, { conversationId: chat });
    const files = await filesIn(Buffer.from(await (await bob.fetch(url)).arrayBuffer()));
    expect(files.get('transcript.txt')).toMatch(/genuine/);
    expect(files.get('transcript.txt')).toMatch(/kept/);
    expect(files.get('transcript.txt')).not.toMatch(/closed/);
    expect(jsonLines(files.get('events.jsonl')).map(({ kind }) => kind)).toHaveLength(4);
  });

  it('gives nobody a way into a space', async () => {
    const { spaceId, general } = await aSpace(alice, [bob]);
    const invented = await copyOf(`space-${spaceId}`, 'SpaceJoined', (data) => data.replaceAll(bob.account, mallory.account));
    await custodyFinds(await invades(invented));
    expect((await mallory.refusal(readTimeline, { conversationId: general })).code).toBe('not-a-member');
    expect((await appliance.recorded(`conversation-${general}`)).some(({ data }) => data.includes(mallory.account))).toBe(false);
    await bob.says('still ours', { in: general });
  });

  it('of bytes that mean nothing in a space or at a name stops nothing', async () => {
    const { spaceId } = await aSpace(alice, [bob], 'Ledger');
    const nameOf = (await appliance.recorded()).findLast(({ stream }) => stream.startsWith('name-'))!.stream;
    await appliance.restart(() => {
      insertForeign(appliance, { stream: `space-${spaceId}`, type: 'SpaceLeft', data: 'no JSON', metadata: '[]' });
      insertForeign(appliance, { stream: nameOf, type: 'NameReleased', data: 'no JSON', metadata: '7' });
      insertForeign(appliance, { stream: 'custody', type: 'WriterAnnounced', data: 'no JSON', metadata: '7' });
    });
    expect((await mallory.refusal(foundSpace, { spaceId: randomUUID(), general: randomUUID(), name: 'Ledger' })).code).toBe('name-taken');
    await bob.says('on', { in: chat });
  });

  it('that announces a writer does not keep the appliance from starting', async () => {
    const founded = (await appliance.recorded('custody'))[0]!;
    const position = await invades({ stream: 'custody', type: 'WriterAnnounced', data: JSON.stringify({ at: 0, writer: randomUUID() }), metadata: founded.metadata });
    await custodyFinds(position);
    await alice.says('on', { in: chat });
  });
});

describe('plain data that somebody changed in the database', () => {
  it('is found by checking the leaves, and by a node that reads the log for the first time', async () => {
    expect(await notOurs(appliance)).toEqual([]);
    const { position } = (await appliance.recorded(`conversation-${chat}`)).find(({ type }) => type === 'MessagePosted')!;
    await appliance.restart(() => {
      alterData(appliance, position, (data) => data.replace(alice.account, bob.account));
      rmSync(placesIn(appliance.folder).views, { recursive: true, force: true });
    });
    expect((await notOurs(appliance))[0]).toEqual({ position, verdict: 'foreign' });
    await custodyFinds(position);
    expect((await healthz()).fine).toBe(false);
    expect(await textsOf(bob)).not.toContain('genuine');
  });
});
