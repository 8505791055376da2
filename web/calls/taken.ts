import type { CallRoster, HostMutes } from '#src/contract/calls.ts';
import type { CallHappened } from '#src/contract/socket.ts';

/** `by`: undefined where it was done while the appliance could not be reached, so that nobody told. */
export type Taken = { readonly what: HostMutes; readonly by: string | undefined };

/**
 * What a host took from this person after that revision of the conversation. The roster says it, not the frame: `happened` is the latest fact alone, and
 * after a cut-off may be another one, by somebody else or by oneself. What was taken from a device stays taken from the one that takes its place in
 * the call. Who has left, the line being silent for too long too, and joins again begins anew: the record keeps nothing of a place that was given up.
 */
export const takenSince = (revision: number, now: CallRoster, me: string, happened?: CallHappened): readonly Taken[] => {
  const taken = now.participants.find(({ account }) => account === me)?.taken;
  const byOf = (what: HostMutes): string | undefined => (happened?.what === 'muted' && happened.account === me && happened.taken === what ? happened.by : undefined);
  return (['audio', 'video', 'screen'] as const).filter((what) => (taken?.[what] ?? -1) > revision).map((what) => ({ what, by: byOf(what) }));
};
