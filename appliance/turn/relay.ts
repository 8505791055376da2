import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Fault } from '#src/kernel/fault.ts';
import { turnCredential, type TurnCredential } from '#src/ice/turn-credential.ts';
import { noCounts, type RelayCounts, type RelaySettings } from './relay-settings.ts';
import type { PortRefused, RelayOrder, RelayWord, Revocation } from './relay-words.ts';

/** `idle`: nobody has needed it yet. `waiting`: it died or found no port, and is tried again. `port` while it listens; with `says`, for datagrams alone. */
export type RelayState = { readonly state: 'idle' | 'starting' | 'listening' | 'waiting' | 'closed'; readonly port: number | null; readonly says: string | null };
export type RelayPorts = { readonly clock: () => number; readonly onFault: (cause: unknown) => void };

const heapMegabytes = 128;
const firstWaitMs = 250;
const longestWaitMs = 30_000;
/** Who ran this long starts again at the shortest wait. */
const settledAfterMs = 60_000;
const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where node-turn and what it needs really are: npm may put them beside this package, and a link may lead there. */
const packages = realpathSync(createRequire(import.meta.url).resolve('node-turn')).replace(/node_modules(?!.*node_modules).*$/, 'node_modules/');
/** The code of the relay. Not the whole package: a data folder may be in it. */
const code = ['package.json', 'appliance/turn/', 'src/'].flatMap((place) => [root, `${realpathSync(root)}/`].map((folder) => folder + place));
/** Reads code; no file is written, no process or thread started. */
const execArgv = ['--permission', ...new Set([...code, packages].map((place) => `--allow-fs-read=${place}`)), `--max-old-space-size=${heapMegabytes}`, '--disable-warning=SecurityWarning', '--disable-warning=ExperimentalWarning'];

/** The built-in TURN server: a process of its own that is started again when it dies, and what it must be told. */
export class Relay {
  readonly #settings: RelaySettings;
  readonly #ports: RelayPorts;
  readonly #revoked = new Map<string, Revocation>();
  #process: ChildProcess | undefined;
  #state: RelayState = { state: 'idle', port: null, says: null };
  #counts: RelayCounts = noCounts;
  #waitMs = firstWaitMs;
  #again: NodeJS.Timeout | undefined;
  #restarts = 0;
  #portless = false;
  /** Until its process has said so, as for UDP: who asks meanwhile keeps the answer for hours, and may have no other way. */
  #takesTcp = true;

