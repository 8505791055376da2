import type { CallEndCause, CallRoster } from '#src/contract/calls.ts';
import type { CallHappened } from '#src/contract/socket.ts';

/** Why this device is in the call no more. `over`: it had ended before anybody here saw it. `lost`: the appliance took a silent device out. */
export type LeftWhy = 'self' | CallEndCause | 'removed' | 'other-device' | 'not-a-member' | 'lost' | 'over' | 'refused';

type Place = { readonly conversationId: string; readonly callId: string };
export type Taking = Place & {
  readonly device: string;
  readonly roster: CallRoster;
  /** Somebody else has been in it. Until then one is the caller who waits. */
  readonly answered: boolean;
};
export type CallState =
  | { readonly phase: 'idle' }
  /** `callId` null: joining starts a call. Nothing is sent from here. */
  | { readonly phase: 'lobby'; readonly conversationId: string; readonly callId: string | null }
  | (Place & { readonly phase: 'joining'; readonly device: string })
  | (Taking & { readonly phase: 'in-call' })
  /** Still in it; the appliance cannot be reached at the moment. Media goes on where it can. */
  | (Taking & { readonly phase: 'reconnecting' })
  /** `sentence`: of a refusal, else empty. */
  | (Place & { readonly phase: 'left'; readonly why: LeftWhy; readonly sentence: string });

/** What a `call` frame says happened, as far as leaving is concerned. */
export type Happened = Pick<CallHappened, 'what' | 'account' | 'cause'>;

export type CallAct =
  | { readonly is: 'lobby-opened'; readonly conversationId: string; readonly callId: string | null }
  | (Place & { readonly is: 'joining'; readonly device: string })
  | { readonly is: 'refused'; readonly code: string; readonly sentence: string }
  | { readonly is: 'left' }
  | { readonly is: 'closed' }
  | { readonly is: 'connection'; readonly connected: boolean }
  /** A call as it is now; null when it is over. `happened` is missing in a snapshot. */
  | { readonly is: 'roster'; readonly conversationId: string; readonly roster: CallRoster | null; readonly me: string; readonly happened?: Happened | undefined };

export const isTaking = (state: CallState): state is Extract<CallState, { phase: 'in-call' | 'reconnecting' }> => state.phase === 'in-call' || state.phase === 'reconnecting';

/** In a call, or on the way into one. */
export const isEntering = (state: CallState): state is Extract<CallState, { device: string }> => isTaking(state) || state.phase === 'joining';
/** Microphone and camera may be open: in a call, on the way into one, or in its lobby. */
export const isOpen = (state: CallState): state is Exclude<CallState, { phase: 'idle' | 'left' }> => state.phase !== 'idle' && state.phase !== 'left';

/** Is this tab in a call, or on its way into one, with that device? A device is one entering: it is never used again. */
export const isAt = (state: CallState, device: string): boolean => isEntering(state) && state.device === device;

const goneBy: Readonly<Partial<Record<string, LeftWhy>>> = { 'connection': 'lost', 'removed': 'removed', 'other-device': 'other-device', 'not-a-member': 'not-a-member', 'self': 'self' };
const endCauses = new Set<string>(['everybody-left', 'no-answer', 'declined', 'given-up', 'host-ended', 'conversation-closed']);

const leave = ({ conversationId, callId }: Place, why: LeftWhy, sentence = ''): CallState => ({ phase: 'left', conversationId, callId, why, sentence });

const whyOver = (happened: Happened | undefined): LeftWhy => (happened?.cause && endCauses.has(happened.cause) ? (happened.cause as CallEndCause) : 'over');

/** Somebody took part and is not in the roster any more: by another device of theirs, by the host, or because the line was silent for too long. */
const whyNotIn = (roster: CallRoster, me: string, happened: Happened | undefined): LeftWhy => {
  if (roster.participants.some(({ account }) => account === me)) return 'other-device';
  if (happened?.account !== me) return 'lost';
  return happened.what === 'removed' ? 'removed' : (goneBy[happened.cause ?? ''] ?? 'lost');
};

const onRoster = (state: CallState, { conversationId, roster, me, happened }: Extract<CallAct, { is: 'roster' }>): CallState => {
  if (state.phase === 'lobby' && state.conversationId === conversationId) return { ...state, callId: roster?.callId ?? null };
  if (!isEntering(state) || state.conversationId !== conversationId) return state;
  if (!roster || roster.callId !== state.callId) return state.phase === 'joining' && roster === null && !happened ? state : leave(state, whyOver(happened));
  if (isTaking(state) && roster.revision < state.roster.revision) return state;
  const isIn = roster.participants.some(({ account, device }) => account === me && device === state.device);
  if (!isIn) return state.phase === 'joining' ? state : leave(state, whyNotIn(roster, me, happened));
  const answered = (isTaking(state) && state.answered) || roster.participants.some(({ account }) => account !== me);
  return { phase: isTaking(state) ? state.phase : 'in-call', conversationId, callId: state.callId, device: state.device, roster, answered };
};

/**
 * One browser tab's part in a call: idle, lobby, joining, in the call, reconnecting, left. Pure: what the person did and what the appliance
 * said go in, the next state comes out. A roster of a lower revision is older and changes nothing.
 */
export const callState = (state: CallState, act: CallAct): CallState => {
  switch (act.is) {
    case 'lobby-opened':
      return isEntering(state) ? state : { phase: 'lobby', conversationId: act.conversationId, callId: act.callId };
    case 'joining':
      return { phase: 'joining', conversationId: act.conversationId, callId: act.callId, device: act.device };
    case 'refused':
      return isEntering(state) ? leave(state, act.code === 'call-over' ? 'over' : 'refused', act.sentence) : state;
    case 'left':
      return isEntering(state) ? leave(state, 'self') : { phase: 'idle' };
    case 'closed':
      return state.phase === 'lobby' || state.phase === 'left' ? { phase: 'idle' } : state;
    case 'connection':
      return isTaking(state) ? { ...state, phase: act.connected ? 'in-call' : 'reconnecting' } : state;
    case 'roster':
      return onRoster(state, act);
  }
};

/** The caller waits and nobody has come yet: whose devices ring. */
export const ringingOut = (state: CallState): readonly string[] => (isTaking(state) && !state.answered ? state.roster.ringing : []);
