import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { getCookie, setCookie } from 'hono/cookie';
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status';
import type { Endpoint } from '../../contract/endpoint.ts';
import { limits } from '../../contract/limits.ts';
import { isUuid, uuidv4 } from '../../kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '../../kernel/refusal.ts';
import type { Call, Caller, Door } from '../door.ts';
import { parseJson } from '../parse-json.ts';
import { isOwnOrigin } from './origin.ts';
import { SessionRate } from './session-rate.ts';
import { statusOf } from './status.ts';

export type HttpDoorOptions = {
  readonly door: Door;
  readonly clock: () => number;
  /** Who this session token belongs to, or null. */
  readonly whoIs: (token: string | undefined) => Caller | null;
  /** The address people use, `https://chat.example.org`. */
  readonly publicUrl: string | undefined;
  /** People come over TLS, ours or a proxy's: then cookies are `Secure`. */
  readonly overTls: boolean;
  /** The client's address: the socket's, or what a configured proxy says. */
  readonly addressOf: (context: Context) => string;
  /** Calls that one session may make in a second, lasting. */
  readonly callsPerSecond: number;
  readonly onFault: (cause: unknown) => void;
};

/** The prefix makes browsers insist on Secure, this host and the whole path (RFC 6265bis, section 4.1.3.2). */
export const sessionCookie = (overTls: boolean): string => (overTls ? '__Host-hansard' : 'hansard');

/** Every endpoint of the contract under /api. The path pattern never authorises: the door does, for every call. */
export const httpDoor = (options: HttpDoorOptions): Hono => {
  const app = new Hono({ strict: true });
  const rate = new SessionRate(options.callsPerSecond);
  const raw = new Set([...options.door.endpoints.values()].filter((endpoint) => endpoint.raw).map(({ method, path }) => `${method} ${path.split('/')[1]}`));
  const limited = bodyLimit({ maxSize: limits.bodyBytesMax, onError: (context) => refusalResponse(context, refuse('too-large', `A request may hold ${limits.bodyBytesMax} bytes. Nothing was changed.`, limits.bodyBytesMax)) });
  // What takes bytes counts them itself.
  app.use('/api/*', (context, next) => (raw.has(`${context.req.method} ${context.req.path.split('/')[2]}`) ? next() : limited(context, next)));
  app.use('/api/*', compress({ threshold: 2048 }));
  for (const endpoint of mostParticularFirst(options.door.endpoints.values())) app.on(endpoint.method, `/api${endpoint.path}`, (context) => (endpoint.raw ? answerRaw : answer)(endpoint, context, options, rate));
  return app;
};

/** A client reads why it was refused only after it was let finish its part; one that never ends is cut off. */
const answerRaw: typeof answer = async (endpoint, context, options, rate) => {
  const response = await answer(endpoint, context, options, rate);
  const { body } = context.req.raw;
  if (response.status < 400 || !body || body.locked) return response;
  const reader = body.getReader();
  for (let left = limits.uploadPartBytes; left > 0; ) {
    const next = await reader.read().catch(() => ({ done: true, value: undefined }) as const);
    if (next.done) return response;
    left -= (next.value as Uint8Array).length;
  }
  await reader.cancel().catch(() => undefined);
  return response;
};

/** `/members/me` before `/members/:account`: the router takes the first path that fits. */
const mostParticularFirst = (endpoints: Iterable<Endpoint>): readonly Endpoint[] => {
  const parameters = ({ path }: Endpoint): number => path.split('/:').length;
  return [...endpoints].sort((one, other) => parameters(one) - parameters(other));
};

const answer = async (endpoint: Endpoint, context: Context, options: HttpDoorOptions, rate: SessionRate): Promise<Response> => {
  context.header('Cache-Control', 'no-store');
  const publicOrigin = options.publicUrl === undefined ? undefined : new URL(options.publicUrl).origin;
  const { req } = context;
  if (endpoint.method !== 'GET' && !isOwnOrigin({ origin: req.header('origin'), host: req.header('host'), fetchSite: req.header('sec-fetch-site') }, publicOrigin)) {
    return refusalResponse(context, refuse('cross-origin', 'This came from another site. Nothing was changed.'));
  }
  const at = options.clock();
  const name = sessionCookie(options.overTls);
  const caller = options.whoIs(getCookie(context, name));
  // Before the body is read: what is too much costs as little as it can.
  const tooMany = caller && rate.refusal(caller.session, at);
  if (tooMany) return refusalResponse(context, tooMany);
  const text = endpoint.method === 'GET' || endpoint.raw ? '' : await req.text();
  const input = inputOf(endpoint, context, text);
  if (isRefusal(input)) return refusalResponse(context, input);
  const commandId = req.header('idempotency-key') ?? uuidv4();
  if (!isUuid(commandId)) return refusalResponse(context, refuse('malformed', 'The header Idempotency-Key holds a lower-case UUID. Nothing was changed.'));
  const call: Call = {
    caller, commandId, at, address: options.addressOf(context), agent: (req.header('user-agent') ?? '').slice(0, 400), bytes: Buffer.byteLength(text),
    ...(endpoint.raw && { request: req.raw }),
    setSession: (token, expiresAt) =>
      setCookie(context, name, token ?? '', { httpOnly: true, sameSite: 'Strict', path: '/', secure: name.startsWith('__Host-'), ...(token === null ? { maxAge: 0 } : { expires: new Date(expiresAt) }) }),
  };
  try {
    const output = await options.door.call(endpoint.name, input, call);
    if (isRefusal(output)) return refusalResponse(context, output);
    // By way of the context, so that the headers of every answer are on this one too.
    if (output instanceof Response) return context.newResponse(output.body, output.status as StatusCode, Object.fromEntries(output.headers));
    return context.json(output as object);
  } catch (cause) {
    options.onFault(cause);
    return refusalResponse(context, refuse('unavailable', 'Something in the appliance failed. What was acknowledged is safe; try again in a moment.'));
  }
};

/** Path parameters, and the query for GET or the body for the rest, as one object. Query values that repeat become lists. */
const inputOf = (endpoint: Endpoint, context: Context, text: string): { [field: string]: unknown } | Refusal => {
  const path = context.req.param() as { [field: string]: string };
  if (endpoint.method === 'GET') {
    const query = Object.entries(context.req.queries()).map(([field, values]) => [field, values.length === 1 ? values[0] : values] as const);
    return { ...Object.fromEntries(query), ...path };
  }
  if (text === '') return path;
  if (!(context.req.header('content-type') ?? '').startsWith('application/json')) return refuse('malformed', 'The body must be application/json. Nothing was changed.');
  const parsed = parseJson(text);
  if (isRefusal(parsed)) return parsed;
  const { value } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('malformed', 'The body must be a JSON object. Nothing was changed.');
  return { ...value, ...path };
};

const refusalResponse = (context: Context, { code, sentence, limit }: Refusal): Response =>
  context.json({ code, sentence, ...(limit === undefined ? {} : { limit }) }, statusOf(code) as ContentfulStatusCode);
