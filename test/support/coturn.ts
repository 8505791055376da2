import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { programOnPath } from './chromium.ts';

/** coturn's own client: `HANSARD_TEST_UCLIENT`, else the one on the path. */
export const turnUtilsPath = (): string | undefined => process.env['HANSARD_TEST_UCLIENT'] ?? programOnPath('turnutils_uclient');

/** What it counted. `seconds`: how long it sent. `jitterMs` is of what arrived. */
export type UclientReport = { readonly exit: number | null; readonly sent: number; readonly received: number; readonly lostPercent: number; readonly seconds: number; readonly jitterMs: number; readonly said: string };
export type UclientWishes = {
  readonly port: number; readonly secret: string;
  /** Pairs of clients that talk to each other through relayed addresses on both sides. */
  readonly clients: number;
  readonly messages: number; readonly bytes: number; readonly everyMs: number;
  /** Send and Data indications instead of channels. */
  readonly indications?: boolean;
  /** To the server by TCP. Datagrams are relayed all the same. */
  readonly tcp?: boolean;
};

/** Runs turnutils_uclient against a server on loopback. */
export const uclient = async ({ port, secret, clients, messages, bytes, everyMs, indications = false, tcp = false }: UclientWishes): Promise<UclientReport> => {
  const path = turnUtilsPath();
  if (path === undefined) throw new Error('There is no turnutils_uclient. "npm run pretest" as root, or "apt-get install coturn", puts it in; HANSARD_TEST_UCLIENT names one.');
  // -y: client to client; -c: no second port for RTCP; -W: TURN REST.
  const child = spawn(path, ['-y', '-c', ...(indications ? ['-s'] : []), ...(tcp ? ['-t'] : []), '-m', String(clients), '-l', String(bytes), '-n', String(messages), '-z', String(everyMs), '-u', 'alice', '-W', secret, '-p', String(port), '127.0.0.1'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  const [exit] = (await once(child, 'close')) as [number | null];
  const number = (form: RegExp): number => Number([...said.matchAll(form)].at(-1)?.[1] ?? Number.NaN);
  return { exit, said, sent: number(/tot_send_msgs=(\d+)/g), received: number(/tot_recv_msgs=(\d+)/g), lostPercent: number(/lost packets \d+ \(([\d.]+)%\)/g), seconds: number(/transmit time is (\d+)/g), jitterMs: number(/Average jitter ([\d.]+)/g) };
};

/** coturn's server on loopback, with the same credentials; undefined where it is not installed. */
export const spawnTurnServer = async (port: number, secret: string): Promise<ChildProcess | undefined> => {
  const path = programOnPath('turnserver');
  if (path === undefined) return undefined;
  const words = ['-n', '--no-cli', '--no-tls', '--no-dtls', '--listening-ip', '127.0.0.1', '--relay-ip', '127.0.0.1', '--listening-port', String(port), '--use-auth-secret', '--static-auth-secret', secret, '--realm', 'hansard', '--allow-loopback-peers', '--no-multicast-peers', '--log-file', 'stdout', '--no-stdout-log', '--pidfile', `/tmp/hansard-coturn-${port}.pid`, '--no-rfc5780', '--simple-log'];
  const child = spawn(path, words, { stdio: 'ignore' });
  await once(child, 'spawn');
  return child;
};

