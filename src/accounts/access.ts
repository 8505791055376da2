import type { Fold } from '../kernel/use-case.ts';

/** `access` decides nothing by what it holds: only its head is kept. */
export type AccessState = { revision: number };

export const accessFold: Fold<AccessState> = {
  initial: () => ({ revision: -1 }),
  evolve: (state, { revision }) => {
    state.revision = revision;
    return state;
  },
};
