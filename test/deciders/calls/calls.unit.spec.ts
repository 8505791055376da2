import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declineCall } from '#src/calls/decline-call.ts';
import { dropFromCall } from '#src/calls/drop-from-call.ts';
import { endCall } from '#src/calls/end-call.ts';
import { endRinging } from '#src/calls/end-ringing.ts';
import { joinCall } from '#src/calls/join-call.ts';
import { leaveCall } from '#src/calls/leave-call.ts';
import { muteInCall } from '#src/calls/mute-in-call.ts';
import { removeFromCall } from '#src/calls/remove-from-call.ts';
import { ringInCall } from '#src/calls/ring-in-call.ts';
import { shareScreen } from '#src/calls/share-screen.ts';
import { startCall } from '#src/calls/start-call.ts';
import { closeChannel } from '#src/conversations/close-channel.ts';
import { conversationFold, type ConversationState } from '#src/conversations/conversation.ts';
import { leaveConversation } from '#src/conversations/leave-conversation.ts';
import { limits } from '#src/contract/limits.ts';
import type { OpenedEvent } from '#src/kernel/event.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import type { Acting, Permit, UseCase } from '#src/kernel/use-case.ts';
import type { World } from '#src/accounts/standing.ts';
import { decided, recorded, specOf, type Happened } from '../given-when-then.ts';
import { aChannel, aConversation, aDirect, anAccountOpened, aSpace, aSuspension, channel, direct, everybody, group } from '../makers.ts';
import { adam, alice, bob, by, bySystem, carla, idOf, mallory, noon, olive } from '../people.ts';

const [call, device, other] = [idOf(400), idOf(410), idOf(411)];
const here = { conversationId: group, callId: call };
const fact = (type: string, data: Happened['data'], conversation = group): Happened => ({ stream: streams.conversation(conversation), type, data: { at: noon, callId: call, ...data } });
const started = (conversation = group, account = alice): Happened => fact('CallStarted', { account, audioOnly: false, device }, conversation);
const rang = (...accounts: string[]): Happened => fact('CallRang', { accounts, by: alice });
const joined = (account: string, on = other): Happened => fact('CallJoined', { account, device: on });
const ended = (cause: string, people: readonly string[], who?: string) =>
  ({ type: 'CallEnded', data: { at: noon, audioOnly: false, ...(who === undefined ? {} : { by: who }), callId: call, cause, people, startedAt: noon, startedBy: alice } });
const left = (account: string, cause: string, on = other, who?: string) => ({ type: 'CallLeft', data: { account, at: noon, ...(who === undefined ? {} : { by: who }), callId: call, cause, device: on } });
const missed = (account: string) => ({ type: 'CallUnanswered', data: { accounts: [account], at: noon, audioOnly: false, callId: call, startedBy: alice } });
const aGroup = aConversation({ founders: [alice, bob, carla, olive] });

