import type { Opened } from '../every-event.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { Fold } from '../kernel/use-case.ts';
import type { ReadingEvent } from './events.ts';
import { unite, type Ranges } from './ranges.ts';

/** Everything up to `revision` counts as read; `ordinal` of the last counting line at or before it. */
export type Cursor = { readonly revision: number; readonly ordinal: number };

/** What one person has read, as of the head of their stream; each map by conversation. */
export type ReadingState = {
  cursors: Map<string, Cursor>;
  /** Revisions that really were in the viewport. Only grows. */
  viewed: Map<string, Ranges>;
  muted: Set<string>;
  revision: number;
};

/** Changes the state in place and returns it. */
const evolve = (state: ReadingState, recorded: OpenedEvent): ReadingState => {
  const event = recorded as unknown as Opened<ReadingEvent['type']>;
  state.revision = event.revision;
  switch (event.type) {
    case 'Viewed':
      for (const { conversation, from, to } of event.data.ranges) state.viewed.set(conversation, unite(state.viewed.get(conversation) ?? [], [[from, to]]));
      return state;
    case 'ReadUpTo': {
      const { conversation, ordinal, revision } = event.data;
      if (revision > (state.cursors.get(conversation)?.revision ?? -1)) state.cursors.set(conversation, { ordinal, revision });
      return state;
    }
    case 'MarkedUnread':
      state.cursors.set(event.data.conversation, { ordinal: event.data.ordinal, revision: event.data.revision - 1 });
      return state;
    case 'ConversationMuted':
      state.muted.add(event.data.conversation);
      return state;
    case 'ConversationUnmuted':
      state.muted.delete(event.data.conversation);
      return state;
    default:
      return state;
  }
};

export const readingFold: Fold<ReadingState> = { initial: () => ({ cursors: new Map(), muted: new Set(), revision: -1, viewed: new Map() }), evolve };
