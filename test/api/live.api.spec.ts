import { randomInt, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteToGroup, leaveConversation, listConversations, titleConversation, type ConversationRow, type MyConversations } from '#src/contract/conversations.ts';
import { markReadUpTo, markUnread, muteConversation, reportViewed, unmuteConversation } from '#src/contract/reading.ts';
import { addReaction, editMessage, postMessage, readTimeline, retractMessage, whoViewed, withdrawReaction, type MessageLine } from '#src/contract/timeline.ts';
import { windowOf } from '#web/client/timeline-window.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, aGroup, anEmployee, people, type Person } from '#test/support/people.ts';
import { liveConversations, type LiveConversations } from '#test/support/person-socket.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let adam: Person;
let alice: Person;
let bob: Person;
let mallory: Person;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ adam, alice, bob, mallory } = await people(appliance, 'alice', 'bob', 'mallory'));
});
afterAll(() => appliance?.close());

/** Numbers that a seed gives again (mulberry32). */
const numbersFrom = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
};

type Said = { readonly messageId: string; readonly author: Person; readonly reactions: Map<string, Person> };

/** People doing what people do in one group, one thing after the other. What is refused is part of it. */
const happens = async (steps: number, draw: (below: number) => number, group: string, everybody: readonly Person[]): Promise<void> => {
  const said: Said[] = [];
  const someone = (): Person => everybody[draw(everybody.length)]!;
  const something = (): Said | undefined => said[draw(Math.max(1, said.length))];
  const at = { conversationId: group };
  let head = 1;
  const acts: readonly (() => Promise<unknown>)[] = [
    ...Array<() => Promise<unknown>>(5).fill(async () => {
      const [author, messageId, named, quoted] = [someone(), randomUUID(), draw(3) === 0 ? someone() : undefined, draw(4) === 0 ? something() : undefined];
      const answer = await author.answer(postMessage, { ...at, messageId, text: `words ${messageId}`, ...(named && { mentions: [{ account: draw(4) === 0 ? 'everyone' : named.account, from: 0, to: 5 }] }), ...(quoted && { replyTo: quoted.messageId }) });
      if (!('refused' in answer)) {
        said.push({ messageId, author, reactions: new Map() });
        head = answer.revision;
      }
    }),
    async () => {
      const it = something();
      await it?.author.answer(editMessage, { ...at, messageId: it.messageId, text: `edited ${draw(1e6)}` });
    },
    async () => {
      const it = something();
      await it?.author.answer(retractMessage, { ...at, messageId: it.messageId });
    },
    async () => {
      const [it, by, reactionId] = [something(), someone(), randomUUID()];
      if (it && !('refused' in (await by.answer(addReaction, { ...at, messageId: it.messageId, reactionId, emoji: ['👍', '🎉', '👀'][draw(3)]! })))) it.reactions.set(reactionId, by);
    },
    async () => {
      const it = something();
      for (const [reactionId, by] of it?.reactions ?? []) await by.answer(withdrawReaction, { ...at, messageId: it!.messageId, reactionId });
    },
    () => someone().answer(markReadUpTo, { ...at, revision: draw(head + 1) }),
    () => someone().answer(markUnread, { ...at, revision: draw(head + 1) }),
    () => {
      const from = draw(head + 1);
      return someone().answer(reportViewed, { ranges: [{ ...at, from, to: from + draw(5) }] });
    },
    () => someone().answer(titleConversation, { ...at, title: `Title ${draw(100)}` }),
    () => someone().answer(draw(2) === 0 ? muteConversation : unmuteConversation, at),
    async () => {
      const [by, other] = [everybody[0]!, everybody[2]!];
      if (draw(2) === 0) await other.answer(leaveConversation, at);
      await by.answer(inviteToGroup, { ...at, account: other.account });
    },
  ];
  for (let step = 0; step < steps; step += 1) await acts[draw(acts.length)]!();
};

/** What the list shows. How many messages there are is shown from `lastOrdinal`, and `countedTo` is where each side stopped counting. */
const listOf = ({ conversations, spaces }: MyConversations) => ({ conversations: conversations.map((row) => ({ ...row, messageCount: row.lastOrdinal, countedTo: 0 })).sort((a, b) => (a.conversationId < b.conversationId ? -1 : 1)), spaces });

