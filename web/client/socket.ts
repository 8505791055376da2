import { closeCodes, type ClientFrame, type Push, type ServerFrame } from '#src/contract/socket.ts';
import type { Answer } from './answer.ts';
import { Store } from './store.ts';

/** `ended`: the session is over, nobody reconnects by itself. `offline`: the browser says there is no network. */
export type Connection = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'ended';
export type Subscription = {
  readonly view: Push['view'];
  readonly key: string;
  /** Last position known here; asked again at every (re)connection. Undefined before the first snapshot. */
  readonly after: () => number | undefined;
  /** The asking is on its way, with nothing known yet: a snapshot can be asked for behind it. */
  readonly onAsked: () => void;
  /** Registered: pushes after `position` come from now on. With `resync` a snapshot must be read. */
  readonly onRegistered: (position: number, resync: boolean) => void;
  readonly onPush: (push: Push) => void;
};
type Frames = { [F in ServerFrame as F['is']]: F };
type Ask = Extract<ClientFrame, { n: number }>;
type AskBody = Ask extends infer F ? (F extends Ask ? Omit<F, 'n'> : never) : never;
type Settle = { readonly resolve: (frame: ServerFrame) => void; readonly reject: (cause: Error) => void };

/** The connection went away before the answer came; the outcome is unknown. */
export class ConnectionLost extends Error {}

const pingEveryMs = 25_000;
const pongWithinMs = 8_000;
/** The browser says that there is no network: an open socket gets one short chance to prove it wrong. */
const pongWithinWhenOfflineMs = 2_000;
/** An appliance that lost touch with its record is asked again after so long. */
const unavailableForMs = 3_000;
const backOffMs = { first: 250, most: 15_000 };

/** Full jitter, so that a thousand clients do not return in the same moment after a restart. */
const waitFor = (attempt: number): number => Math.random() * Math.min(backOffMs.most, backOffMs.first * 2 ** attempt) + 50;

/**
 * The one WebSocket of a tab. Keeps itself connected until `stop`, asks and answers by number, and renews every
 * subscription after a reconnection with the position it had reached.
 */
export class Socket {
  readonly connection = new Store<Connection>('idle');
  readonly #url: () => string;
  /** Asked when a connection was refused before `hello`: is the session still good? */
  readonly #isSignedIn: () => Promise<boolean>;
  #socket: WebSocket | undefined;
  #wanted = false;
  #greeted = false;
  #attempt = 0;
  #n = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #pong: ReturnType<typeof setTimeout> | undefined;
  readonly #asked = new Map<number, Settle>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #listeners = new Map<string, Set<(frame: never) => void>>();

