import type { Opened } from '../every-event.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { Fold } from '../kernel/use-case.ts';
import type { CustodyEvent } from './events.ts';
import { leaseAfter, type LeaseStanding } from './lease.ts';

/** What decides about the record itself, as of its head. `logId` is null before the founding; `filesStore`: the mark of the store of files; `foreign`: positions of events that no writer of ours made; `alarms`: what was done to the log in its database; `announced`: changes of roles and the account, and when; `leases`: by name. */
export type CustodyState = { logId: string | null; writers: Set<string>; signingKeys: Set<string>; filesStore: string | null; foreign: Set<number>; alarms: Set<string>; announced: Map<string, number>; leases: Map<string, LeaseStanding>; batches: Set<string>; revision: number };

/** Changes the state in place and returns it. */
const evolve = (state: CustodyState, recorded: OpenedEvent): CustodyState => {
  const event = recorded as unknown as Opened<CustodyEvent['type']>;
  state.revision = event.revision;
  switch (event.type) {
    case 'LogFounded':
      state.logId ??= event.data.logId;
      state.writers.add(event.data.writer);
      return state;
    case 'WriterAnnounced':
      state.writers.add(event.data.writer);
      return state;
    case 'SigningKeyAnnounced':
      state.signingKeys.add(event.data.publicKey);
      return state;
    case 'FilesStoreAnnounced':
      state.filesStore ??= event.data.store;
      return state;
    case 'ForeignEventFound':
      state.foreign.add(event.data.position);
      return state;
    case 'LogAlarmRaised':
      state.alarms.add(event.data.alarm);
      return state;
    case 'RoleChangeAnnounced':
      state.announced.set(`${event.data.change} ${event.data.account}`, event.data.at);
      return state;
    case 'LeaseTaken':
    case 'LeaseReleased':
      state.leases.set(event.data.lease, leaseAfter(event, state.leases.get(event.data.lease)));
      return state;
    case 'ImportMade':
      state.batches.add(event.data.batch);
      return state;
    default:
      return state;
  }
};

export const custodyFold: Fold<CustodyState> = { initial: () => ({ alarms: new Set(), announced: new Map(), batches: new Set(), filesStore: null, foreign: new Set(), leases: new Map(), logId: null, revision: -1, signingKeys: new Set(), writers: new Set() }), evolve };
