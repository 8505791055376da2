import type { CallEndCause, CallLeaveCause, HostMutes } from '../contract/calls.ts';

/**
 * Facts of calls, in `conversation-<id>`. They carry who and when, never what was said: media goes from browser to browser. `device` is a
 * random id of one browser tab. `audioOnly` and `startedBy` are repeated where the fact is shown alone. What the appliance itself finds out (`by` absent) has the system as its actor.
 */

/** `account` is in it from now on with `device`; no CallJoined follows. */
export type CallStarted = { type: 'CallStarted'; data: { account: string; at: number; audioOnly: boolean; callId: string; device: string } };
export type CallRang = { type: 'CallRang'; data: { accounts: readonly string[]; at: number; by: string; callId: string } };
/** Also who moves from one of their devices to another. */
export type CallJoined = { type: 'CallJoined'; data: { account: string; at: number; callId: string; device: string } };
export type CallDeclined = { type: 'CallDeclined'; data: { account: string; at: number; audioOnly: boolean; callId: string; startedBy: string } };
/** The ring ended and nobody had answered it. Recorded for one account at a time. */
export type CallUnanswered = { type: 'CallUnanswered'; data: { accounts: readonly string[]; at: number; audioOnly: boolean; callId: string; startedBy: string } };
/** `by`: the host who removed them. */
export type CallLeft = { type: 'CallLeft'; data: { account: string; at: number; by?: string; callId: string; cause: CallLeaveCause; device: string } };
export type ScreenShared = { type: 'ScreenShared'; data: { account: string; at: number; callId: string } };
export type ScreenShareEnded = { type: 'ScreenShareEnded'; data: { account: string; at: number; callId: string } };
export type CallMuted = { type: 'CallMuted'; data: { account: string; at: number; by: string; callId: string; what: HostMutes } };
/** A guest asks to be let in; who may decide is a member who takes part. */
export type GuestKnocked = { type: 'GuestKnocked'; data: { account: string; at: number; callId: string } };
export type GuestAdmitted = { type: 'GuestAdmitted'; data: { account: string; at: number; by: string; callId: string } };
export type GuestTurnedAway = { type: 'GuestTurnedAway'; data: { account: string; at: number; by?: string; callId: string } };
/** `people`: everybody who took part at any time. `startedAt` as in CallStarted, so that the length needs no look-up. */
export type CallEnded = { type: 'CallEnded'; data: { at: number; audioOnly: boolean; by?: string; callId: string; cause: CallEndCause; people: readonly string[]; startedAt: number; startedBy: string } };

export type CallEvent =
  | CallStarted | CallRang | CallJoined | CallDeclined | CallUnanswered | CallLeft | ScreenShared | ScreenShareEnded | CallMuted | GuestKnocked | GuestAdmitted | GuestTurnedAway | CallEnded;
