import { describe, expect, it } from 'vitest';
import type { OpenedEvent } from '#src/kernel/event.ts';
import { streams } from '#src/kernel/streams.ts';
import { admitGuest } from '#src/meetings/admit-guest.ts';
import { dismissGuest } from '#src/meetings/dismiss-guest.ts';
import { keepMeeting } from '#src/meetings/keep-meeting.ts';
import { openMeeting, type OpenMeeting } from '#src/meetings/open-meeting.ts';
import { recorded, specOf, type Happened } from '../given-when-then.ts';
import { aConversation, aJoin, aLeave, group } from '../makers.ts';
import { alice, bob, bySystem, carla, idOf, noon } from '../people.ts';

const [call, device, gita, hugo] = [idOf(400), idOf(410), idOf(500), idOf(501)];
const tenMinutesMs = 600_000;
const fact = (type: string, data: Happened['data']): Happened => ({ stream: streams.conversation(group), type, data: { at: noon, ...data } });
const opened = aConversation({ founders: [alice], kind: 'meeting', historyVisibility: 'sinceJoined' });
const arranged = (rest: Happened['data'] = {}): Happened => fact('MeetingArranged', { admit: false, by: alice, guests: true, invited: [], room: null, ...rest });
const entered = (account: string, at = noon): Happened => fact('GuestEntered', { account, at, link: null });
const cameIn = (account: string, at = noon): Happened => { const join = aJoin(account); return { ...join, data: { ...join.data, at } }; };
const started = fact('CallStarted', { account: alice, audioOnly: false, callId: call, device });
const joinedCall = (account: string): Happened => fact('CallJoined', { account, callId: call, device: account });
const leftCall = (account: string, on: string, at = noon): Happened => fact('CallLeft', { account, at, callId: call, cause: 'self', device: on });
const knocked = (account: string): Happened => fact('GuestKnocked', { account, callId: call });
/** By the appliance: no person is its author. */
const letGo = (account: string, cause: string, at: number) => ({ type: 'MemberLeft', data: { account, at, cause } });

describe('letting a guest in', () => {
  const { given } = specOf(admitGuest);
  const input = { conversationId: group, account: gita };
  const asks = [opened, arranged({ admit: true }), started, entered(gita), knocked(gita)] as const;
  it('is for who waits and has asked', () => given(...asks).when(input).then({ type: 'MemberJoined', data: { account: gita, at: noon, by: alice } }, { type: 'GuestAdmitted', data: { account: gita, at: noon, by: alice, callId: call } }));
  it('is not for who has left the door', () => given(...asks, aLeave(gita)).when(input).thenRefused('not-knocking'));
  it('is not for who is in by now, or no guest', () => {
    given(...asks, cameIn(gita)).when(input).thenRefused('not-knocking');
    given(opened, arranged({ admit: true }), started, knocked(gita)).when(input).thenRefused('not-knocking');
  });
});

describe('sending off a guest who is left alone in a room', () => {
  const { given } = specOf(dismissGuest);
  const input = { conversationId: group, account: gita, why: 'left-alone' } as const;
  const late = noon + 60 * 60_000;
  const at = (ms: number) => ({ ...bySystem, at: ms });
  const empty = [opened, arranged({ room: 'public' }), started, fact('CallEnded', { audioOnly: false, callId: call, cause: 'everybody-left', people: [alice], startedAt: noon, startedBy: alice })] as const;
  it('waits for ten minutes of their own', () => {
    const here = given(...empty, entered(gita, late), cameIn(gita, late));
    here.when(input, at(late + tenMinutesMs - 1)).thenRefused('nothing-to-record');
    here.when(input, at(late + tenMinutesMs)).then(letGo(gita, 'left-alone', late + tenMinutesMs));
  });
  it('leaves who still waits at its door, until half a day has gone', () => {
    given(...empty, entered(gita, late)).when(input, at(late + tenMinutesMs + 60_000)).thenRefused('nothing-to-record');
    given(...empty, entered(gita, late)).when(input, at(late + 12 * 60 * 60_000)).then(letGo(gita, 'left-alone', late + 12 * 60 * 60_000));
  });
  it('takes no other guest in their place', () => given(...empty, entered(hugo), cameIn(hugo), entered(gita, late), cameIn(gita, late)).when(input, at(late)).thenRefused('nothing-to-record'));
  it('takes them out of the call', () =>
    given(opened, arranged({ room: 'public' }), started, entered(gita), cameIn(gita), { ...joinedCall(gita), actor: { id: gita, kind: 'guest' } }, leftCall(alice, device)).when(input, at(noon + tenMinutesMs)).then(...[
      { type: 'CallLeft', data: { account: gita, at: noon + tenMinutesMs, callId: call, cause: 'not-a-member', device: gita } },
      { type: 'CallEnded', data: { at: noon + tenMinutesMs, audioOnly: false, callId: call, cause: 'everybody-left', people: [alice, gita], startedAt: noon, startedBy: alice } },
      letGo(gita, 'left-alone', noon + tenMinutesMs),
    ]));
});

