import type { AccessEvent, AccountEvent, NameEvent } from './accounts/events.ts';
import type { CallEvent } from './calls/events.ts';
import type { CaseEvent } from './archive/events.ts';
import type { ConversationLifeEvent } from './conversations/events.ts';
import type { CustodyEvent } from './custody/events.ts';
import type { FileEvent, QuotaEvent } from './files/events.ts';
import type { IceEvent } from './ice/events.ts';
import type { Content, Metadata, OpenedEvent } from './kernel/event.ts';
import type { LinkEvent } from './links/events.ts';
import type { MeetingEvent } from './meetings/events.ts';
import type { MessageEvent } from './messages/events.ts';
import type { ReadingEvent } from './reading/events.ts';
import type { SettingsEvent } from './settings/events.ts';
import type { SpaceEvent } from './spaces/events.ts';

/** Every event there is. Add one, and every exhaustive switch turns red. */
export type HansardEvent =
  | AccountEvent | AccessEvent | NameEvent | CallEvent | CaseEvent | ConversationLifeEvent | CustodyEvent | FileEvent | QuotaEvent | LinkEvent | MeetingEvent | MessageEvent | ReadingEvent | IceEvent | SettingsEvent | SpaceEvent;

export type HansardEventType = HansardEvent['type'];

type ContentOf<E> = E extends { content: infer C } ? { readonly [P in keyof C]?: C[P] } : Content;

/** An opened event of a known type: content parts are optional, because their key may be gone. */
export type Opened<T extends HansardEventType = HansardEventType> = {
  [K in T]: Omit<OpenedEvent, 'type' | 'data' | 'content'> & {
    readonly type: K;
    readonly data: Extract<HansardEvent, { type: K }>['data'];
    readonly content: ContentOf<Extract<HansardEvent, { type: K }>>;
    readonly metadata: Metadata;
  };
}[T];
