import type { World } from '../accounts/standing.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import type { markReadUpTo as endpoint } from '../contract/reading.ts';
import { permitMembership, type MemberPermit, type Membership } from '../conversations/permits.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { ReadUpTo } from './events.ts';
import { readingFold, type ReadingState } from './reading.ts';

/** `membership`: the reader's own, undefined for none. `ordinal`: of the last counting line at or before `revision`. */
export type MarkReadUpTo = ParsedInputOf<typeof endpoint> & { readonly membership: Membership | undefined; readonly ordinal: number };

/** Only raises, and not beyond the head: what would lower the cursor is nothing to record. */
export const markReadUpTo: UseCase<MarkReadUpTo, ReadingState, MemberPermit, World> = {
  name: 'markReadUpTo',
  stream: (_input, { actor }) => streams.reading(actor.id),
  fold: readingFold,
  permit: (world, acting, { membership }) => permitMembership(world, acting, membership),
  decide: ({ account, conversation, head }, input, state, { at }) => {
    const { ordinal } = input;
    const revision = Math.min(input.revision, head);
    if (revision <= (state.cursors.get(conversation)?.revision ?? -1)) return nothingToRecord;
    const read: ReadUpTo = { type: 'ReadUpTo', data: { account, at, conversation, ordinal, revision } };
    return [read];
  },
  isSameIntent: ({ conversationId, revision }, recorded) =>
    recordsIntent(recorded, 'ReadUpTo', { conversation: conversationId }) && recorded.every(({ data }) => (data['revision'] as number) <= revision),
};
