/** What a node knows of a guest who has a place. `found`: since its start it heard of them on some node. `missed`: in how many looks, one after the other, it found no sign of them. */
export type Watch = { readonly found: boolean; readonly missed: number };

/**
 * At one look. `inCall`, `signedIn`: by the record. `isThere`: a socket or a question of theirs, on whichever node; undefined while this
 * one cannot know of the others. `shared`: other nodes may write to the same log.
 */
export type Signs = { readonly inCall: boolean; readonly signedIn: boolean; readonly isThere: boolean | undefined; readonly shared: boolean };

/**
 * What is known after one more look. Pure. Whom this node never found may be with another that it has never heard of; the record brings
 * guests of such a node too, so that no fact in it counts as finding somebody.
 */
export const watchedOn = (before: Watch | undefined, { inCall, signedIn, isThere, shared }: Signs): Watch => {
  const found = before?.found === true || isThere === true;
  const missedAgain = { found, missed: (before?.missed ?? 0) + 1 };
  if (inCall) return { found, missed: 0 };
  // Without a session nobody has a page open anywhere.
  if (!signedIn) return missedAgain;
  return isThere === false && (found || !shared) ? missedAgain : { found, missed: 0 };
};
