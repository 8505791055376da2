import { BrokenIntegrity } from '../../kernel/fault.ts';
import { isAfter, samePosition, type AllPosition } from './all-position.ts';
import { readBounded } from './bounded-read.ts';
import type { Connection, Reading } from './connection.ts';
import { backOffMs, isWorthRenewing, type Link } from './link.ts';
import { allPageRequest, storedEvent, subscriptionRequest, type StoredEvent } from './wire.ts';

/** More would make the first wait for the last. */
const gatheredMax = 500;

type Around = {
  /** Position of the last event that was taken, as it is now. */
  readonly handled: () => AllPosition | undefined;
  /** An event that the database must still have where it was. */
  readonly lastEvent: () => { readonly at: AllPosition; readonly id: string } | undefined;
  /** In `$all` order. What it throws ends the following for good. */
  readonly take: (events: readonly StoredEvent[]) => void;
  readonly onTrouble: (error: unknown) => void;
  readonly onBroken: (error: unknown) => void;
};

export type FollowerSettings = { readonly silenceMs: number; readonly readDeadlineMs: number };

/**
 * Reads all of `$all`, from the last event that was taken, for ever. A subscription of this client ends with one error, or
 * with none at all, and never resumes; so on error, end and silence it is given up and taken anew from the last position
 * taken. What comes twice is dropped by its position.
 */
export class Follower {
  readonly #link: Link;
  readonly #settings: FollowerSettings;
  readonly #around: Around;
  #isOver = false;
  #hasLooked = false;
  #failures = 0;
  #heardAtMs = 0;
  #broken: { readonly error: unknown } | undefined;
  #giveUp: ((error: Error) => void) | undefined;
  #waking: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(link: Link, settings: FollowerSettings, around: Around) {
    this.#link = link;
    this.#settings = settings;
    this.#around = around;
  }

  /** It follows, and has seen before that the database holds what was copied from it. Until then, and whenever it has lost the database, nobody may say how current the copy is. */
  get hasLooked(): boolean {
    return this.#hasLooked;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Nothing is taken after this. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#giveUp?.(new Error('the following was stopped'));
    this.#waking?.();
    await this.#running;
  }

  /** The leader has events up to `end`: a subscription that has not moved for a while is dead, whatever it looks like. */
  expect(end: AllPosition): void {
    const handled = this.#around.handled();
    if (handled && !isAfter(end, handled)) return;
    if (performance.now() - this.#heardAtMs > this.#settings.silenceMs) this.#giveUp?.(new Error(`its subscription has been silent for ${this.#settings.silenceMs} ms although there is more`));
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      const connection = this.#link.current;
      try {
        await this.#followOnce(connection);
      } catch (error) {
        if (this.#isOver) return;
        if (error instanceof BrokenIntegrity) this.#broken ??= { error };
        if (this.#broken) {
          this.#isOver = true;
          this.#around.onBroken(this.#broken.error);
          return;
        }
        await this.#recover(connection, error);
      }
    }
  }

  async #recover(connection: Connection, error: unknown): Promise<void> {
    this.#failures += 1;
    this.#around.onTrouble(error);
    if (isWorthRenewing(this.#failures)) this.#link.renew(connection);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waking = resolve;
    const timer = setTimeout(resolve, backOffMs(this.#failures));
    await promise;
    clearTimeout(timer);
  }

  /** Returns never but by throwing: what ended the subscription, or what taking an event threw. */
  async #followOnce(connection: Connection): Promise<never> {
    await this.#assertSameDatabase(connection);
    // Whoever stopped it meanwhile found nothing to give up, and waits for the end.
    if (this.#isOver) throw new Error('the following was stopped');
    this.#hasLooked = true;
    const over = Promise.withResolvers<never>();
    this.#giveUp = over.reject;
    this.#heardAtMs = performance.now();
    const opening = connection.read(subscriptionRequest(this.#around.handled()));
    opening.then((reading) => this.#hear(reading, over.reject), over.reject);
    try {
      return await over.promise;
    } finally {
      this.#giveUp = undefined;
      // Whoever answers after this may hold another database.
      this.#hasLooked = false;
      const letGo = (reading: Reading): void => {
        reading.removeAllListeners('data');
        reading.cancel();
      };
      opening.then(letGo, () => undefined);
    }
  }

  #hear(reading: Reading, end: (error: unknown) => void): void {
    let gathered: StoredEvent[] = [];
    let before = 0;
    const hand = (): void => {
      // As long as every turn of the event loop brings more, they are gathered for one commit: one turn alone brings one or two.
      if (gathered.length > before && gathered.length < gatheredMax) {
        before = gathered.length;
        setImmediate(hand);
        return;
      }
      const events = gathered;
      [gathered, before] = [[], 0];
      try {
        if (events.length > 0 && !this.#isOver) this.#around.take(events);
      } catch (error) {
        this.#broken = { error };
        end(error);
      }
    };
    reading.on('data', (response) => {
      this.#heardAtMs = performance.now();
      this.#failures = 0;
      const event = storedEvent(response);
      if (!event) return;
      if (gathered.length === 0) setImmediate(hand);
      gathered.push(event);
    });
    reading.on('error', end);
    reading.on('end', () => end(new Error('it ended the subscription')));
  }

  /** A database that was put back from an older backup, was scavenged at our end or is another one must not be followed on. */
  async #assertSameDatabase(connection: Connection): Promise<void> {
    const last = this.#around.lastEvent();
    if (!last) return;
    const [found] = await readBounded(connection, allPageRequest(last.at, 'forwards', 1), this.#settings.readDeadlineMs);
    if (found && samePosition(found.at, last.at) && found.id === last.id) return;
    throw new BrokenIntegrity(`The database does not hold the event ${last.id}, which this appliance has copied from it, in its place any more. It is another database, was put back from an older backup, or was scavenged. Nothing is recorded until somebody has looked; the copy of this appliance is left as it is.`);
  }
}
