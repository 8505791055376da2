import { RateLimiterMemory } from 'rate-limiter-flexible';

/** Wrong passwords for one name make it wait, longer each time, never for good: a lockout would hand anybody a way to lock a named person out. */
const freeAttempts = 5;
const longestWaitMs = 5 * 60_000;
const forgetAfterMs = 30 * 60_000;

type Failures = { readonly count: number; readonly at: number };

export class SignInThrottle {
  readonly #byAddress: RateLimiterMemory;
  readonly #failures = new Map<string, Failures>();

  constructor(perMinute: number) {
    this.#byAddress = new RateLimiterMemory({ points: perMinute, duration: 60 });
  }

  /** Milliseconds to wait before this name and address may try again; 0: now. Counts the try. */
  async waitMs(name: string, address: string, now: number): Promise<number> {
    const nameWait = this.#nameWaitMs(`${name}|${address}`, now);
    if (nameWait > 0) return nameWait;
    try {
      await this.#byAddress.consume(address);
      return 0;
    } catch (limited) {
      return (limited as { readonly msBeforeNext: number }).msBeforeNext;
    }
  }

  #nameWaitMs(key: string, now: number): number {
    const failures = this.#failures.get(key);
    if (!failures || failures.count < freeAttempts) return 0;
    const wait = Math.min(1_000 * 2 ** (failures.count - freeAttempts), longestWaitMs);
    return Math.max(0, failures.at + wait - now);
  }

  failed(name: string, address: string, now: number): void {
    const key = `${name}|${address}`;
    this.#failures.set(key, { count: (this.#failures.get(key)?.count ?? 0) + 1, at: now });
    if (this.#failures.size > 10_000) for (const [old, { at }] of this.#failures) if (at < now - forgetAfterMs) this.#failures.delete(old);
  }

  succeeded(name: string, address: string): void {
    this.#failures.delete(`${name}|${address}`);
  }
}