  constructor(settings: RelaySettings, ports: RelayPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  /** Harmless where it runs. */
  start(): void {
    if (this.#state.state !== 'idle') return;
    this.#state = { state: 'starting', port: null, says: null };
    this.#start();
  }

  state(): RelayState {
    return this.#state;
  }

  /** As of the last second; counted anew by every process. */
  counts(): RelayCounts {
    return this.#counts;
  }

  /** It listens, or is on its way to: it starts, or died and is started again. False where it found no port. */
  get isExpected(): boolean {
    const { state } = this.#state;
    return state === 'listening' || state === 'starting' || (state === 'waiting' && !this.#portless);
  }

  /** False where something else has its port for TCP, as far as is known. */
  get takesTcp(): boolean {
    return this.#takesTcp;
  }

  get restarts(): number {
    return this.#restarts;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** A username and a password for the relay, for as long as settings say. `now`: ms. One made after a revocation is not touched by it. */
  mint(account: string, session: string | null, now: number): TurnCredential {
    const madeAt = Math.max(Math.ceil(now / 1_000), ...this.#cutsOf(account, session).map(({ cutS }) => cutS + 1));
    return turnCredential(this.#settings.secret, { account, session, expiresAt: madeAt + this.#settings.credentialLivesS });
  }

  /** Ends the allocations of an account, or of one session of it, and refuses every credential made until now. */
  revoke(account: string, session: string | null = null): void {
    const nowS = Math.ceil(this.#ports.clock() / 1_000);
    // Oldest first. Many sessions may run out in one minute, and each is looked at once.
    for (const [subject, { cutS }] of this.#revoked) {
      if (cutS + this.#settings.credentialLivesS >= nowS) break;
      this.#revoked.delete(subject);
    }
    // What was minted since an earlier revocation of this very second counts as made after it, and must not be spared by this one.
    const cuts = session === null ? [...this.#revoked.values()].filter((earlier) => earlier.account === account) : this.#cutsOf(account, session);
    const revocation = { account, session, cutS: Math.max(nowS, ...cuts.map(({ cutS }) => cutS + 1)) };
    const subject = `${account}:${session ?? ''}`;
    this.#revoked.delete(subject);
    this.#revoked.set(subject, revocation);
    this.#tell({ is: 'revoke', ...revocation });
  }

  /** What holds for this session: its own revocation, and that of the whole account. */
  #cutsOf(account: string, session: string | null): readonly Revocation[] {
    return [`${account}:`, `${account}:${session ?? ''}`].flatMap((subject) => this.#revoked.get(subject) ?? []);
  }

  async close(): Promise<void> {
    clearTimeout(this.#again);
    this.#state = { state: 'closed', port: null, says: null };
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    if (running.connected) running.disconnect();
    const late = setTimeout(() => running.kill('SIGKILL'), 2_000);
    await ended;
    clearTimeout(late);
  }

  #start(): void {
    // Its memory and files are its own, and so is its environment: an empty one.
    const running = fork(fileURLToPath(new URL('relay-process.ts', import.meta.url)), { execArgv, env: {}, cwd: root, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const startedAt = performance.now();
    this.#process = running;
    let failed = false;
    running.on('message', (word: RelayWord) => {
      if (word.is === 'counts') this.#counts = word.counts;
      else if (word.is === 'fault') this.#ports.onFault(new Fault(`The TURN relay met a fault, and calls go on: ${word.says}`));
      else if (word.is === 'failed') {
        failed = this.#portless = true;
        this.#wait(sentenceOf(word, this.#settings));
      } else if (this.#state.state !== 'closed') {
        this.#portless = false;
        this.#takesTcp = word.refused === null;
        this.#state = { state: 'listening', port: word.port, says: word.refused && sentenceOfTcp(word.refused, word.port) };
      }
    });
    // A process that never began says so and does not end.
    running.on('error', (cause) => (running.pid === undefined ? this.#gone(`could not be started: ${cause.message}`) : this.#ports.onFault(cause)));
    running.on('exit', (code, signal) => {
      if (performance.now() - startedAt > settledAfterMs) this.#waitMs = firstWaitMs;
      this.#gone(failed ? undefined : `ended (${signal ?? `exit code ${code}`})`);
    });
    this.#tell({ is: 'start', settings: this.#settings, revoked: [...this.#revoked.values()] });
  }

  /** `what` became of the process, where nobody has said so yet. */
  #gone(what?: string): void {
    this.#counts = noCounts;
    if (this.#state.state === 'closed') return;
    if (what !== undefined) this.#wait(`The TURN relay ${what}. It is started again by itself. Calls that need it reconnect then; everything else works.`);
    this.#again = setTimeout(() => this.#restart(), this.#waitMs).unref();
    this.#waitMs = Math.min(this.#waitMs * 2, longestWaitMs);
  }

  #restart(): void {
    this.#restarts += 1;
    this.#start();
  }

  #wait(says: string): void {
    if (this.#state.state !== 'closed') this.#state = { state: 'waiting', port: null, says };
  }

  #tell(order: RelayOrder): void {
    if (this.#process?.connected) this.#process.send(order, () => undefined);
  }
}

const sentenceOf = ({ code, says }: PortRefused, { port, places }: RelaySettings): string => {
  const what = code === 'EADDRINUSE' ? `UDP port ${port} is taken by another program` : code === 'EADDRNOTAVAIL' ? `this machine has not the address ${places.map(({ bind }) => bind).join(', ')}` : says;
  return `The TURN relay does not listen: ${what}. Calls work where browsers reach each other; everything else works. Free the port, set HANSARD_TURN_PORT or HANSARD_TURN_ADDRESS, or turn it off with HANSARD_TURN=off.`;
};

const sentenceOfTcp = ({ code, says }: PortRefused, port: number): string =>
  `The TURN relay takes no TCP connections: ${code === 'EADDRINUSE' ? `TCP port ${port} is taken by another program` : says}. Calls are relayed over UDP; people in networks that let no UDP out are not. Free the port, and it is taken by itself, or set HANSARD_TURN_PORT.`;
