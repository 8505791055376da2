import { describe, expect, it } from 'vitest';
import type { ArchiveParams } from '#projections/archive/search-archive.ts';
import { auditOf } from '#projections/audit/view.ts';
import { aConversationOpened, aMemberJoined, aMessageEdited, aMessagePosted, aMessageRetracted, alice, anAccountOpened, anInquiryOpened, aReactionAdded, aSignedIn, aSpaceFounded, aViewed, bob, general, gita, History, idFor, olive } from '../support/makers.ts';
import { onShelf, type Shelf } from './shelf.ts';

const stream = `conversation-${general}`;
const filter: ArchiveParams['filter'] = { kinds: [], states: [], people: [], conversations: [] };
const ask = (shelf: Shelf, query: string, more: Partial<ArchiveParams> = {}) => {
  const found = shelf.ask('archive.search', { query, filter, oldestFirst: false, limit: 50, facets: true, ...more });
  if ('unreadable' in found) throw new Error(found.says);
  return found;
};

const story = (): History => {
  const history = new History();
  history.add(`account-${alice}`, anAccountOpened({ account: alice, displayName: 'Alice Ames' }));
  history.add(`account-${bob}`, anAccountOpened({ account: bob, displayName: 'Bob Bell' }));
  history.add(`account-${gita}`, anAccountOpened({ account: gita, displayName: 'Gita Gray' }));
  history.add(stream, aConversationOpened({ title: 'Quarterly report' }));
  history.add(stream, aMessagePosted({ text: 'delete the draft before Friday', messageId: idFor(1) }));
  history.add(`reading-${bob}`, aViewed({ ranges: [{ at: 77, conversation: general, from: 1, to: 1 }] }), { kind: 'account', id: bob });
  history.add(stream, aMessageEdited({ text: 'keep the draft until Friday', messageId: idFor(1) }));
  history.add(stream, aMessagePosted({ author: bob, text: '我在上海', messageId: idFor(2), ordinal: 2 }));
  history.add(stream, aReactionAdded({ messageId: idFor(2), author: alice }));
  history.add(stream, aMemberJoined({ account: gita }));
  history.add(stream, aMessagePosted({ text: 'Friday it is', messageId: idFor(3), ordinal: 3 }));
  history.add(stream, aMessageRetracted({ messageId: idFor(3), ordinal: 3 }));
  history.add('case-unfiled', anInquiryOpened(), { kind: 'account', id: olive });
  history.add(`account-${alice}`, aSignedIn());
  return history;
};

describe('the archive', () => {
  it('finds first versions and retracted messages, says which they are, and counts exactly', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      const found = ask(shelf, 'friday');
      expect(found.hits.map((hit) => [hit.text, hit.state, hit.versions, hit.retractedAt !== null])).toEqual([
        ['Friday it is', 'retracted', 1, true], ['keep the draft until Friday', 'current', 2, false], ['delete the draft before Friday', 'earlier', 2, false],
      ]);
      expect(found.total).toBe(3);
      expect(found.facets.states).toEqual([{ value: 'current', name: 'current', count: 1 }, { value: 'earlier', name: 'earlier', count: 1 }, { value: 'retracted', name: 'retracted', count: 1 }]);
      expect(found.facets.people).toEqual([{ value: alice, name: 'Alice Ames', count: 3 }]);
      expect(found.facets.months).toEqual([{ value: '2026-11', name: '2026-11', count: 3 }]);
      expect(found.hits[1]!.marks).toEqual([[21, 27]]);
    }));

  it('names a channel with its space, a group by its title, and a direct chat by the other', () =>
    onShelf((shelf) => {
      const history = story();
      const [space, channel, direct] = [idFor(0x59ace), idFor(0x31), idFor(0x32)];
      history.add(`space-${space}`, aSpaceFounded({ title: 'Metering rollout', general: idFor(0x30), space }));
      history.add(`conversation-${idFor(0x30)}`, aConversationOpened({ conversation: idFor(0x30), kind: 'channel', space, general: true, title: '' }));
      history.add(`conversation-${channel}`, aConversationOpened({ conversation: channel, kind: 'channel', space, title: 'Field trials' }));
      history.add(`conversation-${direct}`, aConversationOpened({ conversation: direct, kind: 'direct' }));
      for (const [n, conversation] of [idFor(0x30), channel, direct].entries()) history.add(`conversation-${conversation}`, aMessagePosted({ text: 'the concentrator', messageId: idFor(0x40 + n), author: bob }));
      shelf.apply(history.events);
      const found = ask(shelf, 'concentrator', { oldestFirst: true });
      expect(found.hits.map((hit) => [hit.conversationTitle, hit.directWith]).toSorted()).toEqual([['Bob Bell, Alice Ames', 'Alice Ames'], ['Metering rollout / Field trials', null], ['Metering rollout / General', null]]);
      expect(found.facets.conversations.map(({ name }) => name).toSorted()).toEqual(['Bob Bell, Alice Ames', 'Metering rollout / Field trials', 'Metering rollout / General']);
      expect(ask(shelf, 'draft').hits[0]!.conversationTitle).toBe('Quarterly report');
    }));

  it('narrows by kind, state, person and words, and finds names and titles as text', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      expect(ask(shelf, 'NEAR(delete friday, 3) (draft OR clause)').total).toBe(1);
      expect(ask(shelf, 'friday', { filter: { ...filter, states: ['earlier'] } }).hits.map((hit) => hit.text)).toEqual(['delete the draft before Friday']);
      expect(ask(shelf, 'gita').hits.map((hit) => [hit.kind, hit.text])).toEqual([['membership', 'Gita Gray joined']]);
      expect(ask(shelf, 'quarterly').hits.map((hit) => hit.kind)).toEqual(['life']);
      expect(ask(shelf, 'from:bob').hits.map((hit) => hit.text)).toEqual(['我在上海']);
      expect(ask(shelf, '上海').total).toBe(1);
      expect(ask(shelf, '', { filter: { ...filter, kinds: ['reaction'] } }).hits.map((hit) => hit.text)).toEqual(['👍']);
      expect(ask(shelf, '-friday').total).toBe(ask(shelf, '').total - 3);
      expect(ask(shelf, 'friday from:nobody').total).toBe(0);
    }));

  it('pages through a result without losing or repeating an event', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      const seen: number[] = [];
      for (let next: string | null | undefined; next !== null; ) {
        const page = ask(shelf, '', { limit: 2, oldestFirst: true, ...(next === undefined ? {} : { next }) });
        seen.push(...page.hits.map((hit) => hit.position));
        next = page.next;
      }
      expect(seen).toEqual(ask(shelf, '').hits.map((hit) => hit.position).reverse());
    }));

  it('opens a hit with context, versions, viewers and its place in the record', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      const hit = shelf.ask('archive.hit', { conversationId: general, revision: 1, around: 2 })!;
      expect(hit.versions.map((version) => [version.what, version.text])).toEqual([['posted', 'delete the draft before Friday'], ['edited', 'keep the draft until Friday']]);
      expect(hit.viewers).toEqual([{ account: bob, name: 'Bob Bell', at: 77 }]);
      expect(hit.record).toEqual({ stream, revision: 1, position: 4, event: story().events[4]!.id, leaf: 'leaf-4', type: 'MessagePosted', imported: null });
      expect(hit.context.map((line) => [line.text, line.hit, line.retracted])).toEqual([['delete the draft before Friday', true, false], ['我在上海', false, false], ['Friday it is', false, true]]);
      expect(hit.members.map((member) => member.name)).toEqual(['Bob Bell', 'Alice Ames']);
    }));
});

