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
};
export type Care = 'leave' | 'restart' | 'resend' | 'rebuild';

/** A path that blinks for less is left to itself: ICE finds back alone. */
const disconnectedMs = 3_000;
/** A first offer or an attempt without an end is made again after so long; the side that answers waits a little longer, so that they do not meet. */
const againMs = { offers: 5_000, answers: 7_500 };
/** A path that ICE cannot bring back may be one whose DTLS died: then both sides begin anew. */
const restartsMax = 4;

/**
 * Brings a lost connection back for as long as the person stays, and never touches one that works. What was sent and never answered (a line that
 * was cut on either side) is sent again: signals are not stored for anybody.
 */
export const careOf = ({ state, signaling, forMs, sinceTriedMs, tried, offers }: Upkeep): Care => {
  if (state === 'connected' || state === 'closed') return 'leave';
  if (state === 'disconnected' && forMs < disconnectedMs) return 'leave';
  const isBroken = state === 'failed' || state === 'disconnected';
  if (tried === 0 && isBroken && (offers || sinceTriedMs >= 1_000)) return signaling === 'have-local-offer' ? 'resend' : 'restart';
  if (sinceTriedMs < (offers ? againMs.offers : againMs.answers)) return 'leave';
  if (state === 'new' && !offers) return 'leave';
  if (tried >= restartsMax) return 'rebuild';
  return signaling === 'have-local-offer' ? 'resend' : 'restart';
};
