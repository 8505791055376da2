import type { z } from 'zod';
import type { Endpoint, Policy, Role } from '../contract/endpoint.ts';
import { everyEndpoint } from '../contract/every-endpoint.ts';
import { Fault } from '../kernel/fault.ts';
import { isRefusal, refuse, type Refusal } from '../kernel/refusal.ts';

/** Whoever is at the door with a valid session. `session` is the hash of the token: it names the session in metadata. `guest`: of one meeting, and nothing else is theirs. */
export type Caller = { readonly account: string; readonly roles: ReadonlySet<Role>; readonly session: string; readonly guest?: true };

/** Circumstances of one call. `caller` is null at a public endpoint; `address` and `agent` are only ever recorded sealed. */
export type Call = {
  readonly caller: Caller | null;
  readonly commandId: string;
  readonly at: number;
  readonly address: string;
  readonly agent: string;
  readonly bytes: number;
  /** Over HTTP only: sets or clears the session cookie with the answer. */
  readonly setSession?: (token: string | null, expiresAt: number) => void;
  /** At `raw` endpoints only: headers, and a body that nobody has read. What the handler gives is a `Response` or a refusal. */
  readonly request?: Request;
};

type AnswerOf<E extends Endpoint> = E extends { readonly raw: true } ? Response | Refusal : z.input<E['output']> | Refusal;
/** Whoever is signed in is given; a public handler gets `null`. */
export type Handler<E extends Endpoint> = (input: z.output<E['input']>, call: Call & { readonly caller: E['policy'] extends 'public' ? null : Caller }) => Promise<AnswerOf<E>> | AnswerOf<E>;

// The registry holds handlers of many types; `serve` keeps each pair honest.
// oxlint-disable-next-line typescript/no-explicit-any
type AnyHandler = (input: any, call: any) => unknown;
export type Served = { readonly endpoint: Endpoint; readonly handler: AnyHandler };
export const serve = <const E extends Endpoint>(endpoint: E, handler: Handler<E>): Served => ({ endpoint, handler });

export type Door = {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** `input` is anything from outside. Resolves with the output or a refusal; rejects only for faults. */
  readonly call: (name: string, input: unknown, call: Call) => Promise<unknown>;
};

export const signedOut = refuse('signed-out', 'You are signed out. Sign in to go on; nothing you wrote was lost.');
const notAllowed = refuse('not-allowed', 'This is not yours to do.');
const notForAdministrators = refuse('not-allowed', 'You run the appliance; conversations are not yours to read.');
const noSuchThing = refuse('not-found', 'There is nothing here.');

/** Told of every refusal by role, so that it stands in the audit log. */
export type OnForbidden = (endpoint: Endpoint, caller: Caller) => void;

/** Deny by default: every endpoint of the contract has a handler and a policy, or nothing starts. */
export const openDoor = (served: readonly Served[], onForbidden: OnForbidden): Door => {
  const handlers = new Map(served.map(({ endpoint, handler }) => [endpoint.name, handler]));
  const endpoints = new Map(everyEndpoint.map((endpoint) => [endpoint.name, endpoint]));
  for (const { name, policy } of everyEndpoint) {
    if (!handlers.has(name)) throw new Fault(`The endpoint ${name} has no handler.`);
    if (!isPolicy(policy)) throw new Fault(`The endpoint ${name} states no policy.`);
  }
  return {
    endpoints,
    async call(name, input, call) {
      const endpoint = endpoints.get(name);
      if (!endpoint) return noSuchThing;
      const forbidden = judge(endpoint.policy, call.caller);
      if (forbidden) {
        if (call.caller) onForbidden(endpoint, call.caller);
        return forbidden;
      }
      const parsed = endpoint.input.safeParse(input);
      if (!parsed.success) return malformed(parsed.error);
      return handlers.get(name)!(parsed.data, call);
    },
  };
};

const isPolicy = (policy: unknown): policy is Policy => policy === 'public' || policy === 'guest' || policy === 'member' || (Array.isArray(policy) && policy.length > 0);

/** Undefined where `caller` may have what has this policy. */
export const judge = (policy: Policy, caller: Caller | null): Refusal | undefined => {
  if (policy === 'public') return undefined;
  if (!caller) return signedOut;
  if (policy === 'guest') return undefined;
  if (caller.guest) return notAllowed;
  if (policy === 'member' || policy.some((role) => caller.roles.has(role))) return undefined;
  return caller.roles.has('administrator') && policy.includes('officer') ? notForAdministrators : notAllowed;
};

const malformed = (error: z.ZodError): Refusal => {
  const issue = error.issues[0]!;
  const where = issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  const limit = 'maximum' in issue && typeof issue.maximum === 'number' ? issue.maximum : undefined;
  return refuse(issue.code === 'too_big' ? 'too-large' : 'malformed', `This cannot be read${where}: ${issue.message}. Nothing was changed.`, limit);
};

export { isRefusal };
