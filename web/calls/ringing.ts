import type { CallRoster } from '#src/contract/calls.ts';

export type Rosters = ReadonlyMap<string, CallRoster>;

/** Calls whose ring has this person and that they are not in. */
export const ringingFor = (rosters: Rosters, me: string): readonly CallRoster[] =>
  [...rosters.values()].filter(({ ringing, participants }) => ringing.includes(me) && !participants.some(({ account }) => account === me));

/** The one that is shown: the oldest that was not ignored here. */
export const shownRing = (rosters: Rosters, me: string, ignored: ReadonlySet<string>): CallRoster | undefined =>
  ringingFor(rosters, me).filter(({ callId }) => !ignored.has(callId)).sort((a, b) => a.startedAt - b.startedAt)[0];

/** What was ignored is forgotten once it is known to ring no more, so that a second ring is heard. */
export const stillIgnored = (rosters: Rosters, me: string, ignored: ReadonlySet<string>): ReadonlySet<string> => {
  const silent = new Set([...rosters.values()].filter(({ ringing }) => !ringing.includes(me)).map(({ callId }) => callId));
  return new Set([...ignored].filter((callId) => !silent.has(callId)));
};

/** Takes in what a frame or a snapshot says; the same map when that is older than what is known. */
export const withRoster = (rosters: Rosters, conversationId: string, roster: CallRoster | null): Rosters => {
  const known = rosters.get(conversationId);
  if (roster === null && !known) return rosters;
  if (roster && known && roster.callId === known.callId && roster.revision < known.revision) return rosters;
  const next = new Map(rosters);
  if (roster) next.set(conversationId, roster);
  else next.delete(conversationId);
  return next;
};

/** How many take part, as people say it. */
export const peopleInCall = ({ participants }: Pick<CallRoster, 'participants'>): string => (participants.length === 1 ? '1 person' : `${participants.length} people`);
