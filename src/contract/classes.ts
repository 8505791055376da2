import { z } from 'zod';
import { endpoint, recorded } from './endpoint.ts';
import { limits } from './limits.ts';
import { id } from './shapes.ts';

/** Settings list classes with commas between, so that a name has none; and no blanks at its ends, which nobody sees. */
export const classOfServiceName = z.string().max(limits.classOfServiceMax).regex(/^[^,\s\p{Cc}\p{Cs}](?:[^,\p{Cc}\p{Cs}]*[^,\s\p{Cc}\p{Cs}])?$/u, 'no comma, no control character, and no blank at either end');

export const setClass = endpoint({
  name: 'setClass', kind: 'command', method: 'PUT', path: '/accounts/:account/class', policy: ['administrator'], says: 'Gives an account a class of service, instead of the one it had; `null` leaves it without one.',
  input: z.strictObject({ account: id, classOfService: classOfServiceName.nullable() }), output: recorded, refusals: ['not-found'],
});
