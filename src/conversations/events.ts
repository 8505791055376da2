import type { Imported } from '../accounts/events.ts';

/** Facts of life and membership in `conversation-<id>`. */

export type ConversationKind = 'direct' | 'group' | 'channel' | 'meeting';
export type HistoryVisibility = 'all' | 'sinceJoined';

/** `founders` become members with this event. `space` for channels; `general` marks the channel whose title and topic are the space's. */
export type ConversationOpened = {
  type: 'ConversationOpened';
  data: {
    at: number; by: string; conversation: string; founders: readonly string[]; general?: boolean;
    historyVisibility: HistoryVisibility; imported?: Imported; kind: ConversationKind; space: string | null;
    /** For a channel: the revision in the space's stream of the founder's join that their membership stands under. */
    under?: number;
  };
  content: { title: { title: string; topic: string } };
};
/**
 * `under`: in a channel, the revision of the join in the space's stream that this membership stands under. `by` invited, or is the
 * member. `assumed`: an import saw this person speak or leave, and never join.
 */
export type MemberJoined = { type: 'MemberJoined'; data: { account: string; assumed?: true; at: number; by: string; imported?: Imported; under?: number } };
export type MemberLeft = { type: 'MemberLeft'; data: { account: string; at: number; by: string; cause: 'self' | 'removed' | 'left-space'; imported?: Imported } };
/** Title and topic as a whole, anew. Never in the General channel of a space: it carries the space's. */
export type ConversationTitled = { type: 'ConversationTitled'; data: { at: number; by: string }; content: { title: { title: string; topic: string } } };
export type ConversationClosed = { type: 'ConversationClosed'; data: { at: number; by: string; cause: 'last-member-left' | 'deleted' | 'meeting-over' } };

export type ConversationLifeEvent = ConversationOpened | MemberJoined | MemberLeft | ConversationTitled | ConversationClosed;