describe('a snapshot and its pushes', () => {
  it('equal a fresh snapshot, of the timeline and of the list, after anything that people do', async () => {
    const seed = Number(process.env['HANSARD_TEST_SEED'] ?? randomInt(1e9));
    console.log(`seed ${seed}`);
    const draw = numbersFrom(seed);
    const group = await aGroup(alice, [bob, mallory], 'Random');
    await happens(20, draw, group, [alice, bob, mallory]);
    const [timeline, list] = [await bob.timeline(group), await liveConversations(await bob.socket, bob.account)];
    for (let round = 0; round < 4; round += 1) {
      await happens(30, draw, group, [alice, bob, mallory]);
      const read = async () => windowOf(await bob.call(readTimeline, { conversationId: group, where: 'latest', limit: 200 }));
      const lastOf = (lines: readonly { readonly revision: number }[]) => lines.at(-1)?.revision;
      let fresh = await read();
      await timeline.until('the last line is pushed', ({ lines }) => lastOf(lines) === lastOf(fresh.lines));
      await eventually('pushes and snapshot agree', async () => {
        fresh = await read();
        const shown = timeline.now;
        const from = Math.max(shown.lines[0]!.revision, fresh.lines[0]!.revision);
        return isDeepStrictEqual(shown.lines.filter(({ revision }) => revision >= from), fresh.lines.filter(({ revision }) => revision >= from)) && isDeepStrictEqual(shown.viewed, fresh.viewed) && shown.lastOrdinal === fresh.lastOrdinal;
      }, () => [timeline.now.viewed, fresh.viewed, timeline.now.lines.filter((line, n) => JSON.stringify(line) !== JSON.stringify(fresh.lines.at(n - timeline.now.lines.length)))]);
      let mine = await bob.call(listConversations, {});
      await eventually('list and pushes agree', async () => {
        mine = await bob.call(listConversations, {});
        return isDeepStrictEqual(listOf(list.now), listOf(mine));
      }, () => [list.now.conversations, mine.conversations]);
    }
  }, 60_000);

  it('agree for whoever begins to listen while much is said', async () => {
    const group = await aGroup(alice, [bob, mallory], 'Busy');
    const keeper = await liveConversations(await mallory.socket, mallory.account);
    const rowOf = ({ conversations }: MyConversations): ConversationRow => conversations.find((row) => row.conversationId === group)!;
    const saying = (async () => {
      for (let n = 0; n < 150; n += 1) {
        const { messageId } = await alice.says(`busy ${n}`, { in: group, ...(n % 10 === 0 && { mentions: [{ account: bob.account, from: 0, to: 4 }] }) });
        if (n % 7 === 0) await alice.call(retractMessage, { conversationId: group, messageId });
      }
    })();
    const lists: LiveConversations[] = [];
    for (let n = 0; n < 8; n += 1) {
      lists.push(await liveConversations(await bob.opensSocket(), bob.account));
      await bob.call(readTimeline, { conversationId: group, where: 'latest' });
    }
    await saying;
    const { unread, mentions } = rowOf(await bob.call(listConversations, {}));
    expect({ unread, mentions }).toEqual({ unread: 128, mentions: 12 });
    for (const list of [...lists, keeper]) await list.until('all was said', (now) => rowOf(now).lastOrdinal === 150 || undefined);
    await eventually('the last taking back is told', () => lists.every((list) => rowOf(list.now).unread === unread) || undefined, () => lists.map((list) => rowOf(list.now).unread), 2_500);
    expect(lists.map((list) => rowOf(list.now)).map((row) => [row.unread, row.mentions])).toEqual(lists.map(() => [unread, mentions]));
  });

  it('give back what was said while somebody was gone for a moment', async () => {
    const chat = await aDirectChat(alice, mallory);
    const here = await mallory.opensSocket();
    const { position } = (await here.subscribe('timeline', chat)) as { readonly position: number };
    here.close();
    await here.isClosed();
    await eventually('the tab is gone', () => appliance.house.hub.socketsOf(mallory.account) < 2 || undefined);
    await alice.says('while you were away', { in: chat });
    const back = await mallory.opensSocket();
    const again = (await back.subscribe('timeline', chat, position)) as { readonly resync: boolean };
    await back.caughtUp();
    const pushed = back.frames.some((frame) => frame.is === 'push' && JSON.stringify(frame).includes('while you were away'));
    // Either it is pushed, or the client is told to read.
    expect(pushed || again.resync).toBe(true);
    back.close();
  });
});

