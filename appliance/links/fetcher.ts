import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { Agent, buildConnector, request, type Dispatcher } from 'undici';
import { limits } from '#src/contract/limits.ts';
import { mayAsk, type Reach } from './addresses.ts';
import { unpacked } from './unpacked.ts';

/**
 * `address`: not http or https, with a name or password in it, or a port that is not asked. `special`: leads into a network that is not the
 * open one. `unreached`: no such name, nobody there, or no certificate that holds. `status`: the answer is no success. `type`: of another type
 * than wanted. `unreadable`: packed in a way that is not understood.
 */
export type FetchRefused = 'address' | 'special' | 'unreached' | 'redirects' | 'status' | 'type' | 'unreadable' | 'timeout';
/** `url`: where it was found, after redirects. `isWhole`: false where there was more than may be taken, or nobody wanted more. */
export type Fetched = { readonly url: string; readonly isWhole: boolean } | { readonly refused: FetchRefused };

/** `take` is given what comes, unpacked, with the content type of the answer, and says whether it wants more. */
export type Wanted = { readonly accept: string; readonly isWanted: (type: string) => boolean; readonly take: (chunk: Buffer, type: string) => boolean };

export type FetcherPorts = {
  readonly reach: Reach;
  /** Every address of a name. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** How a connection is made to one of `addresses` and to nothing else. */
  readonly connectorTo?: (addresses: readonly string[]) => buildConnector.connector;
  /** For one address with all its redirects. */
  readonly limitMs?: number;
  readonly agent: string;
  /** Given up when it aborts. */
  readonly stopped?: AbortSignal;
};
export type Fetcher = (url: string, wanted: Wanted) => Promise<Fetched>;

const defaultLimitMs = 5_000;
const redirectsMax = 3;
/** Of the line and of what it unpacks to, each, all redirects together. */
export const fetchBytesMax = 512 * 1024;
const headerBytesMax = 16 * 1024;
const defaultPorts: readonly number[] = [80, 443];

class NotFetched extends Error {
  readonly reason: FetchRefused;
  constructor(reason: FetchRefused) {
    super(reason);
    this.reason = reason;
  }
}

/** Asks name servers itself: the system's own look-up would hold up a thread that writing files waits for. */
const resolveNames = async (host: string): Promise<readonly string[]> => {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 });
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  return [four, six].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
};

/** Names are asked once: what was judged is what is connected to, and nothing that a second answer says. */
const connectorToPinned = (addresses: readonly string[]): buildConnector.connector => {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup = (_host: string, { all: wantsAll }: { readonly all?: boolean }, done: (fault: null, found: unknown, family?: number) => void): void =>
    wantsAll ? done(null, all) : done(null, all[0]!.address, all[0]!.family);
  return buildConnector({ lookup: lookup as never, timeout: defaultLimitMs, allowH2: false, maxCachedSessions: 0 });
};

/** Throws `NotFetched` for what is not asked at all. */
const fitAddress = (text: string, { ports }: Reach): URL => {
  const url = URL.parse(text);
  if (!url || text.length > limits.linkUrlMax || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '' || url.hostname === '') throw new NotFetched('address');
  if (url.port !== '' && ![...defaultPorts, ...ports].includes(Number(url.port))) throw new NotFetched('address');
  url.hash = '';
  return url;
};

/** A fetcher for what strangers put up. Nothing of who asks goes along, and no answer is taken for more than bytes. */
export const aFetcher = ({ reach, resolve = resolveNames, connectorTo = connectorToPinned, limitMs = defaultLimitMs, agent, stopped }: FetcherPorts): Fetcher => {
  const addressesOf = async ({ hostname }: URL): Promise<readonly string[]> => {
    const literal = hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(literal) > 0 ? [literal] : await resolve(hostname).catch(() => []);
    if (addresses.length === 0) throw new NotFetched('unreached');
    // One that is not open is enough: whoever answers so is up to something, or its network is not ours to look into.
    if (!addresses.every((address) => mayAsk(address, reach))) throw new NotFetched('special');
    return addresses;
  };
  const ask = async (url: URL, wanted: Wanted, signal: AbortSignal): Promise<URL | boolean> => {
    const addresses = await unlessOver(signal, addressesOf(url));
    const dispatcher = new Agent({ connect: connectorTo(addresses), pipelining: 1, connections: 1, maxHeaderSize: headerBytesMax, headersTimeout: limitMs, bodyTimeout: limitMs });
    try {
      const headers = { 'user-agent': agent, accept: wanted.accept, 'accept-encoding': 'gzip, deflate, br', 'accept-language': 'en;q=0.8, *;q=0.5' };
      const answer = await request(url, { dispatcher, signal, headers });
      answer.body.on('error', () => undefined);
      return await answered(answer, url, wanted);
    } finally {
      void dispatcher.destroy().catch(() => undefined);
    }
  };
  return async (text, wanted) => {
    const signal = AbortSignal.any([AbortSignal.timeout(limitMs), ...(stopped ? [stopped] : [])]);
    try {
      let url = fitAddress(text, reach);
      for (let redirects = 0; ; redirects += 1) {
        const next = await ask(url, wanted, signal);
        if (typeof next === 'boolean') return { url: url.href, isWhole: next };
        if (redirects === redirectsMax) return { refused: 'redirects' };
        url = fitAddress(next.href, reach);
      }
    } catch (cause) {
      if (cause instanceof NotFetched) return { refused: cause.reason };
      return { refused: signal.aborted ? 'timeout' : 'unreached' };
    }
  };
};

/** Names cannot be asked with a signal. */
const unlessOver = <T>(signal: AbortSignal, asked: Promise<T>): Promise<T> => {
  asked.catch(() => undefined);
  return Promise.race([asked, new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new NotFetched('timeout')), { once: true }))]);
};

/** Where it leads on to, or whether it was taken whole. */
const answered = async ({ statusCode, headers, body }: Dispatcher.ResponseData, from: URL, { isWanted, take }: Wanted): Promise<URL | boolean> => {
  const one = (name: string): string => [headers[name] ?? ''].flat()[0] ?? '';
  if (statusCode >= 300 && statusCode < 400) {
    const next = one('location') === '' ? null : URL.parse(one('location'), from);
    if (!next) throw new NotFetched('status');
    return next;
  }
  if (statusCode !== 200) throw new NotFetched('status');
  const type = one('content-type').toLowerCase();
  if (!isWanted(type)) throw new NotFetched('type');
  const plain = unpacked(body as unknown as Readable, one('content-encoding').trim().toLowerCase(), fetchBytesMax);
  if (!plain) throw new NotFetched('unreadable');
  let left = fetchBytesMax;
  for await (const chunk of plain.chunks) {
    if (!take(chunk.subarray(0, left), type)) return false;
    left -= chunk.length;
    if (left <= 0) return false;
  }
  return !plain.isCut();
};
