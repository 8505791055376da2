/** What can go wrong, one at a time. Each strikes an append, an event on its way to a reader, or a look-up. */
export const faultKinds = [
  /** The append is in the log; its answer never comes. */
  'answer-lost',
  /** The append is in the log; the connection it came over breaks. */
  'connection-lost-after-commit',
  /** The connection breaks and nothing was written. */
  'connection-lost-before-commit',
  /** Reported failed; written in its place, but seen by readers only `lateMs` later, and so is everything behind it. */
  'visible-late',
  /** Reported failed; reaches the log only `lateMs` later, if what it expects is still true then. */
  'arrives-late',
  /** Refused for now: nothing was written. */
  'not-ready',
  /** Answered `slowMs` late. */
  'slow-answer',
  /** The connection breaks while a read is under way. */
  'read-killed',
  /** The connection breaks under a subscription. */
  'subscription-killed',
  /** The server ends a subscription with "unavailable". */
  'subscription-dropped',
  /** The server ends a subscription with "Consumer too slow" (code 10). */
  'consumer-too-slow',
  /** The server ends a subscription as if all were well. */
  'subscription-ended',
  /** The subscription stays open and says no more. */
  'subscription-stalled',
  /** GetSupportedMethods fails with something else than "unavailable". */
  'capabilities-failed',
] as const;
export type FaultKind = (typeof faultKinds)[number];

const lateMsDefault = 300;
const slowMsDefault = 100;

/** Mulberry32: small, and the same everywhere for the same seed. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Faults on demand: the next time, or by chance from a seed. `counts` says how often each has struck. */
export class Faults {
  readonly counts: Record<FaultKind, number> = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  lateMs = lateMsDefault;
  slowMs = slowMsDefault;
  #due: Partial<Record<FaultKind, number>> = {};
  #rates: Partial<Record<FaultKind, number>> = {};
  #random = randomFrom(1);

  /** Strikes the next `times` occasions. */
  next(kind: FaultKind, times = 1): void {
    this.#due[kind] = (this.#due[kind] ?? 0) + times;
  }

  /** From now on each occasion is struck with this probability (0 to 1). The order of strikes follows from the seed and the order of occasions. */
  seeded(seed: number, rates: Partial<Record<FaultKind, number>>): void {
    this.#random = randomFrom(seed);
    this.#rates = rates;
  }

  /** How late "late" is, and how slow "slow". */
  delays({ lateMs = this.lateMs, slowMs = this.slowMs }: { readonly lateMs?: number; readonly slowMs?: number }): void {
    this.lateMs = lateMs;
    this.slowMs = slowMs;
  }

  /** No more faults; what was counted stays. */
  none(): void {
    this.#due = {};
    this.#rates = {};
  }

  /** Asked at each occasion; counts what it strikes. */
  strikes(kind: FaultKind): boolean {
    const due = this.#due[kind] ?? 0;
    if (due > 0) this.#due[kind] = due - 1;
    else if ((this.#rates[kind] ?? 0) === 0 || this.#random() >= (this.#rates[kind] ?? 0)) return false;
    this.counts[kind] += 1;
    return true;
  }

  /** The first of these that strikes. */
  strike<Kind extends FaultKind>(...kinds: readonly Kind[]): Kind | undefined {
    return kinds.find((kind) => this.strikes(kind));
  }

  random(): number {
    return this.#random();
  }
}
