import { expect } from 'vitest';
import type { Derived } from '#projections/view.ts';
import type { Opened } from '#src/every-event.ts';

/** A screen: its state as a fresh snapshot gives it, and how a batch of events with what the writer derived moves it. */
export type Screen<State> = {
  readonly snapshot: () => State;
  readonly push: (state: State, events: readonly Opened[], derived: readonly Derived[]) => State;
  /** What of the state the law speaks of. */
  readonly seen: (state: State) => unknown;
};

/**
 * The snapshot law (ARCHITECTURE section 8): a snapshot after each batch, moved by everything pushed since, must be what a fresh
 * snapshot gives. `apply` brings the views one batch further and returns what was derived.
 */
export const expectSnapshotLaw = <State>(screen: Screen<State>, batches: readonly (readonly Opened[])[], apply: (batch: readonly Opened[]) => readonly Derived[]): void => {
  const states: State[] = [];
  for (const batch of batches) {
    const derived = apply(batch);
    for (const [n, state] of states.entries()) states[n] = screen.push(state, batch, derived);
    const fresh = screen.snapshot();
    for (const state of states) expect(screen.seen(state)).toEqual(screen.seen(fresh));
    // The oldest and the latest snapshots tell most.
    if (states.length < 3) states.push(fresh);
    else states[2] = fresh;
  }
};
