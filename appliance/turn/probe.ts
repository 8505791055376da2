import { iceUrl } from '#src/ice/ice-url.ts';
import type { IceServerForBrowser } from '#src/ice/ice-servers.ts';
import { hostOf } from './addresses.ts';
import { TurnClient, TurnRefused } from './turn-client.ts';

/** What became of it: `says` is a sentence; `relayed`: the candidate that a browser would get, ADDRESS:PORT. */
export type Probed = { readonly url: string; readonly fine: boolean; readonly relayed: string | null; readonly says: string };

const words = 'hansard ice test';
const timeoutMs = 4_000;

/** Obtains a relay candidate from one server and sends something through it and back; from a STUN server, its answer. Never rejects. */
export const probe = async (server: IceServerForBrowser): Promise<Probed> => {
  const url = server.urls;
  const parsed = iceUrl(url)!;
  const credential = server.username === undefined ? undefined : { username: server.username, credential: server.credential! };
  const clients: TurnClient[] = [];
  const open = async (): Promise<TurnClient> => {
    const client = await TurnClient.open(parsed, credential, { timeoutMs });
    clients.push(client);
    return client;
  };
  try {
    if (parsed.scheme === 'stun') {
      const { address, port } = await (await open()).binding();
      return { url, fine: true, relayed: null, says: `${url} answers: it sees this machine as ${hostOf(address)}:${port}.` };
    }
    const [one, other] = [await open(), await open()];
    const [{ relayed, lifetimeS }, { relayed: peer }] = [await one.allocate(), await other.allocate()];
    const found = `${hostOf(relayed.address)}:${relayed.port}`;
    const through = await one.permit(peer).then(() => other.permit(relayed)).then(() => isHeard(one, other, peer)).catch((cause: unknown) => (cause instanceof TurnRefused && cause.code === 403 ? 'forbidden' : Promise.reject(cause)));
    await Promise.allSettled([one.refresh(0), other.refresh(0)]);
    if (through === true) return { url, fine: true, relayed: found, says: `${url} relays: a candidate at ${found} for ${lifetimeS} seconds, and what was sent through it arrived.` };
    const why = through === 'forbidden' ? 'does not let its own relayed addresses be peers, so two people who both need it cannot talk: allow them (coturn: allowed-peer-ip)' : 'what was sent through it did not arrive: is its relay port range open?';
    return { url, fine: false, relayed: found, says: `${url} gives a candidate at ${found}, but ${why}.` };
  } catch (cause) {
    return { url, fine: false, relayed: null, says: `${url} ${reasonOf(cause)}` };
  } finally {
    for (const client of clients) client.close();
  }
};

const isHeard = async (from: TurnClient, to: TurnClient, peer: Parameters<TurnClient['sendTo']>[0]): Promise<boolean> => {
  const heard = Promise.withResolvers<boolean>();
  to.onData = ({ data }) => void (data.toString() === words && heard.resolve(true));
  const again = setInterval(() => from.sendTo(peer, Buffer.from(words)), 200);
  const late = setTimeout(() => heard.resolve(false), timeoutMs);
  from.sendTo(peer, Buffer.from(words));
  return heard.promise.finally(() => {
    clearInterval(again);
    clearTimeout(late);
  });
};

const reasonOf = (cause: unknown): string => {
  if (cause instanceof TurnRefused) {
    if (cause.code === 401) return 'does not take the credential: is the username, credential or shared secret right, and the clock of both machines?';
    return cause.code === 0 ? `does not answer as it should: ${cause.message} Is the port open for this machine?` : `refuses: ${cause.code} ${cause.message}.`;
  }
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'cannot be found: its name leads nowhere.';
  return `cannot be reached: ${message}.`;
};