describe('starting a call', () => {
  const { given } = specOf(startCall);
  const input = { ...here, device, audioOnly: false, ring: [bob, carla] };
  const starts = { type: 'CallStarted', data: { account: alice, at: noon, audioOnly: false, callId: call, device } };
  it('rings whom it names', () => given(aGroup).when(input).then(starts, { type: 'CallRang', data: { accounts: [bob, carla], at: noon, by: alice, callId: call } }));
  it('rings nobody where nobody is named', () => given(aGroup).when({ ...input, ring: [] }).then(starts));
  it('rings the other one in a direct chat', () => given(aDirect()).when({ ...input, conversationId: direct, ring: [] }).then(starts, { type: 'CallRang', data: { accounts: [bob], at: noon, by: alice, callId: call } }));
  it('does not ring strangers, the suspended or itself', () => given(aGroup, aSuspension(carla)).when({ ...input, ring: [alice, carla, mallory] }).then(starts));
  it('is not its own retry where others are to ring', () => {
    const of = (...accounts: string[]) => recorded([started(), ...(accounts.length > 0 ? [rang(...accounts)] : [])]);
    const same = (ring: readonly string[], events: readonly OpenedEvent[]) => startCall.isSameIntent({ ...input, ring: [...ring] }, events);
    expect([same([bob, carla], of(bob, carla)), same([bob, carla], of(bob)), same([bob, carla], of()), same([], of(bob))]).toEqual([true, true, true, true]);
    expect([same([carla], of(bob)), same([bob], of(bob, carla)), same([], of(bob, carla))]).toEqual([false, false, false]);
  });
  it('is refused where one is in progress', () => given(aGroup, started(group, bob)).when({ ...input, callId: idOf(401) }).thenRefused('call-in-progress'));
  it('is refused under the id of the call before', () => given(aGroup, started(), { ...fact('x', {}), ...ended('host-ended', [alice], alice) }).when(input).thenRefused('call-id-taken'));
  it('is refused to who is no member', () => given(aGroup).when(input, by(mallory)).thenRefused('not-a-member'));
  it('is refused where the conversation is closed', () => given(aGroup, { stream: aGroup.stream, type: 'ConversationClosed', data: { at: noon, by: alice, cause: 'deleted' } }).when(input).thenRefused('conversation-closed'));
  it('is refused where calls are off', () => given(aGroup, { stream: streams.settings, type: 'SettingPut', data: { at: noon, by: adam, name: 'callsEnabled', scope: { id: null, kind: 'global' }, value: 'false' } }).when(input).thenRefused('calls-off'));
});

describe('joining a call', () => {
  const { given } = specOf(joinCall);
  const input = { ...here, device: other };
  const joins = { type: 'CallJoined', data: { account: bob, at: noon, callId: call, device: other } };
  it('takes part, rung or not', () => given(aGroup, started(), rang(bob)).when(input, by(bob)).then(joins));
  it('moves from another device of one\'s own', () => given(aGroup, started(), joined(bob, idOf(412))).when(input, by(bob)).then(joins));
  it('records nothing for the device that is in it', () => given(aGroup, started(), joined(bob)).when(input, by(bob)).thenRefused('nothing-to-record'));
  it('is refused with a device that another one is in with, to who is in it too', () => {
    given(aGroup, started(), joined(carla)).when(input, by(bob)).thenRefused('device-taken');
    given(aGroup, started(), joined(carla), joined(bob, idOf(412))).when(input, by(bob)).thenRefused('device-taken');
  });
  it('is refused once the call is over', () => given(aGroup).when(input, by(bob)).thenRefused('call-over'));
  it('is refused to who was removed', () => given(aGroup, started(), joined(bob), { ...fact('x', {}), ...left(bob, 'removed', other, alice) }).when(input, by(bob)).thenRefused('not-admitted'));
  it('is open again to who was rung after it', () => given(aGroup, started(), joined(bob), { ...fact('x', {}), ...left(bob, 'removed', other, alice) }, rang(bob)).when(input, by(bob)).then(joins));
  it('is refused to the ninth', () => {
    const crowd = Array.from({ length: limits.callPeopleMax }, (_, n) => idOf(500 + n));
    given(...crowd.map((account, n) => anAccountOpened(account, `crowd${n}`)), aConversation({ founders: [bob, ...crowd] }), started(group, crowd[0]), ...crowd.slice(1).map((account) => joined(account))).when(input, by(bob)).thenRefused('call-full', 8);
  });
});

describe('leaving a call', () => {
  const { given } = specOf(leaveCall);
  it('leaves the others in it', () => given(aGroup, started(), joined(bob)).when({ ...here, device: other }, by(bob)).then(left(bob, 'self')));
  it('ends it with the last one', () => given(aGroup, started(), joined(bob), { ...fact('x', {}), ...left(alice, 'self', device) }).when({ ...here, device: other }, by(bob)).then(left(bob, 'self'), ended('everybody-left', [alice, bob])));
  it('gives it up while nobody has answered, and who rings has missed it', () => given(aGroup, started(), rang(bob, carla)).when({ ...here, device }).then(...[left(alice, 'self', device), missed(bob), missed(carla), ended('given-up', [alice])]));
  it('records nothing from a device that is not in it', () => given(aGroup, started()).when({ ...here, device: other }).thenRefused('nothing-to-record'));
});

