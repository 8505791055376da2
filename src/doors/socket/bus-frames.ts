import { z } from 'zod';
import { signal } from '../../contract/calls.ts';
import { at, id, presenceState } from '../../contract/shapes.ts';
import { bucketsCount, digestsBytes } from './digested-map.ts';

/** What nodes tell each other on the bus. One node may be newer than the other: what is not understood is dropped. */

/** As the sockets of one node show somebody. */
const shown = z.enum(['available', 'away']);
export type Shown = z.infer<typeof shown>;

const digest = z.string().length(16);
const digests = z.string().length(Math.ceil((digestsBytes * 4) / 3));
/** The last choice wins: by `at`, then by node. */
const choice = z.tuple([id, presenceState.nullable(), at, id]);
export type Choice = { readonly state: z.infer<typeof presenceState> | null; readonly at: number; readonly node: string };

export const presenceFrame = z.discriminatedUnion('is', [
  /** Every few seconds, and when the bus was reached: what the sender's sockets show in all, and the choices it knows. `answer`: tell me yours, too. */
  z.object({ is: z.literal('heartbeat'), shown: digest, choices: digest, answer: z.boolean() }),
  z.object({ is: z.literal('shown'), people: z.array(z.tuple([id, shown.nullable()])) }),
  z.object({ is: z.literal('chosen'), choices: z.array(choice) }),
  /** To one node: this is what I have of you. */
  z.object({ is: z.literal('ask'), shown: digests, choices: digests }),
  /** All of these buckets, in place of what was known of them. */
  z.object({ is: z.literal('buckets'), buckets: z.array(z.tuple([z.int().min(0).max(bucketsCount - 1), z.array(z.tuple([id, shown]))])) }),
  z.object({ is: z.literal('bye') }),
]);
export type PresenceFrame = z.infer<typeof presenceFrame>;

export const typingFrame = z.object({ typing: z.array(z.tuple([id, id])) });
/** `typing`: [conversation, account]. */
export type TypingFrame = z.infer<typeof typingFrame>;

/** A signal for a device on another node. Believed only as far as the record says that both take part. */
export const signalFrame = z.object({ conversationId: id, callId: id, from: id, account: id, to: id, signal });

/** Devices in calls that the sender has a socket of: [conversation, account, device]. Whole each time. */
export const devicesFrame = z.object({ devices: z.array(z.tuple([id, id, id])) });
export type DevicesFrame = z.infer<typeof devicesFrame>;

/** Guests who asked the sender something since it said so last. */
export const guestsFrame = z.object({ guests: z.array(id) });
export type GuestsFrame = z.infer<typeof guestsFrame>;
