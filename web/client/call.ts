import type { Endpoint, InputOf, OutputOf } from '#src/contract/endpoint.ts';
import { isPassing, offline, type Answer } from './answer.ts';
import { newId } from './new-id.ts';
import { ConnectionLost, Socket } from './socket.ts';
import { Store } from './store.ts';

type HowToCall = {
  /** Made once per intent and kept over every retry. */
  readonly commandId?: string;
  /** Large answers go over HTTP, which compresses them. */
  readonly overHttp?: boolean;
  /** The caller keeps it over a reload, or nothing is lost with it. */
  readonly kept?: boolean;
  /** Gives up instead of trying again, with `offline`. */
  readonly once?: boolean;
  readonly signal?: AbortSignal;
};

const retryMs = { first: 400, most: 8_000 };

const addressOf = (endpoint: Endpoint, input: Record<string, unknown>): { readonly url: string; readonly body: string | undefined } => {
  const rest = { ...input };
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  const fields = Object.entries(rest).filter(([, value]) => value !== undefined);
  if (endpoint.method !== 'GET') return { url: `/api${path}`, body: fields.length === 0 ? undefined : JSON.stringify(Object.fromEntries(fields)) };
  const query = new URLSearchParams(fields.map(([name, value]) => [name, String(value)] as [string, string])).toString();
  return { url: `/api${path}${query ? `?${query}` : ''}`, body: undefined };
};

/** One HTTP request. Resolves with `offline` when nobody answered, or somebody who is not Hansard. */
const callHttp = async (endpoint: Endpoint, input: Record<string, unknown>, commandId: string | undefined, signal: AbortSignal | undefined): Promise<Answer<unknown>> => {
  const { url, body } = addressOf(endpoint, input);
  const headers = { 'X-Hansard': '1', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...(commandId ? { 'Idempotency-Key': commandId } : {}) };
  try {
    const response = await fetch(url, { method: endpoint.method, headers, credentials: 'same-origin', ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}) });
    const said = (await response.json()) as { code?: unknown; sentence?: unknown; limit?: unknown };
    if (response.ok) return { ok: true, output: said };
    if (typeof said.code !== 'string' || typeof said.sentence !== 'string') return offline;
    return { ok: false, code: said.code, sentence: said.sentence, ...(typeof said.limit === 'number' ? { limit: said.limit } : {}) };
  } catch (cause) {
    if (signal?.aborted) throw cause;
    return offline;
  }
};

/** Is this browser's session good? Unreachable counts as yes: only the server can say no. */
const isSignedIn = async (): Promise<boolean> => {
  const response = await fetch('/api/me', { headers: { 'X-Hansard': '1' } }).catch(() => undefined);
  return response?.status !== 401;
};

export const socket = new Socket(() => `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/api/socket`, isSignedIn);

/** How many commands go on being asked that a reload would lose. */
export const unanswered = new Store(0);

const askOnce = async (endpoint: Endpoint, input: Record<string, unknown>, commandId: string | undefined, how: HowToCall): Promise<Answer<unknown>> => {
  if (endpoint.httpOnly || how.overHttp || !socket.connected) return callHttp(endpoint, input, commandId, how.signal);
  try {
    return await socket.call(endpoint.name, input, commandId);
  } catch (cause) {
    if (cause instanceof ConnectionLost) return offline;
    throw cause;
  }
};

/** Waits for the connection to come back, or for the time to pass. */
const untilConnectedOr = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      end();
      clearTimeout(timer);
      resolve();
    };
    const end = socket.connection.watch((state) => (state === 'connected' || state === 'ended') && done());
    const timer = setTimeout(done, ms);
  });

/**
 * Asks Hansard for one thing, over the socket when it is connected, else over HTTP. A command is asked again, with the
 * same commandId, until it is answered (unless `once`, or it is the sign-in sort that only HTTP carries); a query is
 * asked a second time and then answered with `offline`. Refusals are values.
 */
export const call = async <E extends Endpoint>(endpoint: E, input: InputOf<E>, how: HowToCall = {}): Promise<Answer<OutputOf<E>>> => {
  const isCommand = endpoint.kind === 'command';
  const commandId = isCommand ? (how.commandId ?? newId()) : undefined;
  const tries = how.once ? 1 : isCommand ? (endpoint.httpOnly ? 1 : Infinity) : 2;
  const isAtRisk = isCommand && tries > 1 && !how.kept;
  for (let tried = 1; ; tried++) {
    const answer = await askOnce(endpoint, input as Record<string, unknown>, commandId, how);
    const isOver = answer.ok || !isPassing(answer) || tried >= tries || socket.connection.value === 'ended';
    if (isAtRisk && tried > 1 && isOver) unanswered.set(unanswered.value - 1);
    if (isOver) return answer as Answer<OutputOf<E>>;
    if (isAtRisk && tried === 1) unanswered.set(unanswered.value + 1);
    await untilConnectedOr(isCommand ? Math.min(retryMs.most, retryMs.first * 2 ** tried) * (0.5 + Math.random() / 2) : 150);
  }
};
