import type { SpaceStanding } from '../accounts/standing.ts';
import type { Opened } from '../every-event.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { Fold } from '../kernel/use-case.ts';
import type { SpaceEvent } from './events.ts';

/** A space as of its head; once `founded` it is a `SpaceStanding`. `members`: account to the revision of the join they stand under. */
export type SpaceState = {
  founded: boolean;
  space: string;
  general: string;
  /** The stream in which its name is reserved. */
  name: string | null;
  /** Name streams to the latest reservation there that was given up before it was used. */
  abandoned: Map<string, number>;
  members: Map<string, number>;
  administrators: Set<string>;
  revision: number;
};

const noSpace = (): SpaceState => ({ founded: false, space: '', general: '', name: null, abandoned: new Map(), members: new Map(), administrators: new Set(), revision: -1 });

/** Changes the state in place and returns it. */
const evolve = (state: SpaceState, recorded: OpenedEvent): SpaceState => {
  const event = recorded as unknown as Opened<SpaceEvent['type'] | 'Abandoned'>;
  state.revision = event.revision;
  switch (event.type) {
    case 'SpaceFounded':
      return founded(state, event);
    case 'SpaceTitled':
      state.name = event.data.name;
      return state;
    case 'SpaceJoined':
      state.members.set(event.data.account, event.revision);
      // Who comes back comes back as a plain member.
      state.administrators.delete(event.data.account);
      return state;
    case 'SpaceLeft':
      state.members.delete(event.data.account);
      state.administrators.delete(event.data.account);
      return state;
    case 'AdministratorAppointed':
      if (state.members.has(event.data.account)) state.administrators.add(event.data.account);
      return state;
    case 'Abandoned':
      state.abandoned.set(event.data.name, event.data.reservation);
      return state;
    default:
      return state;
  }
};

const founded = (state: SpaceState, { data, revision }: Opened<'SpaceFounded'>): SpaceState => {
  if (state.founded) return state;
  state.founded = true;
  state.space = data.space;
  state.general = data.general;
  state.name = data.name;
  state.members.set(data.by, revision);
  state.administrators.add(data.by);
  return state;
};

export const spaceFold: Fold<SpaceState> = { initial: noSpace, evolve };

/** What permits elsewhere rest on; undefined before the founding. */
export const spaceStandingOf = (state: SpaceState): SpaceStanding | undefined => (state.founded ? state : undefined);
