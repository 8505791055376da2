import type { DatabaseSync } from 'node:sqlite';
import type { Opened } from '#src/every-event.ts';

/**
 * What a live screen is told beyond what a pure projector can know: computed by the view store while it applies, from rows
 * (second check marks, counts after a cursor moved). `to` names the timeline's conversation or the person.
 */
export type Derived =
  | { readonly view: 'timeline'; readonly key: string; readonly position: number; readonly change: import('#src/contract/timeline.ts').TimelineChange }
  | { readonly view: 'conversations'; readonly key: string; readonly position: number; readonly change: import('#src/contract/conversations.ts').ConversationsChange };

/** Prepared for one database connection. `apply` runs inside the batch's transaction; it must be deterministic: no clock, no random, no autoincrement. */
export type Applier<Change> = { readonly apply: (change: Change, position: number) => readonly Derived[] | undefined };

/**
 * A read model. `project` is pure: one event in, changes out; it also runs on the main thread for what is pushed. `version`
 * rises whenever rows would come out differently: an older file is rebuilt. `tables`: for the digest, each with its key order.
 */
export type View<Change> = {
  readonly name: ViewName;
  readonly version: number;
  readonly schema: string;
  readonly tables: readonly { readonly name: string; readonly orderBy: string }[];
  readonly project: (event: Opened) => readonly Change[];
  readonly open: (db: DatabaseSync) => Applier<Change>;
};

export type ViewName = 'desk' | 'timeline' | 'unread' | 'directory' | 'conversations' | 'search' | 'archive' | 'audit';

export type ViewState = { readonly view: ViewName; readonly position: number; readonly stopped: string | null; readonly rebuilding: { readonly done: number; readonly of: number } | null };
