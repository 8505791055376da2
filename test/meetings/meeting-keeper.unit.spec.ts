import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectedBy, MeetingKeeper, type MeetingKeeperPorts } from '#appliance/meetings/meeting-keeper.ts';
import { theAppliance } from '#appliance/house/the-appliance.ts';
import { StandingFold } from '#src/accounts/standing-fold.ts';
import { settingsCatalogue, type SettingName } from '#src/contract/administration.ts';
import type { Opened } from '#src/every-event.ts';
import { limits } from '#src/contract/limits.ts';
import type { Call } from '#src/doors/door.ts';
import { Presence } from '#src/doors/socket/presence.ts';
import { conversationFold } from '#src/conversations/conversation.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { decided } from '#test/deciders/given-when-then.ts';
import { HeardClient } from '#test/support/heard-client.ts';
import { MemoryNetwork } from '#test/support/memory-bus.ts';

const minutes = (count: number): number => count * 60_000;
const absentMs = minutes(limits.guestMinutesAbsent);
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const [conversationId, alice, gita, hugo, callId] = Array.from({ length: 5 }, () => randomUUID()) as [string, string, string, string, string];

const opened: MeetingKeeper[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const keeper of opened.splice(0)) keeper.close();
  vi.useRealTimers();
});

/** The record of one meeting, and the nodes that keep it: what they ask for is decided as at a desk, and recorded once under each id. */
const aHouse = (room: 'public' | null) => {
  const standing = new StandingFold((name) => settingsCatalogue[name as SettingName].default);
  const [history, keepers, done] = [[] as Opened[], [] as MeetingKeeper[], new Set<string>()];
  const happens = (stream: string, type: string, data: object): void => {
    const revision = history.filter((event) => event.stream === stream).length;
    const event = { type, stream, position: history.length, revision, data: { at: Date.now(), ...data }, content: {}, metadata: { actor: { kind: 'account', id: '' } } } as unknown as Opened;
    history.push(event);
    standing.observe([event]);
    for (const keeper of keepers) keeper.follow([event]);
  };
  const there = (type: string, data: object): void => happens(`conversation-${conversationId}`, type, data);
  const of = (account: string, type: string, data: object): void => happens(`account-${account}`, type, { account, ...data });
  const commandAs: MeetingKeeperPorts['commandAs'] = async (actor, useCase, input, options) => {
    const acting = { actor, at: Date.now(), door: 'system' } as const;
    const decision = decided(useCase, history, input, acting);
    if (isRefusal(decision)) return decision;
    expect(actor).toEqual(theAppliance);
    if (!done.has(options!.commandId!)) for (const { type, data } of decision) happens(useCase.stream(input, acting), type, data);
    done.add(options!.commandId!);
    return { revision: 0, position: 0 } as never;
  };
  there('ConversationOpened', { by: alice, conversation: conversationId, founders: [alice], historyVisibility: 'sinceJoined', kind: 'meeting', space: null });
  there('MeetingArranged', { admit: false, by: alice, guests: true, invited: [], room });
  const signsIn = (account: string, sessionHash: string, sessionMs: number): void => of(account, 'SignedIn', { expiresAt: Date.now() + sessionMs, sessionHash });
  const entersAtTheDoor = (account: string): void => {
    of(account, 'AccountOpened', { kind: 'guest', meeting: conversationId, roles: [], signInName: null });
    there('GuestEntered', { account, link: null });
  };
  const isIn = (account: string, sessionMs: number): void => {
    signsIn(account, account, sessionMs);
    there('MemberJoined', { account, by: account });
  };
  return {
    standing, there, of,
    /** `again`: a process that takes over what the views have, as of now. */
    opens: (ports: Partial<MeetingKeeperPorts> = {}, again = false): MeetingKeeper => {
      const { meeting, call } = history.filter(({ stream }) => stream.startsWith('conversation-')).reduce(conversationFold.evolve, conversationFold.initial());
      const keeper = new MeetingKeeper({ world: { standing }, standing, isConnected: () => true, bus: undefined, shared: false, clock: () => Date.now(), onFault: (cause) => { throw cause; }, commandAs, ...ports }, again ? [{ conversationId, meeting: meeting!, call }] : []);
      if (!again) keeper.follow(history);
      keepers.push(keeper);
      opened.push(keeper);
      return keeper;
    },
    signsIn,
    /** Step by step, as the appliance records it; `between` the place and the session there may be a look. */
    async comesSlowly(account: string, between: () => Promise<unknown>, sessionMs = minutes(720)): Promise<void> {
      entersAtTheDoor(account);
      await between();
      isIn(account, sessionMs);
    },
    comes(account: string, sessionMs = minutes(720)): void {
      entersAtTheDoor(account);
      isIn(account, sessionMs);
    },
    everybodyWasThere(): void {
      there('CallStarted', { account: alice, audioOnly: false, callId, device: alice });
      there('CallEnded', { audioOnly: false, callId, cause: 'everybody-left', people: [alice], startedAt: Date.now(), startedBy: alice });
    },
    /** Of those who are gone, why, and who did it. */
    left: () => history.flatMap((event) => (event.type === 'MemberLeft' ? [[event.data.account, event.data.cause, event.data.by]] : [])),
  };
};

