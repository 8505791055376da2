import type { CallRoster, HostMutes } from '#src/contract/calls.ts';
import type { CallHappened } from '#src/contract/socket.ts';

/** `by`: undefined where it was done while the appliance could not be reached, so that nobody told. */
export type Taken = { readonly what: HostMutes; readonly by: string | undefined };

/**
 * What a host took from this person after that revision of the conversation. The roster says it, not the frame: `happened` is the latest fact alone, and
 * after a cut-off may be another one, by somebody else or by oneself. It goes with this person from device to device, for as long as they keep their place.
 * That they turned it on again meanwhile no record says: only the tab that was reloaded knows, and has a `revision` of its own; any other device comes
 * with -1 and begins with it off. Who has left, the line being silent for too long too, and joins again begins anew: the record keeps nothing of a place that was given up.
 */
export const takenSince = (revision: number, now: CallRoster, me: string, happened?: CallHappened): readonly Taken[] => {
  const taken = now.participants.find(({ account }) => account === me)?.taken;
  const byOf = (what: HostMutes): string | undefined => (happened?.what === 'muted' && happened.account === me && happened.taken === what ? happened.by : undefined);
  return (['audio', 'video', 'screen'] as const).filter((what) => (taken?.[what] ?? -1) > revision).map((what) => ({ what, by: byOf(what) }));
};
