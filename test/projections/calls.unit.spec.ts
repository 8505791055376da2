import { describe, expect, it } from 'vitest';
import { callsView } from '#projections/calls/view.ts';
import { deskView } from '#projections/desk/view.ts';
import type { View } from '#projections/view.ts';
import { aConversationOpened, alice, bob, gita, History, idFor } from '../support/makers.ts';
import { latestCall } from './random-calls.ts';
import { historyOf, people, rooms } from './random-history.ts';
import { aKnockThatEnds } from './random-meetings.ts';
import { aDifference, deafTo, onShelf } from './shelf.ts';
import { standingLaw } from './standing-law.ts';

const [room, call, device] = [idFor(0x300), idFor(0x301), idFor(0x302)];
const stream = `conversation-${room}`;
const at = Date.UTC(2026, 10, 21, 9);
const mine = { account: alice, conversations: [[room, 0]] as const, limit: 50 };

/** Alice rings Bob and Gita; Bob answers, Gita does not. */
const story = (): History => {
  const history = new History();
  history.add(stream, aConversationOpened({ conversation: room, founders: [alice, bob, gita], by: alice }));
  history.add(stream, { type: 'CallStarted', data: { account: alice, at, audioOnly: true, callId: call, device } });
  history.add(stream, { type: 'CallRang', data: { accounts: [bob, gita], at, by: alice, callId: call } });
  history.add(stream, { type: 'CallJoined', data: { account: bob, at: at + 5_000, callId: call, device } });
  history.add(stream, { type: 'CallUnanswered', data: { accounts: [gita], at: at + 45_000, audioOnly: true, callId: call, startedBy: alice } });
  history.add(stream, { type: 'CallEnded', data: { at: at + 725_000, audioOnly: true, by: alice, callId: call, cause: 'host-ended', people: [alice, bob], startedAt: at, startedBy: alice } });
  return history;
};

const callsStand = (broken?: View): void =>
  standingLaw(['desk', 'calls'], (shelf, seen) => {
    const standing = new Map(shelf.ask('desk.calls', {}).map(({ conversationId, call: one }) => [conversationId, one]));
    const kept = new Map(shelf.running('calls').reader.all<{ conversation: string; standing: string }>('SELECT conversation, standing FROM calls WHERE standing IS NOT NULL').map((row) => [row.conversation, JSON.parse(row.standing) as unknown]));
    for (const id of rooms) {
      const known = latestCall(seen, `conversation-${id}`);
      for (const one of [standing, kept]) expect(one.get(id)).toEqual(known === null || known.over ? undefined : known);
      // And it agrees with the list of calls that people look at.
      const { calls } = shelf.ask('calls.past', { account: people[0]!, conversations: [[id, 0]], limit: 500 });
      expect(calls.filter(({ endedAt }) => endedAt === null).map(({ callId }) => callId)).toEqual(known === null || known.over ? [] : [known.callId]);
    }
  }, broken);

describe('calls that were', () => {
  it('are for each what they were to them', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      const roleOf = (account: string): unknown => shelf.ask('calls.past', { ...mine, account }).calls[0]?.role;
      expect([alice, bob, gita, idFor(0x999)].map(roleOf)).toEqual(['placed', 'answered', 'missed', 'without-me']);
      expect(shelf.ask('calls.past', mine).calls[0]).toMatchObject({ callId: call, seconds: 725, people: [alice, bob], audioOnly: true, startedBy: alice });
    }));

  it('do not show before somebody came, nor elsewhere', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      expect(shelf.ask('calls.past', { ...mine, conversations: [[room, 2]] }).calls).toEqual([]);
      expect(shelf.ask('calls.past', { ...mine, conversations: [] }).calls).toEqual([]);
    }));

  it('are found in the archive, by person and kind and as sentences', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      const filter = { kinds: ['call' as const], states: [], people: [gita], conversations: [] };
      const found = shelf.ask('archive.search', { query: '', filter, oldestFirst: true, limit: 50, facets: true });
      expect('hits' in found && found.hits.map(({ kind, author }) => [kind, author])).toEqual([['call', gita]]);
      expect(shelf.ask('archive.search', { query: 'missed', filter: { ...filter, people: [] }, oldestFirst: true, limit: 50, facets: false })).toMatchObject({ total: 1 });
    }));

  it('stand in the timeline, the missed one for whom it was missed', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      const page = shelf.ask('timeline.page', { account: gita, conversationId: room, where: 'latest', now: at });
      expect(page?.lines.flatMap((line) => (line.kind === 'call' ? [[line.what, line.account]] : []))).toEqual([['started', alice], ['joined', bob], ['unanswered', gita], ['ended', alice]]);
      expect(page?.lines.at(-1)).toMatchObject({ seconds: 725, people: 2 });
      expect(page?.lastOrdinal).toBe(0);
    }));
});

describe('calls in progress', () => {
  // The next appliance reads what the views have kept: whoever must change this shape, or what an event makes of it, raises both versions, so that both are made anew.
  it('are kept in one shape for one version of the views that keep them', () =>
    onShelf((shelf) => {
      const history = story();
      const callId = idFor(0x303);
      history.add(stream, { type: 'CallStarted', data: { account: alice, at, audioOnly: false, callId, device } });
      history.add(stream, { type: 'CallMuted', data: { account: alice, at, by: alice, callId, what: 'audio' } });
      shelf.apply(history.events);
      const kept = {
        callId, revision: 7, startedAt: at, startedBy: alice, audioOnly: false, answered: false, over: false,
        parties: [{ account: alice, device, joined: 6, joinedAt: at, sharing: false, guest: false, taken: { audio: 7 } }], ringing: [], knocking: [], people: [alice], removed: [],
      };
      const { standing } = shelf.running('calls').reader.get<{ standing: string }>('SELECT standing FROM calls WHERE standing IS NOT NULL')!;
      const { call } = shelf.running('desk').reader.get<{ call: string }>('SELECT call FROM conversations WHERE call IS NOT NULL')!;
      expect([callsView.version, JSON.parse(standing), deskView.version, JSON.parse(call)]).toEqual([3, kept, 9, kept]);
    }, [], ['calls', 'desk']));

  it('are what the log says they are, wherever batches end', () => callsStand());

  it.each([deskView, callsView])('would be caught where who asked to come in, and went, asks for ever in the view $name', (view) => {
    expect(() => callsStand(deafTo(view, 'MemberLeft'))).toThrow(aDifference);
  });

  it('begin with somebody who asks to come in and goes, in every history', () => {
    const types = historyOf([...aKnockThatEnds]).events.map(({ type }) => type);
    expect(types.slice(types.indexOf('CallStarted'))).toEqual(['CallStarted', 'CallRang', 'GuestEntered', 'GuestKnocked', 'MemberLeft']);
  });

  it('would be caught where an end is overlooked', () => {
    expect(() => callsStand(deafTo(callsView, 'CallEnded'))).toThrow(aDifference);
  });
});
