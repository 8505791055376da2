import { evolveCall, type Call } from '../calls/call.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { CallEvent } from '../calls/events.ts';
import type { Fold } from '../kernel/use-case.ts';
import type { Opened } from '../every-event.ts';
import type { FileEvent } from '../files/events.ts';
import { evolveMeeting, type Meeting } from '../meetings/meeting.ts';
import type { MeetingEvent } from '../meetings/events.ts';
import type { MessageEvent } from '../messages/events.ts';
import type { ConversationKind, ConversationLifeEvent, HistoryVisibility } from './events.ts';

/** `joined`: revision of the latest join here. `under`: in a channel, the revision of the join in the space's stream that it stands under. */
export type ConversationMember = { readonly joined: number; readonly under: number | null };

/**
 * A conversation as of its head: what permits and decisions need, and nothing that grows with messages. Plain data, so that
 * a view can give it and the fold go on from there. `revision` is -1 before the first event; `lastOrdinal` 0 before the first counting line.
 */
export type ConversationState = {
  /** Empty before the opening. */
  conversation: string;
  kind: ConversationKind;
  space: string | null;
  general: boolean;
  historyVisibility: HistoryVisibility;
  closed: boolean;
  lastOrdinal: number;
  revision: number;
  /** The latest one; null before the first. */
  call: Call | null;
  /** Null for what is no meeting. */
  meeting: Meeting | null;
  members: Map<string, ConversationMember>;
};

export const noConversation = (): ConversationState => ({
  conversation: '', kind: 'group', space: null, general: false, historyVisibility: 'all', closed: false, lastOrdinal: 0, revision: -1, call: null, meeting: null, members: new Map(),
});

export const isOpened = ({ conversation }: ConversationState): boolean => conversation !== '';

/** Changes the state in place and returns it. Events of other types only move the head. */
const evolve = (state: ConversationState, recorded: OpenedEvent): ConversationState => {
  const event = recorded as unknown as Opened<(CallEvent | ConversationLifeEvent | FileEvent | MeetingEvent | MessageEvent)['type']>;
  state.revision = event.revision;
  state.call = evolveCall(state.call, event);
  state.meeting = evolveMeeting(state.meeting, event, state.call);
  switch (event.type) {
    case 'ConversationOpened':
      return opened(state, event);
    case 'MemberJoined':
      state.members.set(event.data.account, { joined: event.revision, under: event.data.under ?? null });
      return state;
    case 'MemberLeft':
      state.members.delete(event.data.account);
      return state;
    case 'ConversationClosed':
      state.closed = true;
      return state;
    case 'FileShared':
    case 'MessagePosted':
      state.lastOrdinal = Math.max(state.lastOrdinal, event.data.ordinal);
      return state;
    default:
      return state;
  }
};

const opened = (state: ConversationState, { data, revision }: Opened<'ConversationOpened'>): ConversationState => {
  if (isOpened(state)) return state;
  state.conversation = data.conversation;
  state.kind = data.kind;
  state.space = data.space;
  state.general = data.general === true;
  state.historyVisibility = data.historyVisibility;
  for (const account of data.founders) state.members.set(account, { joined: revision, under: data.under ?? null });
  return state;
};

export const conversationFold: Fold<ConversationState> = { initial: noConversation, evolve };