describe('declining a call', () => {
  const { given } = specOf(declineCall);
  const declines = { type: 'CallDeclined', data: { account: bob, at: noon, audioOnly: false, callId: call, startedBy: alice } };
  it('lets it ring for the others', () => given(aGroup, started(), rang(bob, carla)).when(here, by(bob)).then(declines));
  it('ends it where nobody else may still answer', () => given(aGroup, started(), rang(bob)).when(here, by(bob)).then(declines, ended('declined', [alice])));
  it('leaves those in it who answered', () => given(aGroup, started(), rang(bob, carla), joined(carla)).when(here, by(bob)).then(declines));
  it('is refused to who is not rung', () => given(aGroup, started(), rang(carla)).when(here, by(bob)).thenRefused('not-rung'));
  it('is refused once it is over', () => given(aGroup).when(here, by(bob)).thenRefused('call-over'));
});

describe('ringing somebody in', () => {
  const { given } = specOf(ringInCall);
  it('rings whoever is not in it and does not ring', () => given(aGroup, started(), rang(bob)).when({ ...here, accounts: [bob, carla] }).then({ type: 'CallRang', data: { accounts: [carla], at: noon, by: alice, callId: call } }));
  it('is not its own retry where others are to ring', () => {
    const same = (accounts: string[]) => ringInCall.isSameIntent({ ...here, accounts }, recorded([rang(bob)]));
    expect([same([bob]), same([bob, carla]), same([carla])]).toEqual([true, true, false]);
  });
  it('records nothing where all are in it or ring', () => given(aGroup, started(), rang(bob)).when({ ...here, accounts: [bob] }).thenRefused('nothing-to-record'));
  it('is refused for who is no member', () => given(aGroup, started()).when({ ...here, accounts: [mallory] }).thenRefused('person-not-found'));
  it('is refused to who is not in it', () => given(aGroup, started()).when({ ...here, accounts: [carla] }, by(bob)).thenRefused('not-in-call'));
  it('is refused once it is over', () => given(aGroup).when({ ...here, accounts: [bob] }).thenRefused('call-over'));
});

describe('a host', () => {
  it('mutes, and nobody else', () => {
    const { given } = specOf(muteInCall);
    const muted = (what: string) => ({ type: 'CallMuted', data: { account: bob, at: noon, by: alice, callId: call, what } });
    given(aGroup, started(), joined(bob)).when({ ...here, account: bob, what: 'audio' }).then(muted('audio'));
    given(aGroup, started(), joined(bob), fact('ScreenShared', { account: bob })).when({ ...here, account: bob, what: 'screen' }).then(muted('screen'), { type: 'ScreenShareEnded', data: { account: bob, at: noon, callId: call } });
    given(aGroup, started(), joined(bob)).when({ ...here, account: alice, what: 'audio' }, by(bob)).thenRefused('not-the-host');
    given(aGroup, started(), joined(bob)).when({ ...here, account: carla, what: 'audio' }).thenRefused('not-in-call');
    given(aGroup, started()).when({ ...here, account: alice, what: 'audio' }, by(bob)).thenRefused('not-in-call');
    given(aGroup).when({ ...here, account: bob, what: 'audio' }).thenRefused('call-over');
  });
  it('removes, and nobody else', () => {
    const { given } = specOf(removeFromCall);
    given(aGroup, started(), joined(bob)).when({ ...here, account: bob }).then(left(bob, 'removed', other, alice));
    given(aGroup, started(), joined(bob)).when({ ...here, account: alice }, by(bob)).thenRefused('not-the-host');
    given(aGroup, started()).when({ ...here, account: bob }).thenRefused('not-in-call');
    given(aGroup).when({ ...here, account: bob }).thenRefused('call-over');
  });
  it('ends it for all, and nobody else; once it is over there is nothing to end', () => {
    const { given } = specOf(endCall);
    given(aGroup, started(), joined(bob), rang(carla)).when(here).then(missed(carla), ended('host-ended', [alice, bob], alice));
    given(aGroup, started(), joined(bob)).when(here, by(bob)).thenRefused('not-the-host');
    given(aGroup).when(here).thenRefused('nothing-to-record');
  });
  it('is who has been in it longest, once the starter has left', () => specOf(endCall).given(aGroup, started(), joined(bob), joined(carla), { ...fact('x', {}), ...left(alice, 'self', device) }).when(here, by(bob)).then(ended('host-ended', [alice, bob, carla], bob)));
  it('is always of the house', () => {
    const aGuest: Happened = { ...joined(carla), actor: { id: carla, kind: 'guest' } };
    const gone = { ...fact('x', {}), ...left(alice, 'self', device) };
    specOf(endCall).given(aGroup, started(), aGuest, joined(bob), gone).when(here, by(bob)).then(ended('host-ended', [alice, carla, bob], bob));
    specOf(endCall).given(aGroup, started(), aGuest, gone).when(here, by(carla)).thenRefused('not-the-host');
    const byAGuest: Happened = { ...started(group, carla), actor: { id: carla, kind: 'guest' } };
    specOf(removeFromCall).given(aGroup, byAGuest, joined(bob)).when({ ...here, account: carla }, by(bob)).then(left(carla, 'removed', device, bob));
  });
});

