import type { Actor, Basis, Decision, Door, OpenedEvent } from './event.ts';
import type { Refusal } from './refusal.ts';

/** Who acts, through which door, when (the server's clock). */
export type Acting = { readonly actor: Actor; readonly at: number; readonly door: Door; readonly session?: string };

/** A command as it reached the desk. */
export type Command<Input> = { readonly acting: Acting; readonly commandId: string; readonly input: Input };

export type KnownMessage = { readonly messageId: string; readonly author: string; readonly ordinal: number; readonly retracted: boolean; readonly revision: number };
export type KnownReaction = { readonly author: string; readonly emoji: string | null; readonly messageId: string; readonly reactionId: string; readonly withdrawn: boolean };
export type KnownFile = { readonly fileId: string; readonly author: string; readonly ordinal: number; readonly withdrawn: boolean; readonly revision: number };
/** A preview under a message. `url`: null where its key is gone. */
export type KnownPreview = { readonly author: string; readonly link: number; readonly messageId: string; readonly url: string | null; readonly withdrawn: boolean };

/** Keys that a decision wants looked up beyond the stream's own state. */
export type Wanted = { readonly messages?: readonly string[]; readonly reactions?: readonly string[]; readonly reactionsOf?: readonly string[]; readonly files?: readonly string[]; readonly previewsOf?: readonly string[] };
/** The answers, as of the stream's head. */
export type Known = {
  readonly message: (messageId: string) => KnownMessage | undefined;
  readonly reaction: (reactionId: string) => KnownReaction | undefined;
  readonly reactionsOf: (messageId: string) => readonly KnownReaction[];
  readonly file: (fileId: string) => KnownFile | undefined;
  readonly previewsOf: (messageId: string) => readonly KnownPreview[];
};

/** Every permit says on which revisions of which streams it rests; the event's metadata keeps that. */
export type Permit = { readonly basis: Basis };

/** State of one stream as of its head. The desk owns it: `evolve` may change it in place and returns it. */
export type Fold<State> = { readonly initial: () => State; readonly evolve: (state: State, event: OpenedEvent) => State };

/**
 * One command: which stream, who may, what follows. `permit` is asked before the decision and again right before the
 * append. `decide` is pure: it never throws, waits, reads a clock or makes an id. `isSameIntent` compares a command with
 * what was recorded under its id (parts whose key is gone are absent and then not compared).
 */
export type UseCase<Input, State, Held extends Permit, World> = {
  readonly name: string;
  readonly stream: (input: Input, acting: Acting) => string;
  readonly fold: Fold<State>;
  readonly wanted?: ((input: Input) => Wanted) | undefined;
  readonly permit: (world: World, acting: Acting, input: Input, state: State) => Held | Refusal;
  readonly decide: (permit: Held, input: Input, state: State, acting: Acting, known: Known) => Decision;
  readonly isSameIntent: (input: Input, recorded: readonly OpenedEvent[]) => boolean;
};
