import { z } from 'zod';

/** What travels on `<data>/operator.sock`: one request, then progress, then one answer; JSON, a line each. */
export const requestFrame = z.strictObject({ verb: z.string().max(60), input: z.record(z.string(), z.unknown()) });
export type RequestFrame = z.infer<typeof requestFrame>;

export const replyFrame = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('progress'), done: z.int(), of: z.int().nullable(), what: z.string() }),
  z.strictObject({ is: z.literal('answer'), output: z.unknown(), says: z.array(z.string()), exit: z.int() }),
  z.strictObject({ is: z.literal('refusal'), code: z.string(), sentence: z.string(), limit: z.number().optional() }),
  z.strictObject({ is: z.literal('fault'), sentence: z.string() }),
]);
export type ReplyFrame = z.infer<typeof replyFrame>;

export const requestBytesMax = 64 * 1024;
