import type { World } from '../accounts/standing.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import type { markUnread as endpoint } from '../contract/reading.ts';
import { permitMembership, type MemberPermit, type Membership } from '../conversations/permits.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { MarkedUnread } from './events.ts';
import { readingFold, type ReadingState } from './reading.ts';

/** `membership`: the reader's own, undefined for none. `revision`: of the line that becomes the first unread. `ordinal`: of the last counting line before it. */
export type MarkUnread = ParsedInputOf<typeof endpoint> & { readonly membership: Membership | undefined; readonly ordinal: number };

/** Sets the cursor, lower or higher, and not beyond the head. Recorded even where the cursor stands: posting may have moved it since, and this stream does not hold posts. */
export const markUnread: UseCase<MarkUnread, ReadingState, MemberPermit, World> = {
  name: 'markUnread',
  stream: (_input, { actor }) => streams.reading(actor.id),
  fold: readingFold,
  permit: (world, acting, { membership }) => permitMembership(world, acting, membership),
  decide: ({ account, conversation, head }, input, _state, { at }) => {
    const { ordinal } = input;
    const revision = Math.min(input.revision, head);
    const marked: MarkedUnread = { type: 'MarkedUnread', data: { account, at, conversation, ordinal, revision } };
    return [marked];
  },
  isSameIntent: ({ conversationId, revision }, recorded) =>
    recordsIntent(recorded, 'MarkedUnread', { conversation: conversationId }) && recorded.every(({ data }) => (data['revision'] as number) <= revision),
};