  constructor(url: () => string, isSignedIn: () => Promise<boolean>) {
    this.#url = url;
    this.#isSignedIn = isSignedIn;
    globalThis.addEventListener?.('online', () => this.#nudge());
    globalThis.addEventListener?.('offline', () => this.#nudge());
    globalThis.document?.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#nudge());
  }

  get connected(): boolean {
    return this.connection.value === 'connected';
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#attempt = 0;
    this.connection.set('connecting');
    this.#open();
  }

  /** Closes and forgets all subscriptions. */
  stop(state: 'idle' | 'ended' = 'idle'): void {
    this.#wanted = false;
    clearTimeout(this.#retry);
    this.#subscriptions.clear();
    this.#socket?.close(1000);
    this.#lost();
    this.connection.set(state);
  }

  /** Resolves with the frame that carries this ask's number. @throws ConnectionLost */
  ask(body: AskBody): Promise<ServerFrame> {
    return new Promise((resolve, reject) => {
      if (!this.connected) return reject(new ConnectionLost('not connected'));
      const n = this.#n++;
      this.#asked.set(n, { resolve, reject });
      this.#write({ ...body, n } as Ask);
    });
  }

  /** One call over the socket. @throws ConnectionLost */
  async call(name: string, input: Record<string, unknown>, commandId: string | undefined): Promise<Answer<unknown>> {
    const frame = await this.ask({ is: 'call', name, input, ...(commandId ? { commandId } : {}) });
    if (frame.is === 'answer') return { ok: true, output: frame.output };
    if (frame.is === 'refusal') return { ok: false, code: frame.code, sentence: frame.sentence, ...(frame.limit === undefined ? {} : { limit: frame.limit }) };
    throw new Error(`a call was answered with a ${frame.is} frame`);
  }

  /** Ephemera and the like: sent when connected, dropped otherwise. */
  tell(frame: Exclude<ClientFrame, { n: number }>): void {
    if (this.connected) this.#write(frame);
  }

  /** @returns what ends the listening. */
  listen<K extends ServerFrame['is']>(is: K, listener: (frame: Frames[K]) => void): () => void {
    const listeners = this.#listeners.get(is) ?? new Set();
    this.#listeners.set(is, listeners.add(listener as (frame: never) => void));
    return () => listeners.delete(listener as (frame: never) => void);
  }

  /** One subscription per view and key. @returns what ends it. */
  subscribe(subscription: Subscription): () => void {
    const name = subscriptionName(subscription.view, subscription.key);
    this.#subscriptions.set(name, subscription);
    if (this.connected) this.#register(subscription);
    return () => {
      if (this.#subscriptions.get(name) !== subscription) return;
      this.#subscriptions.delete(name);
      if (this.connected) this.ask({ is: 'unsubscribe', view: subscription.view, key: subscription.key }).catch(() => undefined);
    };
  }

  #register(subscription: Subscription): void {
    const after = subscription.after();
    this.ask({ is: 'subscribe', view: subscription.view, key: subscription.key, ...(after === undefined ? {} : { after }) }).then(
      (frame) => {
        if (frame.is === 'subscribed') subscription.onRegistered(frame.position, frame.resync || after === undefined);
        else {
          subscription.onRegistered(-1, true); // Refused: the snapshot's own refusal tells the person why.
          if (frame.is === 'refusal' && frame.code === 'unavailable') setTimeout(() => this.#registerAgain(subscription), unavailableForMs);
        }
      },
      () => undefined, // Lost: registered again with the next connection.
    );
    if (after === undefined) subscription.onAsked();
  }

  /** The appliance could not say yes or no; a new connection has asked anew by itself. */
  #registerAgain(subscription: Subscription): void {
    if (this.connected && this.#subscriptions.get(subscriptionName(subscription.view, subscription.key)) === subscription) this.#register(subscription);
  }

  #open(): void {
    if (globalThis.navigator?.onLine === false) return this.#later();
    this.#greeted = false;
    this.#socket?.close(); // A nudge can come while one is still connecting; two would count as two tabs.
    const socket = new WebSocket(this.#url());
    this.#socket = socket;
    socket.addEventListener('message', (event) => this.#socket === socket && this.#read(JSON.parse(String(event.data)) as ServerFrame));
    socket.addEventListener('close', (event) => this.#socket === socket && void this.#closed(event.code));
  }

  async #closed(code: number): Promise<void> {
    const refusedAtTheDoor = !this.#greeted;
    this.#lost();
    if (!this.#wanted) return;
    if (code === closeCodes.sessionEnded || (refusedAtTheDoor && !(await this.#isSignedIn()))) return this.stop('ended');
    if (this.#wanted) this.#later();
  }

  #later(): void {
    this.connection.set(globalThis.navigator?.onLine === false ? 'offline' : 'reconnecting');
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#open(), waitFor(this.#attempt++));
  }

  /** The network changed or the tab came back: an open socket does not notice by itself, so ask it; a closed one tries now. */
  #nudge(): void {
    if (!this.#wanted) return;
    if (this.connected) return this.#beat();
    if (this.connection.value !== 'connecting') {
      this.#attempt = 0;
      this.#later();
    }
  }

  #beat(): void {
    this.tell({ is: 'ping' });
    this.#pong ??= setTimeout(() => {
      const dead = this.#socket;
      this.#lost();
      dead?.close();
      this.#later();
    }, globalThis.navigator?.onLine === false ? pongWithinWhenOfflineMs : pongWithinMs);
  }

  #lost(): void {
    this.#socket = undefined;
    clearInterval(this.#ping);
    clearTimeout(this.#pong);
    this.#pong = undefined;
    if (this.connected) this.connection.set('reconnecting');
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(new ConnectionLost('the connection went away'));
  }

  #write(frame: ClientFrame): void {
    // One that is closing takes nothing any more, and says so only in the console: what was asked is rejected when it has closed.
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #read(frame: ServerFrame): void {
    clearTimeout(this.#pong);
    this.#pong = undefined;
    if (frame.is === 'hello') this.#hello();
    if ('n' in frame) {
      const settle = this.#asked.get(frame.n);
      this.#asked.delete(frame.n);
      settle?.resolve(frame);
    }
    if (frame.is === 'push') this.#subscriptions.get(subscriptionName(frame.view, frame.key))?.onPush(frame);
    for (const listener of this.#listeners.get(frame.is) ?? []) (listener as (frame: ServerFrame) => void)(frame);
  }

  #hello(): void {
    this.#greeted = true;
    this.#attempt = 0;
    this.#ping = setInterval(() => this.#beat(), pingEveryMs);
    this.connection.set('connected');
    for (const subscription of this.#subscriptions.values()) this.#register(subscription);
  }
}

/** A person has one list; the activity in it comes in frames that are the same for all members, so its key is the conversation. */
const subscriptionName = (view: Push['view'], key: string): string => (view === 'conversations' ? view : `${view} ${key}`);
