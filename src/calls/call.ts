import type { CallParticipant, CallRoster } from '../contract/calls.ts';
import type { Opened } from '../every-event.ts';

/** `joined`: revision of the join that brought this device in. `guest`: not of the house. `taken`: what a host took from them, and the revision at which; it goes with them to another device of theirs. */
export type CallParty = { readonly account: string; readonly device: string; readonly joined: number; readonly joinedAt: number; readonly sharing: boolean; readonly guest: boolean; readonly taken?: CallParticipant['taken'] };
/** `since`: revision of the event that rings. */
export type Ring = { readonly account: string; readonly since: number; readonly at: number };

/**
 * The latest call of a conversation, as of `revision`. Plain data, so that a view keeps it as it is. `parties` in the order in which they
 * came; `answered`: somebody beside the starter took part; `people`: everybody who ever did; `removed`: may come back only when they are rung.
 */
export type Call = {
  readonly callId: string; readonly revision: number; readonly startedAt: number; readonly startedBy: string; readonly audioOnly: boolean;
  readonly answered: boolean; readonly over: boolean;
  readonly parties: readonly CallParty[]; readonly ringing: readonly Ring[]; readonly knocking: readonly string[];
  readonly people: readonly string[]; readonly removed: readonly string[];
};

/** The latest call after one more event of its conversation. What belongs to another call, or says nothing of calls, changes nothing. */
export const evolveCall = (call: Call | null, event: Opened): Call | null => {
  if (event.type === 'CallStarted') return startedBy(event);
  if (call === null || call.over) return call;
  if (event.type === 'MemberLeft') return withoutWaiting(call, event);
  if (!isOfCall(event) || event.data.callId !== call.callId) return call;
  return { ...call, ...changed(call, event), revision: event.revision };
};

/** Who leaves the conversation, or its door, does not ring any more and does not ask to be let in. */
const withoutWaiting = (call: Call, { data: { account }, revision }: Opened<'MemberLeft'>): Call => {
  const waits = call.knocking.includes(account) || call.ringing.some((ring) => ring.account === account);
  return waits ? { ...call, revision, ringing: withoutRing(call, account), knocking: withoutKnock(call, account) } : call;
};

const startedBy = ({ data, metadata, revision }: Opened<'CallStarted'>): Call => ({
  callId: data.callId, revision, startedAt: data.at, startedBy: data.account, audioOnly: data.audioOnly, answered: false, over: false,
  parties: [{ account: data.account, device: data.device, joined: revision, joinedAt: data.at, sharing: false, guest: metadata.actor.kind === 'guest' }], ringing: [], knocking: [], people: [data.account], removed: [],
});

type CallTypes =
  | 'CallRang' | 'CallJoined' | 'CallDeclined' | 'CallUnanswered' | 'CallLeft' | 'ScreenShared' | 'ScreenShareEnded' | 'CallMuted' | 'GuestKnocked' | 'GuestAdmitted' | 'GuestTurnedAway' | 'CallEnded';
const types: ReadonlySet<string> = new Set<CallTypes>([
  'CallRang', 'CallJoined', 'CallDeclined', 'CallUnanswered', 'CallLeft', 'ScreenShared', 'ScreenShareEnded', 'CallMuted', 'GuestKnocked', 'GuestAdmitted', 'GuestTurnedAway', 'CallEnded',
]);
const isOfCall = (event: Opened): event is Opened<CallTypes> => types.has(event.type);

/** Whether an event is a fact of a call. */
export const isCallEvent = (event: Opened): event is Opened<CallTypes | 'CallStarted'> => event.type === 'CallStarted' || isOfCall(event);

const changed = (call: Call, event: Opened<CallTypes>): Partial<Call> => {
  switch (event.type) {
    case 'CallRang': {
      const { accounts, at } = event.data;
      const added = accounts.filter((account) => !isIn(call, account) && !call.ringing.some((ring) => ring.account === account));
      return { ringing: [...call.ringing, ...added.map((account): Ring => ({ account, since: event.revision, at }))], removed: call.removed.filter((account) => !accounts.includes(account)) };
    }
    case 'CallJoined':
      return joined(call, event);
    case 'CallDeclined':
      return { ringing: withoutRing(call, event.data.account) };
    case 'CallUnanswered':
      return { ringing: withoutRing(call, ...event.data.accounts) };
    case 'CallLeft': {
      const { account, cause } = event.data;
      return { parties: call.parties.filter((party) => party.account !== account), ...(cause === 'removed' ? { removed: [...call.removed, account] } : {}) };
    }
    case 'ScreenShared':
      return { parties: withSharing(call, event.data.account, true) };
    case 'ScreenShareEnded':
      return { parties: withSharing(call, event.data.account, false) };
    case 'CallMuted': {
      const { account, what } = event.data;
      return { parties: call.parties.map((party) => (party.account === account ? { ...party, taken: { ...party.taken, [what]: event.revision } } : party)) };
    }
    case 'GuestKnocked':
      return { knocking: [...withoutKnock(call, event.data.account), event.data.account] };
    case 'GuestAdmitted':
    case 'GuestTurnedAway':
      return { knocking: withoutKnock(call, event.data.account) };
    case 'CallEnded':
      return { over: true, parties: [], ringing: [], knocking: [] };
  }
};

/** Who moves to another device keeps their place, so that nobody else's turn in making offers changes. */
const joined = (call: Call, { data, metadata, revision }: Opened<'CallJoined'>): Partial<Call> => {
  const { account, at, device } = data;
  const parties = isIn(call, account)
    ? call.parties.map((party) => (party.account === account ? { ...party, device, joined: revision, sharing: false } : party))
    : [...call.parties, { account, device, joined: revision, joinedAt: at, sharing: false, guest: metadata.actor.kind === 'guest' }];
  return {
    parties, ringing: withoutRing(call, account), answered: call.answered || account !== call.startedBy,
    people: call.people.includes(account) ? call.people : [...call.people, account],
  };
};

const isIn = (call: Call, account: string): boolean => call.parties.some((party) => party.account === account);
const withoutRing = (call: Call, ...accounts: readonly string[]): readonly Ring[] => call.ringing.filter(({ account }) => !accounts.includes(account));
const withoutKnock = (call: Call, account: string): readonly string[] => call.knocking.filter((one) => one !== account);
const withSharing = (call: Call, account: string, sharing: boolean): readonly CallParty[] => call.parties.map((party) => (party.account === account ? { ...party, sharing } : party));

export const partyOf = (call: Call, account: string): CallParty | undefined => call.parties.find((party) => party.account === account);

/** Who started it; while they are away, who of the house has been in it longest; null while only guests are in it. */
export const hostOf = ({ parties, startedBy }: Call): string | null => {
  const ofTheHouse = parties.filter(({ guest }) => !guest).map(({ account }) => account);
  return ofTheHouse.includes(startedBy) ? startedBy : (ofTheHouse[0] ?? null);
};

/** As everybody in the conversation is told of it; null once it is over. */
export const rosterOf = (conversationId: string, call: Call | null): CallRoster | null =>
  call === null || call.over
    ? null
    : {
        conversationId, callId: call.callId, revision: call.revision, startedAt: call.startedAt, startedBy: call.startedBy, host: hostOf(call), audioOnly: call.audioOnly,
        participants: call.parties.map(({ joined: _joined, guest: _guest, ...party }) => party), ringing: call.ringing.map(({ account }) => account), knocking: [...call.knocking],
      };
