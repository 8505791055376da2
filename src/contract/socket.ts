import { z } from 'zod';
import { signal, type CallLine, type CallRoster, type Signal } from './calls.ts';
import type { ConversationsChange } from './conversations.ts';
import { limits } from './limits.ts';
import { id, presenceState, type PresenceState } from './shapes.ts';
import type { TimelineChange } from './timeline.ts';

/**
 * What travels on `GET /api/socket` (WebSocket, text frames, JSON). The session cookie authorises, the Origin is checked.
 * Every endpoint that is not `httpOnly` can be called here; `n` pairs the answer with the call.
 */
export const clientFrame = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('call'), n: z.int().min(0), name: z.string().max(60), commandId: id.optional(), input: z.record(z.string(), z.unknown()) }),
  /** From now on changes of this view come as `push`. The answer is sent once the subscription is registered; read the snapshot after it. */
  z.strictObject({ is: z.literal('subscribe'), n: z.int().min(0), view: z.enum(['timeline', 'conversations']), key: z.string().max(64), after: z.int().min(-1).optional() }),
  z.strictObject({ is: z.literal('unsubscribe'), n: z.int().min(0), view: z.enum(['timeline', 'conversations']), key: z.string().max(64) }),
  /** Ephemera: whose presence this client has on screen, replacing the list before. */
  z.strictObject({ is: z.literal('watch'), accounts: z.array(id).max(limits.watchedPeopleMax) }),
  z.strictObject({ is: z.literal('typing'), conversationId: id }),
  /** This tab is used (`active`), or has not been for five minutes, or is hidden. */
  z.strictObject({ is: z.literal('attention'), active: z.boolean() }),
  /**
   * This socket is that device in that call, from now on: after `startCall` or `joinCall`, and again after each reconnect. A socket is in
   * one call at a time. Who takes part and has no socket for a while is out of the call.
   */
  z.strictObject({ is: z.literal('in-call'), conversationId: id, callId: id, device: id }),
  /** Ephemera, to one device in the call that this socket is in; handed on in the order of sending. The sender is the socket's own device. */
  z.strictObject({ is: z.literal('signal'), conversationId: id, callId: id, to: id, signal }),
  z.strictObject({ is: z.literal('ping') }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;

/** `key`: conversation id for `timeline` and for `activity` (one frame for all its members), else the account. `position`: of the event it came from. */
export type Push =
  | { readonly is: 'push'; readonly view: 'timeline'; readonly key: string; readonly position: number; readonly change: TimelineChange }
  | { readonly is: 'push'; readonly view: 'conversations'; readonly key: string; readonly position: number; readonly change: ConversationsChange };

/**
 * What the roster changed by; as in a timeline's call line. `account`: whom it is about, with `rang` the first of them; `by`: who did it.
 * `left` because of `not-a-member` is also told of who never took part: they rang, or asked to be let in, and have left the conversation or its door.
 */
export type CallHappened = { readonly what: CallLine['what'] | 'rang' | 'knocked'; readonly account: string; readonly by: string; readonly taken: CallLine['taken']; readonly cause: CallLine['cause'] };

/**
 * `not-in-call`: by the record, this socket's account does not take part with that device, or the other one does not (any more).
 * `away`: the other device has no connection now. `too-many`: more than it may send. `too-large`, `malformed`: not handed on as it is.
 */
export type SignalRefused = { readonly is: 'signal-refused'; readonly callId: string; readonly to: string; readonly why: 'not-in-call' | 'away' | 'too-many' | 'too-large' | 'malformed' };

export type ServerFrame =
  | { readonly is: 'hello'; readonly account: string; readonly position: number; readonly version: string }
  | { readonly is: 'answer'; readonly n: number; readonly output: unknown }
  | { readonly is: 'refusal'; readonly n: number; readonly code: string; readonly sentence: string; readonly limit?: number }
  /** Registered: pushes after `position` will come. Too far behind to resume `after`: `resync` is true, read a snapshot. */
  | { readonly is: 'subscribed'; readonly n: number; readonly position: number; readonly resync: boolean }
  | Push
  /** Ephemera. Never in the log. */
  | { readonly is: 'presence'; readonly people: readonly (readonly [account: string, state: PresenceState])[] }
  | { readonly is: 'typing'; readonly conversationId: string; readonly account: string }
  | { readonly is: 'download'; readonly download: string; readonly done: number; readonly events: number; readonly state: 'running' | 'complete' | 'failed' }
  /** To everybody who follows the conversations: the call as of `position`, null once it is over. One for each fact of a call. */
  | { readonly is: 'call'; readonly conversationId: string; readonly position: number; readonly call: CallRoster | null; readonly happened: CallHappened }
  /** `from`: a device of `account` that takes part in the call. Ephemera. */
  | { readonly is: 'signal'; readonly callId: string; readonly from: string; readonly account: string; readonly signal: Signal }
  | SignalRefused
  /** The directory grew or changed up to this position; read it with `since`. At most one in five seconds. */
  | { readonly is: 'directory'; readonly position: number }
  /** The appliance stopped writing, or writes again. */
  | { readonly is: 'writing'; readonly stopped: string | null }
  | { readonly is: 'pong' };

/** Close codes of ours. 4001: the session ended. 4008: too slow, resume from your position. 4009: too many frames or malformed. 4010: restart, come back. */
export const closeCodes = { sessionEnded: 4001, tooSlow: 4008, misbehaved: 4009, restarting: 4010 } as const;
export { presenceState };
