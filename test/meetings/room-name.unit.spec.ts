import { describe, expect, it } from 'vitest';
import { isPublic, isRoomName, roomNameOf, whyNoRoom, withGuests } from '#web/screens/meeting/room-name.ts';

describe('the name of a room, as it is typed', () => {
  it('is written small, with a hyphen for each gap', () => {
    expect(['Stand up', ' public/Stand  Up ', 'quay'].map(roomNameOf)).toEqual(['stand-up', 'public/stand-up', 'quay']);
  });

  it('takes guests by what stands before it, and nothing else of it changes', () => {
    expect([withGuests('Stand up', true), withGuests('public/Stand up', false), withGuests('Public/quay', true), withGuests('', true), withGuests('public/', false)]).toEqual(['public/Stand up', 'Stand up', 'Public/quay', 'public/', '']);
    expect(['public/quay', 'Public/', 'quay', 'public'].map(isPublic)).toEqual([true, true, false, false]);
  });

  it('is told from what no room is called', () => {
    expect(['quay', 'public/quay-7', 'Stand up', 'a'].map((name) => [isRoomName(name), whyNoRoom(name)])).toEqual(Array.from({ length: 4 }, () => [true, undefined]));
    expect(['', 'public/'].map((name) => [isRoomName(name), whyNoRoom(name)])).toEqual([[false, undefined], [false, undefined]]);
    expect(['-quay', 'public/quay-', 'café', 'private/quay', 'q'.repeat(81)].map((name) => [isRoomName(name), whyNoRoom(name)])).toEqual([
      [false, 'A name begins and ends with a letter or a digit.'], [false, 'A name begins and ends with a letter or a digit.'],
      [false, 'A name has letters a to z, digits and hyphens.'], [false, 'A name has letters a to z, digits and hyphens.'], [false, 'A name has 80 characters at most.'],
    ]);
  });
});
