/** What a connection is at, as far as keeping it alive is concerned. Times in milliseconds. */
export type Upkeep = {
  readonly state: RTCPeerConnectionState;
  readonly signaling: RTCSignalingState;
  /** Since when it has been in `state`. */
  readonly forMs: number;
  /** Since the last attempt of ours to bring it back. */
  readonly sinceTriedMs: number;
  readonly tried: number;
  /** This side makes the first offer. */
  readonly offers: boolean;
  /** It worked at least once. */
  readonly hasConnected: boolean;
};
export type Care = 'leave' | 'restart' | 'resend' | 'rebuild';

/** A path that blinks for less is left to itself: ICE finds back alone. */
const disconnectedMs = 3_000;
/** The side that answers lets the other one begin: two offers that meet cost the connection. */
const yieldsMs = 2_000;
/** An attempt without an end is made again after so long; the side that answers waits a little longer, so that they do not meet. */
const againMs = { offers: 5_000, answers: 7_500 };
/** What is on its way may be slow because everything is: each time twice as long, up to this, so that trying again does not make it slower still. Where both have spoken, ICE and DTLS have so long. */
const slowestMs = 20_000;
/** A path that ICE cannot bring back may be one whose DTLS died: then both sides begin anew. */
const restartsMax = 4;

/**
 * Brings a lost connection back for as long as the person stays, and never touches one that works. What was sent and never answered (a line that
 * was cut on either side) is sent again: signals are not stored for anybody.
 */
export const careOf = ({ state, signaling, forMs, sinceTriedMs, tried, offers, hasConnected }: Upkeep): Care => {
  if (state === 'connected' || state === 'closed') return 'leave';
  const isBroken = state === 'failed' || state === 'disconnected';
  if (isBroken && forMs < (state === 'disconnected' ? disconnectedMs : 0) + (offers ? 0 : yieldsMs)) return 'leave';
  const isUnanswered = signaling === 'have-local-offer';
  // Until it has worked, the other side leads: a second offer would cross the first.
  if (!offers && !hasConnected && !isBroken) return 'leave';
  const again = isUnanswered || (!offers && !hasConnected) ? 'resend' : 'restart';
  if (tried === 0 && isBroken) return again;
  const base = offers ? againMs.offers : againMs.answers;
  if (sinceTriedMs < (isBroken ? base : isUnanswered ? Math.min(slowestMs, base * 2 ** tried) : slowestMs)) return 'leave';
  return tried >= restartsMax ? 'rebuild' : again;
};
