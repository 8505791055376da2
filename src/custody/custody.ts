import type { Opened } from '../every-event.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { Fold } from '../kernel/use-case.ts';
import type { CustodyEvent } from './events.ts';

/** What the record knows of itself, as of the head of `custody`. */
export type CustodyState = {
  /** Null before the founding. */
  logId: string | null;
  writers: Set<string>;
  signingKeys: Set<string>;
  /** Positions in the log of events that no writer of ours made. */
  foreign: Set<number>;
  revision: number;
};

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
    case 'ForeignEventFound':
      state.foreign.add(event.data.position);
      return state;
    default:
      return state;
  }
};

export const custodyFold: Fold<CustodyState> = { initial: () => ({ foreign: new Set(), logId: null, revision: -1, signingKeys: new Set(), writers: new Set() }), evolve };
