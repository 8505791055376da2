/** What is known of an append that was handed over and not answered yet. */
export type HandedOver = {
  /** Revision that the stream was expected to have. */
  readonly expected: number;
  readonly events: readonly { readonly id: string; readonly leafHash: string }[];
  /** Where the server said the stream was when it last refused the batch for its revision. */
  readonly refusedAt: number | undefined;
  /** The server said that the stream was deleted for ever. */
  readonly deleted: boolean;
  /** It was sent, and an answer to it may still come. */
  readonly underWay: boolean;
  /** It was sent at least once without a clear no: it may be on its way still. */
  readonly inDoubt: boolean;
};

/** What our follower has seen of the stream: its head, and the events after the expected revision, as many as the batch has at most. */
export type Seen = {
  readonly head: number;
  readonly after: readonly { readonly position: number; readonly id: string; readonly leaf: string }[];
  readonly tombstone: boolean;
};

export type Verdict =
  | { readonly kind: 'appended'; readonly position: number; readonly revision: number }
  | { readonly kind: 'conflict'; readonly revision: number }
  | { readonly kind: 'deleted' };

/**
 * Decides from what the follower has seen; the server's words only help where seeing cannot tell. Undefined: not known yet.
 * What stands at the next revision is the truth: our ids there, or somebody else's.
 */
export const judgeAppend = (append: HandedOver, seen: Seen): Verdict | undefined => {
  const { expected, events, refusedAt } = append;
  const ours = seen.after.every(({ id, leaf }, i) => id === events[i]?.id && leaf === events[i]?.leafHash);
  const conflict = { kind: 'conflict', revision: seen.head } as const;
  // Somebody else's batch comes event by event: the server's answer says how far it goes.
  if (!ours) return append.underWay || seen.head < (refusedAt ?? -1) ? undefined : conflict;
  if (seen.after.length === events.length) return { kind: 'appended', position: seen.after[0]!.position, revision: expected + events.length };
  // Appends are whole: with a tombstone behind what was seen, nothing more can come.
  if (append.deleted && seen.tombstone) return seen.after.length > 0 ? conflict : { kind: 'deleted' };
  if (refusedAt === undefined || seen.head < refusedAt) return undefined;
  // The beginning of our batch and no more stands there, and we have seen all that the server refused it for: another, shorter batch.
  if (seen.after.length > 0) return conflict;
  // The stream is shorter than expected. Only a first sending is refused for good by that: an earlier one may fill the stream yet.
  return refusedAt < expected && !append.inDoubt ? conflict : undefined;
};