describe('unread and mentions', () => {
  it('are what counting the lines after the cursor gives', async () => {
    const group = await aGroup(alice, [bob, mallory], 'Counting');
    await happens(60, numbersFrom(7), group, [alice, bob, mallory]);
    for (const person of [alice, bob, mallory]) {
      const [row, page] = [(await person.call(listConversations, {})).conversations.find(({ conversationId }) => conversationId === group), await person.answer(readTimeline, { conversationId: group, where: 'latest', limit: 200 })];
      if ('refused' in page || !row) continue;
      const after = page.lines.filter((line): line is MessageLine => line.kind === 'message' && line.ordinal > row.cursorOrdinal && line.author !== person.account && !line.retracted);
      const joinedAt = page.lines.findLast((line) => line.kind === 'life' && line.what === 'joined' && line.account === person.account)?.revision ?? -1;
      const unread = after.filter(({ revision }) => revision > joinedAt);
      expect([row.unread, row.mentions], person.name).toEqual([unread.length, unread.filter(({ mentions }) => mentions.some(({ account }) => account === person.account || account === 'everyone')).length]);
    }
  });

  it('go back to where somebody marks as unread', async () => {
    const chat = await aDirectChat(alice, bob);
    const lines = [];
    for (let n = 0; n < 4; n += 1) lines.push(await alice.says(`line ${n}`, { in: chat }));
    const unread = async () => (await bob.call(listConversations, {})).conversations.find(({ conversationId }) => conversationId === chat)?.unread;
    expect(await unread()).toBe(4);
    await bob.call(markReadUpTo, { conversationId: chat, revision: lines[3]!.revision });
    expect(await unread()).toBe(0);
    await bob.call(markReadUpTo, { conversationId: chat, revision: lines[0]!.revision });
    expect(await unread()).toBe(0);
    await bob.call(markUnread, { conversationId: chat, revision: lines[2]!.revision });
    expect(await unread()).toBe(2);
    await bob.says('mine', { in: chat });
    expect(await unread()).toBe(0);
  });
});

describe('viewing', () => {
  it('is of ranges: a jump to the end marks nothing that it skipped', async () => {
    const chat = await aDirectChat(alice, mallory);
    const lines = [];
    for (let n = 0; n < 10; n += 1) lines.push(await alice.says(`line ${n}`, { in: chat }));
    const [first, last] = [lines[0]!.revision, lines[9]!.revision];
    await mallory.call(reportViewed, { ranges: [{ conversationId: chat, from: last, to: last }] });
    await mallory.call(markReadUpTo, { conversationId: chat, revision: last });
    await (await alice.timeline(chat)).until('the last line has its second mark', ({ viewed }) => viewed.some(([from, to]) => from <= last && to >= last));
    expect(await alice.call(whoViewed, { conversationId: chat, revision: last })).toMatchObject({ viewed: [{ account: mallory.account }], notYet: [] });
    expect(await alice.call(whoViewed, { conversationId: chat, revision: first })).toEqual({ viewed: [], notYet: [mallory.account] });
    expect((await alice.call(readTimeline, { conversationId: chat, where: 'latest' })).viewed).toEqual([[last, last]]);
  });

  it('gives the second mark when every other member has seen it, and not before', async () => {
    const group = await aGroup(alice, [bob, mallory], 'Marks');
    const { revision } = await alice.says('seen?', { in: group });
    const seen = { ranges: [{ conversationId: group, from: revision, to: revision }] };
    const marked = async () => (await alice.call(readTimeline, { conversationId: group, where: 'latest' })).viewed.some(([from, to]) => from <= revision && to >= revision);
    await alice.call(reportViewed, seen);
    await bob.call(reportViewed, seen);
    expect(await alice.call(whoViewed, { conversationId: group, revision })).toMatchObject({ viewed: [{ account: bob.account }], notYet: [mallory.account] });
    expect(await marked()).toBe(false);
    // Who leaves is not waited for.
    await mallory.call(leaveConversation, { conversationId: group });
    await (await alice.timeline(group)).until('everybody who is still in has seen it', ({ viewed }) => viewed.some(([from, to]) => from <= revision && to >= revision));
    expect(await marked()).toBe(true);
  });

  it('is believed neither beyond the end nor of conversations of others', async () => {
    const chat = await aDirectChat(alice, bob);
    const { revision } = await alice.says('only this', { in: chat });
    const before = await appliance.logSize();
    expect(await mallory.call(reportViewed, { ranges: [{ conversationId: chat, from: 0, to: revision }] })).toEqual({ revision: -1 });
    expect(await appliance.logSize()).toBe(before);
    await bob.call(reportViewed, { ranges: [{ conversationId: chat, from: revision, to: revision + 1_000 }] });
    const { revision: later } = await alice.says('later', { in: chat });
    expect(await alice.call(whoViewed, { conversationId: chat, revision: later })).toEqual({ viewed: [], notYet: [bob.account] });
  });

  it('is kept once and found again by a retry', async () => {
    const ines = await anEmployee(appliance, adam, 'ines');
    const chat = await aDirectChat(alice, ines);
    const { revision } = await alice.says('once', { in: chat });
    const [seen, how] = [{ ranges: [{ conversationId: chat, from: 0, to: revision }] }, { commandId: randomUUID() }];
    const first = await ines.call(reportViewed, seen, how);
    expect(await ines.call(reportViewed, seen, how)).toEqual(first);
    expect(await ines.call(reportViewed, seen)).toEqual({ revision: -1 });
    expect(await appliance.recorded(`reading-${ines.account}`)).toHaveLength(1);
  });
});
