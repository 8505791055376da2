import type { z } from 'zod';
import type { House } from '#appliance/house/house.ts';
import type { Refusal } from '#src/kernel/refusal.ts';

/** What `hansard` exits with; the help says the same. */
export const exitCodes = { fine: 0, failed: 1, misused: 2, unhealthy: 3 } as const;

export type VerbTools = {
  /** `of` is null where nobody knows how much there is. */
  readonly onProgress: (done: number, of: number | null, what: string) => void;
  /** Aborted when whoever asked has gone. */
  readonly signal: AbortSignal;
};

/** `output` is what `--json` prints; `says` what a person reads. */
export type VerbAnswer = { readonly output: unknown; readonly says: readonly string[]; readonly exit?: number };

/** One word of the command line that needs the house: in the running appliance, or in one whose doors stay closed. */
export type Verb<S extends z.ZodObject = z.ZodObject> = {
  readonly name: string;
  readonly input: S;
  readonly run: (house: House, input: z.output<S>, tools: VerbTools) => Promise<VerbAnswer | Refusal>;
};

/** Keeps each verb's own input type. */
export const verb = <S extends z.ZodObject>(definition: Verb<S>): Verb => definition as unknown as Verb;

/** Who acts at the command line. */
export const operator = { kind: 'operator', id: 'operator' } as const;
