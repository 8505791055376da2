import { describe, expect, it } from 'vitest';
import type { CallRoster } from '#src/contract/calls.ts';
import type { CallHappened } from '#src/contract/socket.ts';
import { callState, isTaking, ringingOut, type CallAct, type CallState, type Happened } from '#web/calls/call-state.ts';
import { takenSince } from '#web/calls/taken.ts';

const [chat, callId, alice, bob, mine, theirs] = ['chat', 'call', 'alice', 'bob', 'device-a', 'device-b'];
const sits = (account: string, device: string) => ({ account, device, joinedAt: 1, sharing: false });
const aRoster = (more: Partial<CallRoster> = {}): CallRoster => ({ conversationId: chat, callId, revision: 7, startedAt: 1, startedBy: alice, host: alice, audioOnly: false, participants: [sits(alice, mine)], ringing: [], knocking: [], ...more });
const both = (revision = 8): CallRoster => aRoster({ revision, participants: [sits(alice, mine), sits(bob, theirs)] });
const roster = (now: CallRoster | null, happened?: Happened): CallAct => ({ is: 'roster', conversationId: chat, roster: now, me: alice, happened });
const joining: CallAct = { is: 'joining', conversationId: chat, callId, device: mine };
const after = (...acts: readonly CallAct[]): CallState => acts.reduce(callState, { phase: 'idle' });

describe('a call at this tab', () => {
  it('begins in a lobby that follows whether there is a call to join', () => {
    const opened = after({ is: 'lobby-opened', conversationId: chat, callId: null });
    expect(callState(opened, roster(aRoster({ participants: [sits(bob, theirs)] })))).toEqual({ phase: 'lobby', conversationId: chat, callId });
    expect(callState(opened, { is: 'closed' })).toEqual({ phase: 'idle' });
  });
  it('is entered only when the record shows this very device', () => {
    expect(after(joining, roster(aRoster({ participants: [sits(alice, 'another')] }))).phase).toBe('joining');
    expect(after(joining, roster(aRoster())).phase).toBe('in-call');
  });
  it('rings out until somebody else came, and not again after they left', () => {
    const ringing = after(joining, roster(aRoster({ ringing: [bob] })));
    expect(ringingOut(ringing)).toEqual([bob]);
    const alone = [roster(both()), roster(aRoster({ revision: 9, ringing: [bob] }))].reduce(callState, ringing);
    expect(ringingOut(alone)).toEqual([]);
  });
  it('takes no step back for a roster that is older', () => {
    const now = after(joining, roster(both(9)));
    expect(callState(now, roster(aRoster({ revision: 8 })))).toBe(now);
  });
  it('is over when it ends, and says by what', () => {
    const called = after(joining, roster(aRoster({ ringing: [bob] })));
    expect(callState(called, roster(null, { what: 'ended', account: alice, cause: 'declined' }))).toMatchObject({ phase: 'left', why: 'declined' });
    expect(callState(called, roster(null, { what: 'ended', account: alice, cause: 'no-answer' }))).toMatchObject({ phase: 'left', why: 'no-answer' });
    expect(callState(called, roster(null))).toMatchObject({ phase: 'left', why: 'over' });
  });
  it('moves to another device of the same person, and says so', () => {
    expect(after(joining, roster(both()), roster(aRoster({ revision: 9, participants: [sits(bob, theirs), sits(alice, 'my telephone')] })))).toMatchObject({ phase: 'left', why: 'other-device' });
  });
  it('knows being removed from being lost', () => {
    const without = aRoster({ revision: 9, participants: [sits(bob, theirs)] });
    const now = after(joining, roster(both()));
    expect(callState(now, roster(without, { what: 'removed', account: alice, cause: 'removed' }))).toMatchObject({ why: 'removed' });
    expect(callState(now, roster(without, { what: 'left', account: alice, cause: 'connection' }))).toMatchObject({ why: 'lost' });
    expect(callState(now, roster(without))).toMatchObject({ why: 'lost' });
  });
  it('goes on while the appliance cannot be reached', () => {
    const away = after(joining, roster(both()), { is: 'connection', connected: false });
    expect(away.phase).toBe('reconnecting');
    expect(isTaking(away)).toBe(true);
    expect(callState(away, { is: 'connection', connected: true }).phase).toBe('in-call');
    expect(callState(away, roster(both(10))).phase).toBe('reconnecting');
  });
  it('is left when the person leaves, whatever comes afterwards', () => {
    const left = after(joining, roster(both()), { is: 'left' });
    expect(left).toMatchObject({ phase: 'left', why: 'self' });
    expect(callState(left, roster(both(10)))).toBe(left);
  });
  it('tells a refusal in its own words', () => {
    expect(after(joining, { is: 'refused', code: 'call-full', sentence: 'Eight take part.' })).toMatchObject({ phase: 'left', why: 'refused', sentence: 'Eight take part.' });
    expect(after(joining, { is: 'refused', code: 'call-over', sentence: '' })).toMatchObject({ why: 'over' });
  });
  it('hears nothing of other conversations', () => {
    const now = after(joining, roster(both()));
    expect(callState(now, { is: 'roster', conversationId: 'elsewhere', roster: null, me: alice })).toBe(now);
  });
  it('opens no lobby over a call that goes on', () => {
    const now = after(joining, roster(both()));
    expect(callState(now, { is: 'lobby-opened', conversationId: 'elsewhere', callId: null })).toBe(now);
  });
});

describe('what a host took', () => {
  const takes = (taken?: { readonly audio?: number; readonly video?: number }): CallRoster => aRoster({ participants: [sits(bob, theirs), { ...sits(alice, mine), ...(taken && { taken }) }] });
  it('is what the roster says now and did not say before, however many events lie between', () => {
    expect(takenSince(8, takes({ audio: 9 }), alice)).toEqual([{ what: 'audio', by: undefined }]);
    expect(takenSince(9, takes({ audio: 12, video: 11 }), alice).map(({ what }) => what)).toEqual(['audio', 'video']);
  });
  it('is taken once, and from nobody else', () => {
    expect(takenSince(9, takes({ audio: 9 }), alice)).toEqual([]);
    expect(takenSince(8, takes({ audio: 9 }), bob)).toEqual([]);
  });
  it('is told of whoever took it, and of nobody else whose doing is heard of first', () => {
    const now = takes({ audio: 9, video: 11 });
    const happened = (what: CallHappened['what'], account: string, by: string, taken: CallHappened['taken'] = null): CallHappened => ({ what, account, by, taken, cause: null });
    expect(takenSince(10, now, alice, happened('muted', alice, bob, 'video'))).toEqual([{ what: 'video', by: bob }]);
    expect(takenSince(8, now, alice, happened('muted', alice, bob, 'video'))).toEqual([{ what: 'audio', by: undefined }, { what: 'video', by: bob }]);
    for (const other of [happened('left', bob, bob), happened('shared-screen', alice, alice), happened('muted', bob, alice, 'audio')]) {
      expect(takenSince(10, now, alice, other)).toEqual([{ what: 'video', by: undefined }]);
    }
  });
});