describe('letting go of a guest who is not there any more', () => {
  const { given } = specOf(dismissGuest);
  const input = { conversationId: group, account: gita, why: 'absent' } as const;
  it('is their leaving, from the door too', () => {
    given(opened, arranged(), entered(gita)).when(input, bySystem).then(letGo(gita, 'absent', noon));
    given(opened, arranged(), entered(gita), cameIn(gita)).when(input, bySystem).then(letGo(gita, 'absent', noon));
  });
  it('is nothing to record of who is in the call, or gone, and for nobody but the appliance', () => {
    given(opened, arranged(), started, entered(gita), cameIn(gita), joinedCall(gita)).when(input, bySystem).thenRefused('nothing-to-record');
    given(opened, arranged(), entered(gita), aLeave(gita)).when(input, bySystem).thenRefused('nothing-to-record');
    given(opened, arranged(), entered(gita)).when(input).thenRefused('not-allowed');
  });
});

describe('ending a meeting that its host has left for long', () => {
  const { given } = specOf(keepMeeting);
  const input = { conversationId: group };
  const at = { ...bySystem, at: noon + tenMinutesMs };
  const over = fact('CallEnded', { audioOnly: false, callId: call, cause: 'everybody-left', people: [alice], startedAt: noon, startedBy: alice });
  const expired = { type: 'MeetingExpired', data: { at: noon + tenMinutesMs, since: noon } };
  it('is nobody\'s act, and the guests go with it', () =>
    given(opened, arranged(), started, entered(gita), cameIn(gita), entered(hugo), over).when(input, at).then(...[expired, letGo(gita, 'meeting-over', noon + tenMinutesMs), { type: 'ConversationClosed', data: { at: noon + tenMinutesMs, cause: 'meeting-over' } }]));
  it('waits for the end of its call, and for the clock', () => {
    given(opened, arranged(), started, entered(gita), { ...joinedCall(gita), actor: { id: gita, kind: 'guest' } }, leftCall(alice, device)).when(input, at).then(expired);
    given(opened, arranged(), started, over).when(input, { ...at, at: at.at - 1 }).thenRefused('nothing-to-record');
  });
});

describe('opening a meeting', () => {
  const invitation = (n: number, address: string, account: string | null = null) => ({ invitation: idOf(600 + n), account, address });
  const input: OpenMeeting = {
    conversationId: group, title: 'Weather', invited: [bob, alice, bob], emails: ['one@example.org', 'two@example.org'], admit: false, guests: true, link: idOf(700), keyHash: 'hash',
    invitations: [invitation(0, 'one@example.org'), invitation(1, 'two@example.org'), invitation(2, 'bob@example.org', bob)],
  };
  const made = ({ invitation: id, account, address }: OpenMeeting['invitations'][number]) => ({ type: 'InvitationMade', data: { account, at: noon, by: alice, invitation: id }, content: { invitation: { address } } });
  const events = [
    { type: 'ConversationOpened', data: { at: noon, by: alice, conversation: group, founders: [alice, bob], historyVisibility: 'sinceJoined', kind: 'meeting', space: null }, content: { title: { title: 'Weather', topic: '' } } },
    { type: 'MeetingArranged', data: { admit: false, at: noon, by: alice, guests: true, invited: [bob], room: null } },
    { type: 'MeetingLinkMade', data: { at: noon, by: alice, keyHash: 'hash', link: idOf(700) } },
  ] as const;
  const onRecord = (...invitations: OpenMeeting['invitations']): readonly OpenedEvent[] => recorded([...events, ...invitations.map(made)].map((event) => ({ ...event, stream: streams.conversation(group) })));
  const same = (rest: Partial<OpenMeeting>, of = onRecord(...input.invitations)) => openMeeting.isSameIntent({ ...input, ...rest }, of);

  it('invites everybody once, and never the host', () => specOf(openMeeting).given().when(input).then(...events, ...input.invitations.map(made)));
  it('is not its own retry where others are invited', () => {
    expect([same({}), same({ invited: [bob] }), same({}, onRecord())]).toEqual([true, true, true]);
    expect([same({ invited: [carla] }), same({ invited: [] }), same({ invited: [bob, carla] })]).toEqual([false, false, false]);
    expect([same({ emails: ['one@example.org'] }), same({ emails: ['one@example.org', 'other@example.org'] }), same({ emails: [...input.emails, 'more@example.org'] })]).toEqual([false, false, false]);
  });
});
