import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MeetingKeeper } from '#appliance/meetings/meeting-keeper.ts';
import { StandingFold } from '#src/accounts/standing-fold.ts';
import { settingsCatalogue, type SettingName } from '#src/contract/administration.ts';
import type { Opened } from '#src/every-event.ts';
import { limits } from '#src/contract/limits.ts';

const minutes = (count: number): number => count * 60_000;
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const [conversationId, alice, gita, hugo, callId] = Array.from({ length: 5 }, () => randomUUID()) as [string, string, string, string, string];
const heads = new Map<string, number>();
const event = (stream: string, type: string, data: object): Opened => {
  const revision = (heads.get(stream) ?? -1) + 1;
  heads.set(stream, revision);
  return { type, stream, position: 0, revision, data: { at: Date.now(), ...data }, metadata: { actor: { kind: 'account', id: '' } } } as unknown as Opened;
};
const there = (type: string, data: object): Opened => event(`conversation-${conversationId}`, type, data);
const of = (account: string, type: string, data: object): Opened => event(`account-${account}`, type, { account, ...data });

beforeEach(() => {
  vi.useFakeTimers();
  heads.clear();
});
afterEach(() => void vi.useRealTimers());

/** A node that keeps one meeting. What it records of guests happens, once under each id, as at a desk. */
const aNode = (room: 'public' | null, isConnected: (account: string) => boolean | undefined = () => true) => {
  const standing = new StandingFold((name) => settingsCatalogue[name as SettingName].default);
  const done = new Map<string, string>();
  const keeper = new MeetingKeeper({
    world: { standing }, standing, isConnected, clock: () => Date.now(), onFault: (cause) => { throw cause; },
    commandAs: async (_actor, useCase, input, options) => {
      const { account } = input as { account?: string };
      if (!done.has(options!.commandId!) && account !== undefined && useCase.name === 'dismissGuest') keeper.follow([there('MemberLeft', { account, by: alice, cause: 'removed' })]);
      done.set(options!.commandId!, `${useCase.name} ${account ?? ''}`);
      return { refused: true, code: 'nothing-to-record', sentence: '' };
    },
  }, []);
  keeper.follow([there('MeetingArranged', { admit: false, by: alice, guests: true, invited: [], room })]);
  const come = (account: string, sessionMs = minutes(720)): void => {
    standing.observe([of(account, 'AccountOpened', { kind: 'guest', meeting: conversationId, roles: [], signInName: null }), of(account, 'SignedIn', { expiresAt: Date.now() + sessionMs, sessionHash: account })]);
    keeper.follow([there('GuestEntered', { account, link: null }), there('MemberJoined', { account, by: account })]);
  };
  const everybodyWasThere = (): void => keeper.follow([
    there('CallStarted', { account: alice, audioOnly: false, callId, device: alice }),
    there('CallEnded', { audioOnly: false, callId, cause: 'everybody-left', people: [alice], startedAt: Date.now(), startedBy: alice }),
  ]);
  return { keeper, standing, come, everybodyWasThere, dismissed: () => [...done.values()].flatMap((one) => (one.startsWith('dismissGuest ') ? [one.split(' ')[1]] : [])) };
};

describe('guests of a room that everybody else has left', () => {
  it('are sent off after ten minutes of their own, one after the other', async () => {
    const node = aNode('public');
    node.everybodyWasThere();
    await pass(minutes(60));
    node.come(gita);
    await pass(minutes(9));
    expect(node.dismissed()).toEqual([]);
    await pass(minutes(1) + 500);
    expect(node.dismissed()).toEqual([gita]);
    node.come(hugo);
    await pass(minutes(9));
    expect(node.dismissed()).toEqual([gita]);
    await pass(minutes(1) + 500);
    expect(node.dismissed()).toEqual([gita, hugo]);
    node.keeper.close();
  });

  it('are forgotten when they have been gone for long', async () => {
    const node = aNode('public');
    const crowd = Array.from({ length: 60 }, () => randomUUID());
    for (const account of crowd) node.keeper.follow([there('GuestEntered', { account, link: null }), there('MemberLeft', { account, by: account, cause: 'self' })]);
    expect([node.keeper.meetingOfGuest(crowd[0]!), node.keeper.meetingOfGuest(crowd.at(-1)!)]).toEqual([undefined, conversationId]);
    node.keeper.close();
  });
});

describe('a guest who has closed the page', () => {
  const absentMs = minutes(limits.guestMinutesAbsent);

  it('keeps their place for a while, and comes back to it', async () => {
    let isOpen = true;
    const node = aNode(null, () => isOpen);
    node.come(gita);
    await pass(minutes(120));
    isOpen = false;
    await pass(absentMs - 1_000);
    isOpen = true;
    await pass(1_000);
    isOpen = false;
    await pass(absentMs - 1_000);
    expect(node.dismissed()).toEqual([]);
    await pass(1_500);
    expect(node.dismissed()).toEqual([gita]);
    node.keeper.close();
  });

  it('keeps it while they are in the call, and while this appliance cannot know of the others', async () => {
    const inCall = aNode(null, () => false);
    inCall.come(gita);
    inCall.keeper.follow([there('CallStarted', { account: gita, audioOnly: false, callId, device: gita })]);
    await pass(absentMs * 2);
    expect(inCall.dismissed()).toEqual([]);
    inCall.keeper.close();
    const cutOff = aNode(null, () => undefined);
    cutOff.come(hugo);
    await pass(absentMs * 2);
    expect(cutOff.dismissed()).toEqual([]);
    cutOff.keeper.close();
  });

  it('has no place once their last session has run out, wherever they seem to be', async () => {
    const node = aNode(null, () => undefined);
    node.come(gita, minutes(30));
    await pass(minutes(30));
    expect(node.standing.forgetExpired(Date.now())).toEqual([{ account: gita, hash: gita }]);
    expect([...node.standing.signedInGuests]).toEqual([]);
    await pass(absentMs + 500);
    expect(node.dismissed()).toEqual([gita]);
    node.keeper.close();
  });
});
