import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Turns the clock of appliances in processes of their own, which are started with `env`. */
export class ClockHand {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hansard-clock-'));
  readonly #file = join(this.#folder, 'ahead');
  #aheadMs = 0;

  constructor() {
    this.turn(0);
  }

  get env(): Readonly<Record<string, string>> {
    return { HANSARD_TEST_AHEAD: this.#file, NODE_OPTIONS: `--import=${new URL('turned-clock.ts', import.meta.url).href}` };
  }

  /** Forwards only. */
  turn(ms: number): void {
    this.#aheadMs += ms;
    // Never half written, whenever it is read.
    writeFileSync(`${this.#file}.new`, String(this.#aheadMs));
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** What the clock of the appliance says, or will in a moment. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
