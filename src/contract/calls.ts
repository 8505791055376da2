import { z } from 'zod';
import { endpoint, recorded } from './endpoint.ts';
import { limits } from './limits.ts';
import { at, id, revision } from './shapes.ts';

/** `device`: one browser tab, named by itself with a random id when it opens. One account takes part with one device at a time. */
export const callParticipant = z.strictObject({
  account: id, device: id, joinedAt: at,
  /** Shares a screen. */
  sharing: z.boolean(),
  /** What a host took from them, and the revision at which: whoever was cut off from the appliance then finds it here. */
  taken: z.strictObject({ audio: revision.optional(), video: revision.optional(), screen: revision.optional() }).optional(),
});
export type CallParticipant = z.infer<typeof callParticipant>;

/**
 * A call in progress, the same for every member: participants in the order in which they came, so that all agree on who makes the first
 * offer and on the layout. `host`: who started it; when they leave, who of the house has been in it longest; null while only guests are in it. `ringing`: whose devices ring now.
 * `knocking`: guests who wait to be let in. `revision`: of the conversation's stream that this is as of; a lower one is older.
 */
export const callRoster = z.strictObject({
  conversationId: id, callId: id, revision, startedAt: at, startedBy: id, host: id.nullable(), audioOnly: z.boolean(),
  participants: z.array(callParticipant).max(limits.callPeopleMax), ringing: z.array(id), knocking: z.array(id),
});
export type CallRoster = z.infer<typeof callRoster>;

/** What a host can take from somebody for all: their sound, their picture, their screen. They can switch sound and picture on again themselves. */
export const hostMutes = z.enum(['audio', 'video', 'screen']);
export type HostMutes = z.infer<typeof hostMutes>;

export const callEndCause = z.enum(['everybody-left', 'no-answer', 'declined', 'given-up', 'host-ended', 'conversation-closed']);
export type CallEndCause = z.infer<typeof callEndCause>;
export const callLeaveCause = z.enum(['self', 'connection', 'removed', 'other-device', 'call-ended', 'not-a-member']);
export type CallLeaveCause = z.infer<typeof callLeaveCause>;

/** A fact of a call in the timeline, shown small. `account`: whom it is about; `by`: who did it. `seconds` and `people` with `ended`, else null. `what` of a host in `taken`. */
export const callLine = z.strictObject({
  kind: z.literal('call'),
  revision, at, callId: id,
  what: z.enum(['started', 'joined', 'left', 'declined', 'unanswered', 'shared-screen', 'screen-ended', 'muted', 'removed', 'admitted', 'ended']),
  account: id, by: id,
  audioOnly: z.boolean(),
  taken: hostMutes.nullable(),
  cause: z.union([callEndCause, callLeaveCause]).nullable(),
  seconds: z.int().nullable(), people: z.int().nullable(),
});
export type CallLine = z.infer<typeof callLine>;

/**
 * What two devices in a call tell each other to connect (W3C WebRTC 1.0, "perfect negotiation"). Ephemera: never in the log. The appliance hands
 * it on unread, in order for each pair, and only between devices that are in that call. `bye`: this device has closed the connection.
 * `state`: what the sender's own tracks are doing, so that "is muted" shows at once. `offer`: number of the offer that a description is, or answers,
 * counted by whoever offered: JSEP lets an answer to one offer be taken for that to another.
 */
export const signal = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('description'), type: z.enum(['offer', 'answer', 'rollback']), sdp: z.string().max(limits.sdpMax), offer: z.int().min(0).optional() }),
  z.strictObject({ is: z.literal('candidate'), candidate: z.string().max(2_000), sdpMid: z.string().max(64).nullable(), sdpMLineIndex: z.int().min(0).max(255).nullable(), usernameFragment: z.string().max(256).nullable() }),
  z.strictObject({ is: z.literal('state'), audio: z.boolean(), video: z.boolean(), screen: z.boolean(), screenStream: z.string().max(128).nullable() }),
  z.strictObject({ is: z.literal('bye') }),
]);
export type Signal = z.infer<typeof signal>;

/** W3C RTCIceServer. */
export const iceServer = z.strictObject({ urls: z.array(z.string()), username: z.string().optional(), credential: z.string().optional() });
export type IceServer = z.infer<typeof iceServer>;

const call = { conversationId: id, callId: id };
const joins = { ...call, device: id };

