import { describe, expect, it } from 'vitest';
import { deskView } from '#projections/desk/view.ts';
import type { View } from '#projections/view.ts';
import { latestCall } from './random-calls.ts';
import { rooms } from './random-history.ts';
import { meetingOf } from './random-meetings.ts';
import { aDifference, deafTo } from './shelf.ts';
import { standingLaw } from './standing-law.ts';

const room = rooms[1]!;

const meetingsStand = (broken?: View): void =>
  standingLaw(['desk'], (shelf, seen) => {
    const known = meetingOf(seen, `conversation-${room}`);
    expect(shelf.ask('desk.meetings', {})).toEqual(known === null ? [] : [{ conversationId: room, meeting: known, call: latestCall(seen, `conversation-${room}`) }]);
  }, broken);

describe('a meeting as every node begins with it', () => {
  it('is what its events make of it, over random histories', () => meetingsStand());

  it('would be caught without what guests did at the door', () => {
    expect(() => meetingsStand(deafTo(deskView, 'GuestEntered'))).toThrow(aDifference);
  });

  it('would be caught where who left the door still stands there', () => {
    expect(() => meetingsStand(deafTo(deskView, 'MemberLeft'))).toThrow(aDifference);
  });
});