describe('guests of a room that everybody else has left', () => {
  it('are sent off after ten minutes of their own, one after the other', async () => {
    const house = aHouse('public');
    house.opens();
    house.everybodyWasThere();
    await pass(minutes(60));
    house.comes(gita);
    await pass(minutes(9));
    expect(house.left()).toEqual([]);
    await pass(minutes(1) + 500);
    expect(house.left()).toEqual([[gita, 'left-alone', undefined]]);
    house.comes(hugo);
    await pass(minutes(9));
    expect(house.left()).toHaveLength(1);
    await pass(minutes(1) + 500);
    expect(house.left().slice(1)).toEqual([[hugo, 'left-alone', undefined]]);
  });

  it('are not sent off by a clock that jumps, but after the rest of their ten minutes', async () => {
    const house = aHouse('public');
    house.everybodyWasThere();
    house.opens();
    house.comes(gita);
    await pass(minutes(4));
    vi.setSystemTime(Date.now() + minutes(60));
    await pass(minutes(6) - 1_000);
    expect(house.left()).toEqual([]);
    await pass(1_500);
    expect(house.left()).toEqual([[gita, 'left-alone', undefined]]);
  });

  for (const [how, jumpMs] of [['before', minutes(60)], ['back before', -minutes(60)]] as const) {
    it(`are sent off ten minutes after a restart, by a clock that jumped ${how} it too`, async () => {
      const house = aHouse('public');
      house.everybodyWasThere();
      const keeper = house.opens();
      house.comes(gita);
      await pass(minutes(6));
      keeper.close();
      vi.setSystemTime(Date.now() + jumpMs);
      house.opens({}, true);
      await pass(minutes(1));
      // A clock that was behind is put right.
      vi.setSystemTime(Date.now() + Math.max(0, -jumpMs));
      await pass(minutes(9) - 1_000);
      expect(house.left()).toEqual([]);
      await pass(1_500);
      expect(house.left()).toEqual([[gita, 'left-alone', undefined]]);
    });
  }

  it('are forgotten when they have been gone for long', () => {
    const house = aHouse('public');
    const keeper = house.opens();
    const crowd = Array.from({ length: 60 }, () => randomUUID());
    for (const account of crowd) {
      house.there('GuestEntered', { account, link: null });
      house.there('MemberLeft', { account, by: account, cause: 'self' });
    }
    expect([keeper.meetingOfGuest(crowd[0]!), keeper.meetingOfGuest(crowd.at(-1)!)]).toEqual([undefined, conversationId]);
  });
});

/** One question of a guest, over whatever way. */
const asks = (keeper: MeetingKeeper, account: string): void =>
  void keeper.noticing({ endpoints: new Map(), call: () => Promise.resolve(null) }).call('readVisit', {}, { caller: { account, roles: new Set(), session: '', guest: true } } as unknown as Call);

describe('a guest who has closed the page', () => {
  it('keeps their place for a while, and comes back to it', async () => {
    let isOpen = true;
    const house = aHouse(null);
    house.opens({ isConnected: () => isOpen });
    house.comes(gita);
    await pass(minutes(120));
    isOpen = false;
    await pass(absentMs - 1_000);
    isOpen = true;
    await pass(1_000);
    isOpen = false;
    await pass(absentMs - 1_000);
    expect(house.left()).toEqual([]);
    await pass(1_500);
    expect(house.left()).toEqual([[gita, 'absent', undefined]]);
  });

  it('has it open as long as they ask something, without any socket', async () => {
    const house = aHouse(null);
    const keeper = house.opens({ isConnected: () => false });
    house.comes(gita);
    house.comes(hugo);
    for (let minute = 0; minute < 2 * limits.guestMinutesAbsent; minute += 1) {
      asks(keeper, gita);
      await pass(minutes(1));
    }
    expect(house.left()).toEqual([[hugo, 'absent', undefined]]);
    await pass(absentMs);
    expect(house.left().slice(1)).toEqual([[gita, 'absent', undefined]]);
  });

  it('is not taken for absent by a clock that jumps while they come back', async () => {
    let isOpen = true;
    const house = aHouse(null);
    house.opens({ isConnected: () => isOpen });
    house.comes(gita);
    await pass(minutes(1));
    isOpen = false;
    vi.setSystemTime(Date.now() + absentMs);
    await pass(2_000);
    isOpen = true;
    await pass(absentMs * 2);
    expect(house.left()).toEqual([]);
  });

  it('keeps it while they are in the call, and while this appliance cannot know of the others', async () => {
    const inCall = aHouse(null);
    inCall.opens({ isConnected: () => false });
    inCall.comes(gita);
    inCall.there('CallStarted', { account: gita, audioOnly: false, callId, device: gita });
    await pass(absentMs * 2);
    expect(inCall.left()).toEqual([]);
    const cutOff = aHouse(null);
    cutOff.opens({ isConnected: () => undefined });
    cutOff.comes(hugo);
    await pass(absentMs * 2);
    expect(cutOff.left()).toEqual([]);
  });

  it('has no place once their last session is over, wherever they seem to be', async () => {
    const house = aHouse(null);
    house.opens({ isConnected: () => undefined });
    house.comes(gita, minutes(30));
    house.signsIn(gita, 'second', minutes(60));
    house.signsIn(gita, 'third', minutes(5));
    house.of(gita, 'SignedOut', { cause: 'self', sessionHash: 'third' });
    await pass(minutes(30));
    expect(house.standing.forgetExpired(Date.now())).toEqual([{ account: gita, hash: gita }]);
    await pass(absentMs + 1_000);
    expect([house.left(), [...house.standing.signedInGuests]]).toEqual([[], [gita]]);
    await pass(minutes(15));
    expect(house.standing.forgetExpired(Date.now())).toEqual([{ account: gita, hash: 'second' }]);
    await pass(absentMs + 500);
    expect(house.left()).toEqual([[gita, 'absent', undefined]]);
  });
});

