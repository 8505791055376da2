import { z } from 'zod';
import { searchHit } from './archive.ts';
import { endpoint } from './endpoint.ts';
import { limits } from './limits.ts';
import { id } from './shapes.ts';

/** [from, to) in UTF-16 units of `name`. */
const named = { name: z.string(), marks: z.array(z.tuple([z.int(), z.int()])) };

/**
 * Why the instant index did not answer: none is set up; the question is in the language of the exact search; the index is too
 * many events or seconds behind; Meilisearch does not answer, not in time, or not as it should; the index is being made.
 */
export const whyExact = z.enum(['not-set-up', 'asked-exactly', 'behind', 'down', 'slow', 'wrong', 'being-made']);
export type WhyExact = z.infer<typeof whyExact>;

export const findInstantly = endpoint({
  name: 'findInstantly', kind: 'query', method: 'GET', path: '/instant', policy: 'member',
  says: 'Find-as-you-type in one\'s own conversations: a few of the best hits, small slips of the keys forgiven, neither a count nor complete. From Meilisearch where it is set up and well; else the exact search answers for messages, and `because` says why. `behind`: events that the answer knows nothing of.',
  input: z.strictObject({ text: z.string().min(1).max(limits.queryMax), conversationId: id.optional() }),
  output: z.strictObject({
    messages: z.array(searchHit), people: z.array(z.strictObject({ account: id, ...named })), conversations: z.array(z.strictObject({ conversationId: id, ...named })),
    answeredBy: z.enum(['instant', 'exact']), because: whyExact.nullable(), position: z.int(), behind: z.int(),
  }),
  refusals: ['query-unreadable'],
});
