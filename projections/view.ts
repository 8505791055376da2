import type { DatabaseSync } from 'node:sqlite';
import type { ConversationsChange } from '#src/contract/conversations.ts';
import type { TimelineChange } from '#src/contract/timeline.ts';
import type { Opened } from '#src/every-event.ts';

/**
 * What a live screen is told beyond what a pure projector can know: computed by the writer from rows, as of `position`
 * (second check marks, counts after a cursor moved, a row of somebody's list). `key` is the timeline's conversation or the person.
 */
export type Derived =
  | { readonly view: 'timeline'; readonly key: string; readonly position: number; readonly change: TimelineChange }
  | { readonly view: 'conversations'; readonly key: string; readonly position: number; readonly change: ConversationsChange };

/**
 * A view's half of one open file. `apply` runs inside the batch's transaction, in log order; it must be deterministic: no
 * clock, no random, no autoincrement, nothing that depends on where batches begin. It throws for an event it cannot read;
 * that stops this view, and the runner opens a new applier, so whatever is kept in memory may be lost at any time.
 */
export type Applier = {
  readonly apply: (event: Opened) => void;
  /** Writes what was gathered in memory; called before every commit and never elsewhere. */
  readonly flush?: () => void;
  /** What live screens must hear of the batches since the last call; called between transactions, and then forgotten. `wanted` false: only forget. */
  readonly derive?: (position: number, wanted: boolean) => readonly Derived[];
};

/** For the digest: a table with its key order, or an FTS5 table, compared by its terms (fts5vocab, instance). */
export type ViewTable = { readonly name: string; readonly orderBy: string } | { readonly fts: string };

/**
 * A read model in a file of its own. `version` rises whenever rows would come out differently: an older file is rebuilt.
 * `open` prepares one connection. Tables must not be called `checkpoint`.
 */
export type View = {
  readonly name: ViewName;
  readonly version: number;
  readonly schema: string;
  readonly tables: readonly ViewTable[];
  readonly open: (db: DatabaseSync) => Applier;
  /** Before and after a rebuild fills the file: indexes or merges that are cheaper at the end. */
  readonly bulk?: { readonly before: (db: DatabaseSync) => void; readonly after: (db: DatabaseSync) => void };
};

export type ViewName = 'desk' | 'timeline' | 'unread' | 'directory' | 'conversations' | 'search' | 'files' | 'calls' | 'archive' | 'audit';

/** `position`: of the last event applied, -1 before the first. `stopped`: why, in a sentence that names the position. */
export type ViewState = { readonly view: ViewName; readonly position: number; readonly stopped: string | null; readonly rebuilding: { readonly done: number; readonly of: number } | null };
