import { limits } from '#src/contract/limits.ts';
import { roomName } from '#src/contract/meetings.ts';

const prefix = 'public/';

/** What was typed as the name of a room that stays: in small letters, with a hyphen for each gap. */
export const roomNameOf = (typed: string): string => typed.trim().toLowerCase().replace(/\s+/g, '-');

/** Whether guests may come to a room of this name. */
export const isPublic = (typed: string): boolean => roomNameOf(typed).startsWith(prefix);

/** The same room with guests, or another one of that name without. What was typed stays as it was, but for the prefix. */
export const withGuests = (typed: string, guests: boolean): string => {
  if (guests === isPublic(typed)) return typed;
  return guests ? prefix + typed.trimStart() : typed.trimStart().slice(prefix.length);
};

/** Whether a room can have this name. */
export const isRoomName = (typed: string): boolean => roomName.safeParse(roomNameOf(typed)).success;

/** What is wrong with a name; undefined where a room may have it, and where it is only begun. */
export const whyNoRoom = (typed: string): string | undefined => {
  const name = roomNameOf(typed);
  if (name === '' || name === prefix || isRoomName(name)) return undefined;
  if (name.length > limits.roomNameMax) return `A name has ${limits.roomNameMax} characters at most.`;
  return /^(public\/)?[a-z0-9-]+$/.test(name) ? 'A name begins and ends with a letter or a digit.' : 'A name has letters a to z, digits and hyphens.';
};
