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
/**
 * Why somebody is no member any more. The last three are the clock's, and of guests alone: in a room without anybody of the house for too
 * long; not in the call, and without the page open, for too long; still there when the meeting ended.
 */
export type LeaveCause = 'self' | 'removed' | 'left-space' | 'left-alone' | 'absent' | 'meeting-over';
/** `by` is absent where the appliance did it, and has the system as its actor; else the member, or who removed them. */
export type MemberLeft = { type: 'MemberLeft'; data: { account: string; at: number; by?: string; cause: LeaveCause; imported?: Imported } };
/** Title and topic as a whole, anew. Never in the General channel of a space: it carries the space's. */
export type ConversationTitled = { type: 'ConversationTitled'; data: { at: number; by: string }; content: { title: { title: string; topic: string } } };
/** `by` is absent where the clock did it (`meeting-over`); meetings that ended before it could be name their host. */
export type ConversationClosed = { type: 'ConversationClosed'; data: { at: number; by?: string; cause: 'last-member-left' | 'deleted' | 'meeting-over' } };

export type ConversationLifeEvent = ConversationOpened | MemberJoined | MemberLeft | ConversationTitled | ConversationClosed;
