import { z } from 'zod';

export type Role = 'employee' | 'officer' | 'administrator';
/** Who may try: `public` needs no session; `guest` any session, that of a meeting's guest too; `member` any signed-in person; else the roles named, deny by default. */
export type Policy = 'public' | 'guest' | 'member' | readonly Role[];

/**
 * One thing that can be asked of Hansard, over HTTP and over the socket alike. `path` parameters are fields of `input`;
 * the other fields travel in the body, or in the query string for GET. A command carries a commandId: the header
 * `Idempotency-Key` over HTTP, `commandId` in the frame over the socket.
 */
export type Endpoint = {
  readonly name: string;
  readonly kind: 'command' | 'query';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly policy: Policy;
  readonly says: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  readonly refusals: readonly string[];
  /** Only over HTTP: it sets cookies or streams bytes. */
  readonly httpOnly?: true;
  /** Its body, where it has one, is bytes and is handed to the handler unread; what it gives is a response of its own, headers and all, or a refusal. */
  readonly raw?: true;
};

export type InputOf<E extends Endpoint> = z.input<E['input']>;
export type ParsedInputOf<E extends Endpoint> = z.output<E['input']>;
export type OutputOf<E extends Endpoint> = z.output<E['output']>;

/** Keeps the literal types of an endpoint. */
export const endpoint = <const E extends Endpoint>(definition: E): E => definition;

/** Refusals that any endpoint can answer with. */
export const commonRefusals = ['signed-out', 'not-allowed', 'malformed', 'too-large', 'too-many', 'not-found', 'read-only', 'command-id-taken', 'unavailable', 'not-confirmed'] as const;

export const nothing = z.strictObject({});
/** A command's plain answer: the revision of its stream that it rests on, durable. */
export const recorded = z.strictObject({ revision: z.int() });