describe('sharing a screen', () => {
  const { given } = specOf(shareScreen);
  it('is recorded, and its end', () => {
    given(aGroup, started()).when({ ...here, sharing: true }).then({ type: 'ScreenShared', data: { account: alice, at: noon, callId: call } });
    given(aGroup, started(), fact('ScreenShared', { account: alice })).when({ ...here, sharing: false }).then({ type: 'ScreenShareEnded', data: { account: alice, at: noon, callId: call } });
  });
  it('is refused where there is nothing to say, and to who is not in it', () => {
    given(aGroup, started()).when({ ...here, sharing: false }).thenRefused('nothing-to-record');
    given(aGroup, started()).when({ ...here, sharing: true }, by(bob)).thenRefused('not-in-call');
    given(aGroup).when({ ...here, sharing: true }).thenRefused('call-over');
  });
});

describe('the appliance', () => {
  it('lets a ring end, and the call where nobody ever answered', () => {
    const { given } = specOf(endRinging);
    given(aGroup, started(), rang(bob)).when({ ...here, since: 2 }, bySystem).then(missed(bob), ended('no-answer', [alice]));
    given(aGroup, started(), rang(bob), joined(carla)).when({ ...here, since: 2 }, bySystem).then(missed(bob));
    given(aGroup, started(), rang(bob), rang(carla)).when({ ...here, since: 2 }, bySystem).then(missed(bob));
    given(aGroup, started(), rang(bob), joined(bob)).when({ ...here, since: 2 }, bySystem).thenRefused('nothing-to-record');
    given(aGroup, started(), rang(bob)).when({ ...here, since: 2 }, by(bob)).thenRefused('not-allowed');
  });
  it('takes out who is not heard of, under the join they were not heard of since', () => {
    const { given } = specOf(dropFromCall);
    const gone = { ...here, account: bob, joined: 2, cause: 'connection' } as const;
    given(aGroup, started(), joined(bob)).when(gone, bySystem).then(left(bob, 'connection'));
    given(aGroup, started(), joined(bob), joined(bob, idOf(413))).when(gone, bySystem).thenRefused('nothing-to-record');
    given(aGroup, started()).when({ ...here, account: alice, joined: 1, cause: 'connection' }, bySystem).then(left(alice, 'connection', device), ended('given-up', [alice]));
    given(aGroup, started(), joined(bob)).when(gone, by(alice)).thenRefused('not-allowed');
  });
});

