import { z } from 'zod';
import { endpoint, recorded } from './endpoint.ts';
import { limits } from './limits.ts';
import { id } from './shapes.ts';

const range = z.strictObject({ conversationId: id, from: z.int().min(0), to: z.int().min(0) });

export const reportViewed = endpoint({
  name: 'reportViewed', kind: 'command', method: 'POST', path: '/reading/viewed', policy: 'guest',
  says: 'Evidence: ranges of revisions that were really in the viewport of a visible, focused tab. Answered when durable; ask again with the same commandId until then. `upTo` also raises the cursor in that conversation.',
  input: z.strictObject({ ranges: z.array(range).max(limits.viewedRangesMax), rule: z.int().min(1).max(1_000).default(1) }),
  output: recorded, refusals: ['nothing-to-record'],
});
export const markReadUpTo = endpoint({
  name: 'markReadUpTo', kind: 'command', method: 'POST', path: '/conversations/:conversationId/read-up-to', policy: 'guest',
  says: 'Raises the cursor: everything up to this revision counts as read. It never lowers.',
  input: z.strictObject({ conversationId: id, revision: z.int().min(0) }), output: recorded, refusals: ['not-a-member'],
});
export const markUnread = endpoint({
  name: 'markUnread', kind: 'command', method: 'POST', path: '/conversations/:conversationId/unread-from', policy: 'member',
  says: 'Sets the cursor, so that the line at this revision is the first unread.',
  input: z.strictObject({ conversationId: id, revision: z.int().min(0) }), output: recorded, refusals: ['not-a-member'],
});
export const muteConversation = endpoint({
  name: 'muteConversation', kind: 'command', method: 'PUT', path: '/conversations/:conversationId/mute', policy: 'member',
  says: 'A muted conversation counts, without a badge.', input: z.strictObject({ conversationId: id }), output: recorded, refusals: ['not-a-member'],
});
export const unmuteConversation = endpoint({
  name: 'unmuteConversation', kind: 'command', method: 'DELETE', path: '/conversations/:conversationId/mute', policy: 'member',
  says: 'Badges again.', input: z.strictObject({ conversationId: id }), output: recorded, refusals: ['not-a-member'],
});
