import type { Opened } from '../every-event.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { Fold } from '../kernel/use-case.ts';
import type { NameEvent } from './events.ts';

/** A unique name as of the head of its stream. `holder`: the stream that has it; `reservation`: the revision of that reservation. */
export type NameState = { reserved: { readonly holder: string; readonly reservation: number; readonly at: number } | null; revision: number };

/** Changes the state in place and returns it. */
const evolve = (state: NameState, recorded: OpenedEvent): NameState => {
  const event = recorded as unknown as Opened<NameEvent['type']>;
  state.revision = event.revision;
  switch (event.type) {
    case 'NameReserved':
      state.reserved = { at: event.data.at, holder: event.data.holder, reservation: event.revision };
      return state;
    case 'NameReleased':
      if (state.reserved?.holder === event.data.holder) state.reserved = null;
      return state;
    default:
      return state;
  }
};

export const nameFold: Fold<NameState> = { initial: () => ({ reserved: null, revision: -1 }), evolve };

const unusedForMs = 10 * 60_000;

/**
 * What to do about a name that `holder` wants (ARCHITECTURE section 3). `reserve`: it is free. `held`: it is ours already.
 * `wait`: somebody reserved it a moment ago and may still be founding. `abandon-first`: record `Abandoned` in `by`, which
 * refuses where the name is in use, then reserve it in the place of `reservation`.
 */
export const wayToName = (state: NameState, holder: string, now: number): { readonly way: 'reserve' | 'held' | 'wait' } | { readonly way: 'abandon-first'; readonly by: string; readonly reservation: number } => {
  if (!state.reserved) return { way: 'reserve' };
  if (state.reserved.holder === holder) return { way: 'held' };
  if (now - state.reserved.at < unusedForMs) return { way: 'wait' };
  return { way: 'abandon-first', by: state.reserved.holder, reservation: state.reserved.reservation };
};
