/** Facts in `reading-<account>` (ARCHITECTURE section 3, "Viewed, exactly"). Revisions are those of the conversation's stream, both ends inclusive. */

export type ViewedRange = { readonly at: number; readonly conversation: string; readonly from: number; readonly to: number };
/** `rule` names the version of the rule by which the browser counts something as viewed. */
export type Viewed = { type: 'Viewed'; data: { account: string; at: number; ranges: readonly ViewedRange[]; rule: number } };
/** The cursor: everything up to this revision counts as read. Only raises. `ordinal`: of the last counting line at or before it. */
export type ReadUpTo = { type: 'ReadUpTo'; data: { account: string; at: number; conversation: string; ordinal: number; revision: number } };
/** Sets the cursor, so that the line at `revision` is the first unread. `ordinal`: of the last counting line before it. */
export type MarkedUnread = { type: 'MarkedUnread'; data: { account: string; at: number; conversation: string; ordinal: number; revision: number } };
export type ConversationMuted = { type: 'ConversationMuted'; data: { account: string; at: number; conversation: string } };
export type ConversationUnmuted = { type: 'ConversationUnmuted'; data: { account: string; at: number; conversation: string } };

export type ReadingEvent = Viewed | ReadUpTo | MarkedUnread | ConversationMuted | ConversationUnmuted;