describe('the search of people', () => {
  const search = (shelf: Shelf, account: string, query: string) => {
    const found = shelf.ask('search.messages', { account, query, limit: 50 });
    if ('unreadable' in found) throw new Error(found.says);
    return found;
  };

  it('finds current versions only, in one\'s own conversations only', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      expect(search(shelf, alice, 'friday').hits.map((hit) => [hit.text, hit.marks])).toEqual([['keep the draft until Friday', [[21, 27]]]]);
      expect(search(shelf, alice, 'delete').total).toBe(0);
      expect(search(shelf, olive, 'friday').total).toBe(0);
      expect(search(shelf, alice, '上海 from:bob in:report after:2026-11-01').total).toBe(1);
      expect(search(shelf, alice, '上海 from:alice').total).toBe(0);
      expect(search(shelf, alice, '上海 before:2026-11-01').total).toBe(0);
    }));

  it('counts the same however many of all conversations are one\'s own', () =>
    onShelf((shelf) => {
      const history = new History();
      const ids = Array.from({ length: 200 }, (_, n) => idFor(1_000 + n));
      for (const [n, id] of ids.entries()) {
        history.add(`conversation-${id}`, aConversationOpened({ founders: [alice, bob] }));
        history.add(`conversation-${id}`, aMessagePosted({ text: n % 2 === 0 ? 'the even tide' : 'an odd tide', messageId: idFor(5_000 + n) }));
      }
      shelf.apply(history.events);
      for (const own of [1, 64, 65, 100, 135, 136, 199, 200]) {
        const conversations = ids.slice(200 - own);
        const found = shelf.ask('search.messages', { account: alice, query: '"even tide"', limit: 10, conversations });
        if ('unreadable' in found) throw new Error(found.says);
        expect({ own, total: found.total, hits: found.hits.length }).toEqual({ own, total: Math.floor(own / 2), hits: Math.min(10, Math.floor(own / 2)) });
        expect(found.hits.every((hit) => conversations.includes(hit.conversationId))).toBe(true);
        const without = shelf.ask('search.messages', { account: alice, query: 'tide -even from:bob', limit: 10, conversations });
        expect(without).toMatchObject({ total: 0 });
      }
    }));

  it('shows what was said since one joined, where that is the rule', () =>
    onShelf((shelf) => {
      const history = new History();
      history.add(stream, aConversationOpened({ historyVisibility: 'sinceJoined' }));
      history.add(stream, aMessagePosted({ text: 'clause one', messageId: idFor(1) }));
      history.add(stream, aMemberJoined({ account: gita }));
      history.add(stream, aMessagePosted({ text: 'clause two', messageId: idFor(2), ordinal: 2 }));
      shelf.apply(history.events);
      expect(search(shelf, gita, 'clause').hits.map((hit) => hit.text)).toEqual(['clause two']);
      expect(search(shelf, alice, 'clause').total).toBe(2);
      expect(shelf.ask('timeline.page', { account: gita, conversationId: general, where: 'latest', now: 0 })!.lines.map((line) => line.revision)).toEqual([2, 3]);
    }));
});

describe('the audit log', () => {
  it('tells an officer the reason of an inquiry and an administrator only that there was one', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      const ask = (tellsReasons: boolean) => shelf.ask('audit.rows', { kinds: ['inquiry', 'sign-in'], limit: 10, tellsReasons }).rows.map((row) => [row.says, row.address]);
      expect(ask(true)).toEqual([['signed in', '192.0.2.1'], ['opened an inquiry: complaint 7', null]]);
      expect(ask(false)).toEqual([['signed in', '192.0.2.1'], ['opened an inquiry', null]]);
    }));

  it('has nothing of what is said in conversations', () => {
    expect(story().events.filter((event) => event.stream === stream).map(auditOf).filter(Boolean)).toEqual([]);
  });
});
