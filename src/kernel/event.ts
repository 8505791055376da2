import type { Refusal } from './refusal.ts';

/** Who did it. `account` acts by a session; `import`, `system` and `operator` are never people at a keyboard in the browser. */
export type ActorKind = 'account' | 'guest' | 'external' | 'import' | 'system' | 'operator';
export type Actor = { readonly kind: ActorKind; readonly id: string };
export type Door = 'web' | 'xmpp' | 'import' | 'cli' | 'system';

/** The revision of each stream that a permit rested on. */
export type Basis = readonly (readonly [stream: string, revision: number])[];

/** One encrypted part of an event's content. All bytes are base64url without padding; `ciphertext` ends with the 16-byte tag. */
export type SealedPart = { readonly ciphertext: string; readonly key: string; readonly nonce: string; readonly part: string };

/** What makes an event a leaf of ours (ARCHITECTURE section 7). */
export type LedgerMark = {
  readonly commitments: readonly string[];
  readonly mac: string;
  readonly previous: string | null;
  readonly writer: string;
};

export type Metadata = {
  readonly actor: Actor;
  readonly basis: Basis;
  readonly causation?: string;
  readonly commandId: string;
  readonly correlation: string;
  readonly door: Door;
  readonly ledger: LedgerMark;
  readonly schema: number;
  readonly session?: string;
};

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** The content of an event before sealing and after opening: part name to plain object. A part whose key is gone is absent. */
export type Content = { readonly [part: string]: JsonObject | undefined };

/** What a decision returns: a fact, with the parts of it that will be sealed. */
export type DecidedEvent = { readonly type: string; readonly data: JsonObject; readonly content?: Content };

/** An event as the log keeps it. `data` and `metadata` are canonical JSON, byte for byte as stored. */
export type RecordedEvent = {
  /** Index in the ledger's tree: dense, from 0, the same in every engine. */
  readonly position: number;
  readonly stream: string;
  /** Dense within the stream, from 0. */
  readonly revision: number;
  /** UUIDv7, lower case. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  /** SHA-256 leaf hash, base64url. */
  readonly leafHash: string;
  /**
   * The very value that the appender put on its `EventToAppend`, on events that this process appended and handed to a
   * live follower. In memory only, never stored: absent on everything read back, so a follower must do without it too.
   */
  readonly carry?: unknown;
};

/** A recorded event, parsed, with what of its content could be opened. Projectors and deciders see only this. */
export type OpenedEvent = {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  // Projectors narrow by `type`; the union of all event types lives in `src/<domain>/events.ts`.
  readonly data: JsonObject;
  readonly content: Content;
  readonly metadata: Metadata;
  readonly leafHash: string;
};

export type Decision = readonly DecidedEvent[] | Refusal;
