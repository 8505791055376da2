import type { CallParticipant, CallRoster, HostMutes } from '#src/contract/calls.ts';

/** What a host took from this person between two rosters of one call: said in the second, so that who was cut off meanwhile learns of it too. */
export const takenSince = (before: CallRoster, now: CallRoster, me: string): readonly HostMutes[] => {
  const of = (roster: CallRoster): CallParticipant['taken'] => roster.participants.find(({ account }) => account === me)?.taken;
  const [known, found] = [of(before), of(now)];
  return (['audio', 'video', 'screen'] as const).filter((what) => (found?.[what] ?? -1) > (known?.[what] ?? -1));
};
