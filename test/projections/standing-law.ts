import fc from 'fast-check';
import type { View, ViewName } from '#projections/view.ts';
import type { Opened } from '#src/every-event.ts';
import { batchesOf, deeds, historyOf } from './random-history.ts';
import { aKnockThatEnds } from './random-meetings.ts';
import { onShelf, type Shelf } from './shelf.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 4 });

/**
 * What every node begins with is what its own follower would have come to, wherever batches end. `compare` is called after each batch of a
 * random history, which begins with somebody who knocks and goes, with every event that was seen so far; it throws where they differ. `broken`: stands in for the view of its name.
 */
export const standingLaw = (only: readonly ViewName[], compare: (shelf: Shelf, seen: readonly Opened[]) => void, broken?: View): void =>
  fc.assert(
    fc.property(deeds(60), sizes, (list, cut) =>
      onShelf((shelf) => {
        const { events } = historyOf([...aKnockThatEnds, ...list]);
        let seen = 0;
        for (const batch of batchesOf(events, cut)) {
          shelf.apply(batch);
          seen += batch.length;
          compare(shelf, events.slice(0, seen));
        }
      }, broken ? [broken] : [], only)),
    { numRuns: broken ? 300 : 30, endOnFailure: true }, // A broken one is caught by the first history that has it in it.
  );
