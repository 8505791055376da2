import { isRefusal, nothingToRecord, type Refusal } from '#src/kernel/refusal.ts';
import type { Handled } from '#src/log/desk/stream-desk.ts';

/** A command's plain answer: the revision of its stream that it rests on; -1 where the record said so already and nothing was added. */
export const recordedOf = (result: Handled | Refusal): { revision: number } | Refusal => {
  if (!isRefusal(result)) return { revision: result.events.at(-1)!.revision };
  return result.code === nothingToRecord.code ? { revision: -1 } : result;
};
