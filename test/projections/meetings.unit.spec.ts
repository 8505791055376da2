import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deskView } from '#projections/desk/view.ts';
import type { View } from '#projections/view.ts';
import { latestCall } from './random-calls.ts';
import { batchesOf, deeds, historyOf, rooms } from './random-history.ts';
import { meetingOf } from './random-meetings.ts';
import { aDifference, deafTo, onShelf } from './shelf.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 4 });
const room = rooms[1]!;

/** What every node begins with is what its own follower would have come to, wherever batches end. */
const standingLaw = (view?: View): void =>
  fc.assert(
    fc.property(deeds(60), sizes, (list, cut) =>
      onShelf((shelf) => {
        const { events } = historyOf(list);
        let seen = 0;
        for (const batch of batchesOf(events, cut)) {
          shelf.apply(batch);
          seen += batch.length;
          const known = meetingOf(events.slice(0, seen), `conversation-${room}`);
          expect(shelf.ask('desk.meetings', {})).toEqual(known === null ? [] : [{ conversationId: room, meeting: known, call: latestCall(events.slice(0, seen), `conversation-${room}`) }]);
        }
      }, view ? [view] : [], ['desk'])),
    { numRuns: view ? 300 : 30, endOnFailure: true }, // A broken one is caught by the first history that has it in it.
  );

describe('a meeting as every node begins with it', () => {
  it('is what its events make of it, over random histories', () => standingLaw());

  it('would be caught without what guests did at the door', () => {
    expect(() => standingLaw(deafTo(deskView, 'GuestEntered'))).toThrow(aDifference);
  });
});
