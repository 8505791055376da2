import type { House } from '#appliance/house/house.ts';
import { everyVerb } from '#appliance/verbs/every-verb.ts';
import { exitCodes } from '#appliance/verbs/verb.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import type { ReplyFrame } from './frames.ts';

/** Performs one verb in this house, and tells how it goes. The last frame is the answer; nothing is thrown. */
export const perform = async (house: House, name: string, input: unknown, tell: (frame: ReplyFrame) => void, signal: AbortSignal): Promise<void> => {
  try {
    tell(await answerOf(house, name, input, tell, signal));
  } catch (cause) {
    tell({ is: 'fault', sentence: cause instanceof Error ? cause.message : String(cause) });
  }
};

const answerOf = async (house: House, name: string, input: unknown, tell: (frame: ReplyFrame) => void, signal: AbortSignal): Promise<ReplyFrame> => {
  const verb = everyVerb.find((one) => one.name === name);
  if (!verb) return { is: 'refusal', code: 'not-found', sentence: `The running appliance knows no "${name}". It may be of another version.` };
  const parsed = verb.input.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return { is: 'refusal', code: 'malformed', sentence: `${issue.path.join('.')} cannot be read: ${issue.message}. Nothing was changed.` };
  }
  const result = await verb.run(house, parsed.data, { signal, onProgress: (done, of, what) => tell({ is: 'progress', done, of, what }) });
  if (isRefusal(result)) return { is: 'refusal', code: result.code, sentence: result.sentence, ...(result.limit === undefined ? {} : { limit: result.limit }) };
  return { is: 'answer', output: result.output, says: [...result.says], exit: result.exit ?? exitCodes.fine };
};
