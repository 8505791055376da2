import { isRefusal, type Refusal } from '#src/kernel/refusal.ts';
import type { Handled } from '#src/log/desk/stream-desk.ts';

/** A command's plain answer: the revision that it rests on. */
export const recordedOf = (result: Handled | Refusal): { revision: number } | Refusal => (isRefusal(result) ? result : { revision: result.events.at(-1)!.revision });
