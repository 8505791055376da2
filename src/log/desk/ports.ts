import type { Actor, OpenedEvent, RecordedEvent } from '../../kernel/event.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Fold, KnownFile, KnownMessage, KnownPreview, KnownReaction, Wanted } from '../../kernel/use-case.ts';
import type { Circumstances, SealedEvent } from '../../sealing/seal.ts';
import type { EventLog } from '../event-log.ts';
import type { DecidedEvent } from '../../kernel/event.ts';

/** One question to the desk view: is this command known, and how do these keys stand? */
export type DeskQuestion = { readonly stream: string; readonly actor: string; readonly commandId: string; readonly wanted: Wanted };
/** As of `watermark`, read in one transaction: events after it are the overlay's. */
export type DeskAnswer = {
  readonly command: { readonly revision: number; readonly count: number } | null;
  readonly messages: readonly KnownMessage[];
  readonly reactions: readonly KnownReaction[];
  readonly files: readonly KnownFile[];
  readonly previews: readonly KnownPreview[];
};
export type DeskAnswers = { readonly watermark: number; readonly answers: readonly DeskAnswer[] };

/** State as of `revision`, read from a view or from nothing; what follows in the stream is folded on top. `watermark`: of the desk view, read before. */
export type Loaded<State> = { readonly state: State; readonly revision: number; readonly leafHash: string | null; readonly watermark: number };

/** What the desk needs of the house. `appliance` gives it. */
export type DeskPorts = {
  readonly log: EventLog;
  readonly lookUp: (questions: readonly DeskQuestion[]) => Promise<DeskAnswers>;
  readonly load: <State>(stream: string, fold: Fold<State>) => Promise<Loaded<State>>;
  readonly isForeign: (position: number) => boolean;
  /** Opens events read from the log; keys are loaded first. */
  readonly open: (page: readonly RecordedEvent[]) => Promise<readonly OpenedEvent[]>;
  /** Seals a chain of events of one stream. Sync when every key is at hand; never decides anything. */
  readonly seal: (stream: string, after: { readonly revision: number; readonly leafHash: string | null }, events: readonly { readonly event: DecidedEvent; readonly circumstances: Circumstances }[]) => Promise<readonly SealedEvent[]> | readonly SealedEvent[];
  /** Asked as the batch is handed over: a key that closed meanwhile is sealed anew. */
  readonly keysOpen: (keys: readonly string[]) => boolean;
  /** Accounts, roles, spaces and settings are folded before the append that changed them is acknowledged. */
  readonly observe: (events: readonly OpenedEvent[]) => void;
  /** Rises with every suspension, withdrawal of a role and leaving: what was permitted before may not be now. */
  readonly revocations: () => number;
  /** Resolves once this node has followed everything that anybody had acknowledged when it was called; rejects where it cannot. Asked only where others write too. */
  readonly caughtUp: () => Promise<void>;
  /** Undefined while commands may be decided; else why not. */
  readonly mayWrite: () => Refusal | undefined;
};

export const actorKey = (actor: Actor): string => `${actor.kind}:${actor.id}`;
