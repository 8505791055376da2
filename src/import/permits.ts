import { refuse, type Refusal } from '../kernel/refusal.ts';
import type { Acting, Permit } from '../kernel/use-case.ts';

declare const importing: unique symbol;

/** An import that the operator started. It writes only into what it founded itself: ids of its conversations are made with the log secret, so nobody else can have opened them. */
export type ImportPermit = Permit & { readonly batch: string; readonly [importing]: true };

const importsOnly = refuse('not-allowed', 'Only an import started at the command line records this. Nothing was changed.');

/** `actor.id` of an import is its batch. */
export const permitImport = ({ actor }: Acting): ImportPermit | Refusal => (actor.kind === 'import' ? ({ basis: [], batch: actor.id } as unknown as ImportPermit) : importsOnly);
