import type { House } from '#appliance/house/house.ts';
import { derivedId } from '#src/kernel/ids.ts';

/** The id of a room: whoever knows the exact name comes to the same place, and nobody can tell from outside which names there are. */
export const roomId = ({ keyring }: Pick<House, 'keyring'>, room: string): string => derivedId(keyring.logSecret, 'room', room);

/** Whether guests may go there: it stands in the name. */
export const isPublicRoom = (room: string): boolean => room.startsWith('public/');