describe('a guest of several nodes', () => {
  /** Two nodes that follow one record, with a bus between them. */
  const twoNodes = () => {
    const [network, house] = [new MemoryNetwork(), aHouse(null)];
    const open = () => {
      const bus = network.node();
      const presence = new Presence(bus, Date.now);
      return { bus, presence, keeper: house.opens({ bus, shared: true, isConnected: connectedBy(presence, { bus, shared: true }) }) };
    };
    return { network, house, open, one: open(), two: open() };
  };

  it('is there for all of them while they ask one of them, and then for none', async () => {
    const { house, one, two } = twoNodes();
    house.comes(gita);
    asks(one.keeper, gita);
    for (let minute = 0; minute < 2 * limits.guestMinutesAbsent; minute += 1) {
      asks(two.keeper, gita);
      await pass(minutes(1));
    }
    expect(house.left()).toEqual([]);
    await pass(absentMs + minutes(1));
    expect(house.left()).toEqual([[gita, 'absent', undefined]]);
  });

  it('is let go by no other when the one that has their socket alone loses the bus', async () => {
    const { network, house, one, two } = twoNodes();
    house.comes(gita);
    const tab = new HeardClient(gita);
    two.presence.arrived(tab);
    await pass(minutes(1));
    network.cut(two.bus);
    await pass(absentMs * 3);
    expect([one.presence.stateOf(gita), house.left()]).toEqual(['offline', []]);
    network.heal(two.bus);
    two.presence.left(tab);
    await pass(absentMs + minutes(1));
    expect(house.left()).toEqual([[gita, 'absent', undefined]]);
  });

  it('is let go by the other when theirs has taken its leave', async () => {
    const { house, two } = twoNodes();
    house.comes(gita);
    two.presence.arrived(new HeardClient(gita));
    await pass(minutes(1));
    two.presence.close();
    two.keeper.close();
    await pass(absentMs + minutes(1));
    expect(house.left()).toEqual([[gita, 'absent', undefined]]);
  });

  /** A node that was opened while the one that has gita's socket was cut off, so that it never heard of that one. */
  const strangers = () => {
    const { network, house, open, one, two } = twoNodes();
    network.cut(two.bus);
    one.keeper.close();
    one.presence.close();
    two.presence.arrived(new HeardClient(gita));
    return { house, two, late: open() };
  };

  it('is not for a node to judge that never found them: one that it has never heard of may', async () => {
    const { house, late } = strangers();
    house.comes(gita);
    await pass(absentMs * 2);
    expect([late.presence.missesANode, house.left()]).toEqual([false, []]);
  });

  it('is not found by what stands in the record: a call that they were in, a moment without a session', async () => {
    const { house, late } = strangers();
    await house.comesSlowly(gita, () => pass(1_000));
    await pass(minutes(1));
    house.there('CallStarted', { account: alice, audioOnly: false, callId, device: alice });
    house.there('CallJoined', { account: gita, callId, device: gita });
    await pass(minutes(1));
    house.there('CallLeft', { account: gita, callId, cause: 'self', device: gita });
    await pass(absentMs * 2);
    expect([late.presence.missesANode, house.left()]).toEqual([false, []]);
  });

  it('is found in a call, too, and let go after it', async () => {
    const { house, two } = twoNodes();
    const tab = new HeardClient(gita);
    two.presence.arrived(tab);
    house.there('CallStarted', { account: alice, audioOnly: false, callId, device: alice });
    house.comes(gita);
    house.there('CallJoined', { account: gita, callId, device: gita });
    await pass(minutes(1));
    two.presence.left(tab);
    house.there('CallLeft', { account: gita, callId, cause: 'connection', device: gita });
    await pass(absentMs + 1_000);
    expect(house.left()).toEqual([[gita, 'absent', undefined]]);
  });

  it('is found by the node where they came in, though they never ask anything again', async () => {
    const { house, one } = twoNodes();
    house.comes(gita);
    one.keeper.entered(gita, conversationId);
    await pass(absentMs + minutes(1));
    expect(house.left()).toEqual([[gita, 'absent', undefined]]);
  });
});