describe('the life of the conversation', () => {
  it('takes who leaves it out of its call', () => specOf(leaveConversation).given(aGroup, started(), joined(bob)).when({ conversationId: group }, by(bob)).then(left(bob, 'not-a-member'), { type: 'MemberLeft', data: { account: bob, at: noon, by: bob, cause: 'self' } }));
  it('ends the call of a channel that closes', () =>
    specOf(closeChannel).given(aSpace(), aChannel(), started(channel)).when({ conversationId: channel }).then(ended('conversation-closed', [alice], alice), { type: 'ConversationClosed', data: { at: noon, by: alice, cause: 'deleted' } }));
});

/** Anything anybody may try, in any order, by ten people. */
describe('whatever is commanded', () => {
  const people = [alice, bob, carla, olive, ...Array.from({ length: 8 }, (_, n) => idOf(500 + n))];
  const history: readonly Happened[] = [...everybody, ...people.slice(4).map((account, n) => anAccountOpened(account, `crowd${n}`)), aConversation({ founders: people })];
  type Step = { readonly what: number; readonly who: number; readonly whom: number; readonly device: number };
  const steps = fc.array(fc.record({ what: fc.nat(13), who: fc.nat(11), whom: fc.nat(11), device: fc.nat(1) }), { minLength: 1, maxLength: 60, size: 'max' });
  const tried = ({ what, who, whom, device: on }: Step, state: ConversationState, n: number): readonly [UseCase<never, ConversationState, Permit, World>, object, Acting] => {
    const at = { conversationId: group, callId: state.call?.callId ?? idOf(700) };
    const [account, party] = [people[whom]!, state.call?.parties[whom % 3]];
    const mine = by(people[who]!);
    const own = { ...at, device: idOf(600 + who * 2 + on) };
    const choices: readonly (readonly [unknown, object, Acting])[] = [
      [startCall, { ...own, callId: idOf(1_000 + n), audioOnly: false, ring: people.slice(0, whom % 8) }, mine], [joinCall, own, mine], [joinCall, own, mine], [joinCall, own, mine], [joinCall, own, mine], [leaveCall, own, mine], [declineCall, at, mine],
      [ringInCall, { ...at, accounts: [account] }, mine], [shareScreen, { ...at, sharing: on === 1 }, mine], [muteInCall, { ...at, account, what: 'screen' }, mine], [removeFromCall, { ...at, account }, by(state.call?.startedBy ?? alice)], [endRinging, { ...at, since: state.call?.ringing[0]?.since ?? 0 }, bySystem],
      [dropFromCall, { ...at, account: party?.account ?? account, joined: party?.joined ?? 0, cause: 'connection' }, bySystem], [endCall, at, mine],
    ];
    return choices[what] as unknown as readonly [UseCase<never, ConversationState, Permit, World>, object, Acting];
  };
  const folded = (events: readonly OpenedEvent[]): ConversationState => events.filter(({ stream }) => stream === streams.conversation(group)).reduce(conversationFold.evolve, conversationFold.initial());

  it('no call is in progress without anybody, with nine, or with somebody twice', () => {
    let full = 0;
    fc.assert(
      fc.property(steps, (list) => {
        let happened = history;
        for (const [n, step] of list.entries()) {
          const events = recorded(happened);
          const [useCase, input, acting] = tried(step, folded(events), n);
          const decision = decided(useCase, events, input as never, acting);
          if (isRefusal(decision)) continue;
          happened = [...happened, ...decision.map((one) => ({ ...one, stream: streams.conversation(group) }))];
          const { call: now } = folded(recorded(happened));
          if (now === null || now.over) continue;
          expect(now.parties.length).toBeGreaterThan(0);
          expect(now.parties.length).toBeLessThanOrEqual(limits.callPeopleMax);
          expect(new Set(now.parties.map(({ account }) => account)).size).toBe(now.parties.length);
          expect(now.ringing.filter(({ account }) => now.parties.some((party) => party.account === account))).toEqual([]);
          if (now.parties.length === limits.callPeopleMax) full += 1;
        }
      }),
      { numRuns: 60 },
    );
    expect(full).toBeGreaterThan(0);
  });
});
