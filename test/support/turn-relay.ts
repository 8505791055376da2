import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Guard } from '#appliance/turn/guard.ts';
import { relayLimits, type PeerRule, type RelayLimits, type RelayPlace, type RelaySettings } from '#appliance/turn/relay-settings.ts';
import { TurnClient, type Received } from '#appliance/turn/turn-client.ts';
import type { Wire } from '#appliance/turn/wires.ts';
import { turnCredential } from '#src/ice/turn-credential.ts';
import { eventually } from './waiting.ts';

export const turnSecret = 'a secret of this test';
export type RelayWishes = { readonly limits?: Partial<RelayLimits>; readonly peers?: PeerRule; readonly places?: readonly RelayPlace[]; readonly relayPorts?: RelaySettings['relayPorts']; readonly port?: number };

export const relaySettings = ({ limits = {}, peers = { relays: [], any: false }, places = [{ bind: '127.0.0.1', announced: '127.0.0.1' }], relayPorts = { from: 49_152, to: 65_535 }, port = 0 }: RelayWishes = {}): RelaySettings =>
  ({ places, port, relayPorts, peers, realm: 'hansard', secret: turnSecret, credentialLivesS: 3_600, notBeforeS: 0, limits: { ...relayLimits, ...limits } });

/** A guarded relay on loopback in this process, and clients for it. A fault fails the test that closes it. */
export class TurnRelay {
  readonly guard: Guard;
  readonly port: number;
  readonly #faults: readonly unknown[];
  readonly #clients: TurnClient[] = [];
  readonly #clock: () => number;

  static async open(wishes: RelayWishes = {}, clock: () => number = Date.now): Promise<TurnRelay> {
    const faults: unknown[] = [];
    const guard = new Guard(relaySettings(wishes), { clock, onFault: (cause) => void faults.push(cause) });
    const port = await guard.start();
    await guard.takeConnections();
    return new TurnRelay(guard, port, faults, clock);
  }

  private constructor(guard: Guard, port: number, faults: readonly unknown[], clock: () => number) {
    this.guard = guard;
    this.port = port;
    this.#faults = faults;
    this.#clock = clock;
  }

  credential(account: string, { session = null, inS = 3_600 }: { readonly session?: string | null; readonly inS?: number } = {}) {
    return turnCredential(turnSecret, { account, session, expiresAt: Math.ceil(this.#clock() / 1_000) + inS });
  }

  /** `timeoutMs` short: what is refused without an answer takes this long. `over`: a way to the relay that is open already. */
  async client(account: string | { readonly username: string; readonly credential: string }, { timeoutMs = 3_000, host = '127.0.0.1', transport = 'udp', over }: { readonly timeoutMs?: number; readonly host?: string; readonly transport?: 'udp' | 'tcp'; readonly over?: Wire } = {}): Promise<HeardTurnClient> {
    const [credential, options] = [typeof account === 'string' ? this.credential(account) : account, { timeoutMs, retryMs: 10_000 }];
    const client = over ? new TurnClient(over, credential, options) : await TurnClient.open({ host, port: this.port, transport }, credential, options);
    this.#clients.push(client);
    const heard: Received[] = [];
    client.onData = (received) => void heard.push({ ...received, data: Buffer.from(received.data) });
    return Object.assign(client, { heard, hears: (words: string) => eventually(`"${words}" is heard`, () => Promise.resolve(heard.some(({ data }) => data.toString() === words)), () => JSON.stringify(heard.map(({ data }) => data.toString()))) });
  }

  close(): void {
    for (const client of this.#clients.splice(0)) client.close();
    this.guard.close();
    if (this.#faults.length > 0) throw new Error(`The relay met faults: ${this.#faults.map(String).join(' | ')}`);
  }
}
export type HeardTurnClient = TurnClient & { readonly heard: readonly Received[]; readonly hears: (words: string) => Promise<true> };

/** Of the process in which an appliance of this very process relays (proc(5)). */
export const pidOfTheRelay = (): number => {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = numbers.find((pid) => readOr(`/proc/${pid}/cmdline`).includes('relay-process.ts') && readOr(`/proc/${pid}/status`).includes(`PPid:\t${process.pid}\n`));
  if (found === undefined) throw new Error('No relay runs.');
  return Number(found);
};
const readOr = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // It ended meanwhile.
  }
};

/** One that nothing listens on. */
export const freeUdpPort = async (): Promise<number> => {
  const socket = await anyUdpSocket();
  const { port } = socket.address();
  socket.close();
  return port;
};

/** A UDP socket of somebody else. */
export const anyUdpSocket = async (address = '127.0.0.1', port = 0): Promise<Socket & { readonly heard: readonly string[] }> => {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const heard: string[] = [];
  socket.on('message', (data) => void heard.push(data.toString()));
  socket.bind(port, address);
  await once(socket, 'listening');
  return Object.assign(socket, { heard });
};

/** The code under which the relay refuses, or the word given. */
export const code = (asked: Promise<unknown>): Promise<string> => asked.then(() => 'given', (cause: { readonly code: number }) => String(cause.code));
