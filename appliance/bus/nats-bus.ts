import { setTimeout as after } from 'node:timers/promises';
import type { KeyObject } from 'node:crypto';
import { busBodyBytesMax, type Bus, type BusState } from '#src/doors/socket/bus.ts';
import type { Clock } from '#src/kernel/clock.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import type { BusAddress } from './bus-address.ts';
import { busKey, sealEnvelope } from './envelope.ts';
import { Intake, type DropReason } from './intake.ts';
import { openLink, sentenceOf, type Link } from './nats-link.ts';
import { Outgoing } from './outgoing.ts';

/** Since the start. `unsent`: given up because NATS was away or slow; `refused`: too big to publish. */
export type BusCounts = { readonly sent: number; readonly received: number; readonly unsent: number; readonly refused: number; readonly waiting: number; readonly dropped: Readonly<Record<DropReason, number>> };

export type NatsBusOptions = { readonly address: BusAddress; readonly logId: string; readonly logSecret: KeyObject; readonly clock: Clock; readonly onFault: (cause: unknown) => void };

type Listener = Parameters<Bus['subscribe']>[1];

/** Sent before the server has to answer. Bounds what lies in buffers outside our own queue when it does not. */
const windowMessages = 256;
const windowBytes = 512 * 1024;
const retryFirstMs = 250;
const retryMaxMs = 10_000;
/** A connection that lasted this long did work: the next one is tried at once. */
const lastedMs = 5_000;
/** From all nodes and strangers together. Whoever may write to NATS can flood it; then the bus is left for a while, before the event loop is late. */
const heardPerSecondMax = 20_000;

/** `hansard.<log id>.<subject>`: organisations can share a NATS, also without accounts of their own there. */
export class NatsBus implements Bus {
  readonly node = uuidv4();
  readonly #options: NatsBusOptions;
  readonly #key: KeyObject;
  readonly #prefix: string;
  readonly #intake: Intake;
  readonly #outgoing = new Outgoing();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #reached: (() => void)[] = [];
  readonly #closing = new AbortController();
  #link: Link | undefined;
  #flushing = false;
  #seq = 0;
  #refused = 0;
  #state: BusState;
  #second = 0;
  #heardInSecond = 0;

  /** Begins to connect; nobody waits for it. */
  constructor(options: NatsBusOptions) {
    this.#options = options;
    this.#key = busKey(options.logSecret, options.logId);
    this.#prefix = `hansard.${options.logId}.`;
    this.#intake = new Intake(this.#key, this.node);
    this.#state = { state: 'cut', since: options.clock(), says: 'The bus is being connected.' };
    void this.#stayConnected().catch(options.onFault);
  }

  state(): BusState {
    return this.#state;
  }

  counts(): BusCounts {
    return { sent: this.#seq, received: this.#intake.received, unsent: this.#outgoing.dropped, refused: this.#refused, waiting: this.#outgoing.size, dropped: this.#intake.dropped };
  }

  publish(subject: string, body: object): void {
    if (this.#closing.signal.aborted) return;
    const bodyText = JSON.stringify(body);
    if (Buffer.byteLength(bodyText) > busBodyBytesMax) {
      this.#refused += 1;
      return this.#options.onFault(new Error(`A frame of ${Buffer.byteLength(bodyText)} bytes is too big for the bus (${subject}); it was not sent.`));
    }
    this.#outgoing.put(subject, bodyText, this.#options.clock());
    this.#send();
  }

  subscribe(subject: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(subject) ?? new Set();
    this.#listeners.set(subject, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(subject);
    };
  }

  onConnected(listener: () => void): void {
    this.#reached.push(listener);
    if (this.#link) this.#safely(listener);
  }

  /** What was published just before is sent if the server takes it within a moment. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const link = this.#link;
    this.#closing.abort();
    if (link) await Promise.race([this.#emptied(link).catch(() => undefined), after(500)]);
    link?.abandon('closed');
  }

  async #emptied(link: Link): Promise<void> {
    do await link.flush();
    while (this.#flushing || this.#outgoing.size > 0);
  }

  async #stayConnected(): Promise<void> {
    const { clock } = this.#options;
    for (let failures = 0; !this.#closing.signal.aborted; ) {
      const why = await this.#connected().catch(sentenceOf);
      const lasted = this.#state.state === 'connected' && clock() - this.#state.since >= lastedMs;
      this.#link = undefined;
      if (this.#state.state === 'connected') this.#state = { state: 'cut', since: clock(), says: this.#sayCut(why) };
      else if (this.#state.state === 'cut') this.#state = { ...this.#state, says: this.#sayCut(why) };
      failures = lasted ? 0 : failures + 1;
      // Full jitter, or all nodes would come back to a server at once.
      const waitMs = Math.min(retryMaxMs, retryFirstMs * 2 ** Math.min(failures, 10)) * (0.2 + 0.8 * Math.random());
      await after(waitMs, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
    }
  }

  /** Resolves with why it ended. */
  async #connected(): Promise<string> {
    const link = await openLink({ address: this.#options.address, name: `hansard ${this.node}`, subject: `${this.#prefix}>`, hear: (subject, bytes) => this.#hear(subject, bytes) });
    if (this.#closing.signal.aborted) link.abandon('closed');
    this.#link = link;
    this.#flushing = false;
    this.#state = { state: 'connected', since: this.#options.clock() };
    for (const listener of this.#reached) this.#safely(listener);
    this.#send();
    return link.ended;
  }

  #sayCut(why: string): string {
    return `The bus at ${this.#options.address.servers.join(', ')} is cut: ${why}. Messages go on through the log and nothing is lost; who is here and who types on other appliances is not shown. It is tried again by itself; look at NATS if it lasts.`;
  }

  /** As much as the window takes; the rest when the server answered. */
  #send(): void {
    const link = this.#link;
    if (!link || this.#flushing) return;
    const { clock } = this.#options;
    let messages = 0;
    try {
      for (let bytes = 0; messages < windowMessages && bytes < windowBytes; messages += 1) {
        const next = this.#outgoing.take(clock());
        if (!next) break;
        const subject = this.#prefix + next.subject;
        const envelope = sealEnvelope(this.#key, subject, { node: this.node, seq: ++this.#seq, at: clock() }, next.bodyText);
        link.publish(subject, envelope);
        bytes += envelope.length;
      }
    } catch (cause) {
      return link.abandon(sentenceOf(cause));
    }
    if (messages === 0) return;
    this.#flushing = true;
    const answered = (): void => {
      if (link !== this.#link) return;
      this.#flushing = false;
      this.#send();
    };
    link.flush().then(answered, () => undefined);
  }

  #hear(subject: string, bytes: Uint8Array): void {
    if (this.#closing.signal.aborted) return;
    const now = this.#options.clock();
    if (this.#isFlooded(now)) return this.#link?.abandon(`more than ${heardPerSecondMax} messages came in a second`);
    const taken = this.#intake.take(subject, bytes, now);
    if (!taken) return;
    for (const listener of this.#listeners.get(subject.slice(this.#prefix.length)) ?? []) this.#safely(() => listener(taken.body, taken.node));
  }

  #isFlooded(now: number): boolean {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) this.#heardInSecond = 0;
    this.#second = second;
    this.#heardInSecond += 1;
    return this.#heardInSecond > heardPerSecondMax;
  }

  /** What a listener throws would end the client's reading for good. */
  #safely(call: () => void): void {
    try {
      call();
    } catch (cause) {
      this.#options.onFault(cause);
    }
  }
}