export const startCall = endpoint({
  name: 'startCall', kind: 'command', method: 'PUT', path: '/conversations/:conversationId/calls/:callId', policy: 'member',
  says: 'Starts a call and takes part in it with this device; it rings `ring` (other members, at most 7; in a direct chat the other one). One call at a time in a conversation: where there is one, join it.',
  input: z.strictObject({ ...joins, audioOnly: z.boolean().default(false), ring: z.array(id).max(limits.callPeopleMax - 1).default([]) }), output: recorded,
  refusals: ['not-a-member', 'conversation-closed', 'call-in-progress', 'call-id-taken', 'calls-off'],
});
export const joinCall = endpoint({
  name: 'joinCall', kind: 'command', method: 'PUT', path: '/conversations/:conversationId/calls/:callId/me', policy: 'guest',
  says: 'Takes part in a call, by joining or by accepting its ring. From another device of one\'s own it moves here. At most eight take part.',
  input: z.strictObject(joins), output: recorded, refusals: ['not-a-member', 'call-over', 'call-full', 'device-taken', 'not-admitted'],
});
export const leaveCall = endpoint({
  name: 'leaveCall', kind: 'command', method: 'DELETE', path: '/conversations/:conversationId/calls/:callId/me', policy: 'guest',
  says: 'Leaves a call. The last one to leave ends it; who leaves while nobody has answered gives it up.', input: z.strictObject(joins), output: recorded, refusals: ['not-a-member'],
});
export const declineCall = endpoint({
  name: 'declineCall', kind: 'command', method: 'POST', path: '/conversations/:conversationId/calls/:callId/declined', policy: 'member',
  says: 'Answers a ring with no, on every device; the caller is told.', input: z.strictObject(call), output: recorded, refusals: ['not-a-member', 'call-over', 'not-rung'],
});
export const ringInCall = endpoint({
  name: 'ringInCall', kind: 'command', method: 'POST', path: '/conversations/:conversationId/calls/:callId/rings', policy: 'member',
  says: 'Whoever takes part rings other members of the conversation.', input: z.strictObject({ ...call, accounts: z.array(id).min(1).max(limits.callPeopleMax - 1) }), output: recorded,
  refusals: ['not-a-member', 'call-over', 'not-in-call', 'person-not-found', 'call-full'],
});
export const shareScreen = endpoint({
  name: 'shareScreen', kind: 'command', method: 'PUT', path: '/conversations/:conversationId/calls/:callId/screen', policy: 'guest',
  says: 'Records that one\'s screen is shown from now on, or no longer.', input: z.strictObject({ ...call, sharing: z.boolean() }), output: recorded, refusals: ['not-a-member', 'call-over', 'not-in-call'],
});
export const muteInCall = endpoint({
  name: 'muteInCall', kind: 'command', method: 'POST', path: '/conversations/:conversationId/calls/:callId/muted', policy: 'member',
  says: 'The host takes somebody\'s sound, picture or screen, for all. They can switch sound and picture on again.', input: z.strictObject({ ...call, account: id, what: hostMutes }), output: recorded,
  refusals: ['not-a-member', 'call-over', 'not-in-call', 'not-the-host'],
});
export const removeFromCall = endpoint({
  name: 'removeFromCall', kind: 'command', method: 'POST', path: '/conversations/:conversationId/calls/:callId/removed', policy: 'member',
  says: 'The host takes somebody out of the call. They stay in the conversation, and may come back when they are rung.', input: z.strictObject({ ...call, account: id }), output: recorded,
  refusals: ['not-a-member', 'call-over', 'not-in-call', 'not-the-host'],
});
export const endCall = endpoint({
  name: 'endCall', kind: 'command', method: 'DELETE', path: '/conversations/:conversationId/calls/:callId', policy: 'member',
  says: 'The host ends the call for everybody.', input: z.strictObject(call), output: recorded, refusals: ['not-a-member', 'not-the-host'],
});

/** A call that was, for one's own list. `role`: placed by me, taken part in, missed (rung and not answered), declined, or held without me. */
export const pastCall = z.strictObject({
  conversationId: id, callId: id, revision, startedAt: at, endedAt: at.nullable(), startedBy: id, audioOnly: z.boolean(), people: z.array(id), seconds: z.int().nullable(),
  role: z.enum(['placed', 'answered', 'missed', 'declined', 'without-me']),
});
export type PastCall = z.infer<typeof pastCall>;
export const listCalls = endpoint({
  name: 'listCalls', kind: 'query', method: 'GET', path: '/calls', policy: 'guest', says: 'Calls in progress in one\'s conversations. Read after subscribing to `conversations`; from then on `call` frames say what changes.',
  input: z.strictObject({}), output: z.strictObject({ position: z.int(), calls: z.array(callRoster) }), refusals: [],
});
export const listPastCalls = endpoint({
  name: 'listPastCalls', kind: 'query', method: 'GET', path: '/calls/past', policy: 'member', says: 'Calls in one\'s conversations, newest first.',
  input: z.strictObject({ before: z.coerce.number().int().optional(), conversationId: id.optional() }), output: z.strictObject({ position: z.int(), calls: z.array(pastCall), next: z.int().nullable() }), refusals: [],
});
export const readIceServers = endpoint({
  name: 'readIceServers', kind: 'query', method: 'GET', path: '/calls/ice-servers', policy: 'guest', says: 'Servers for RTCPeerConnection, with credentials of one\'s own that end at `expiresAt`, and the caps of the workspace in bits per second.',
  input: z.strictObject({}), output: z.strictObject({ servers: z.array(iceServer), expiresAt: at, participantBitsPerSecond: z.int(), screenBitsPerSecond: z.int(), relayOnly: z.boolean() }), refusals: ['calls-off', 'not-a-member', 'slow-down'],
});
