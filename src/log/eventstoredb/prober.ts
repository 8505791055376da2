import { isAfter, type AllPosition } from './all-position.ts';
import { readBounded } from './bounded-read.ts';
import { isWorthRenewing, type Link } from './link.ts';
import { allPageRequest } from './wire.ts';

type Around = {
  readonly handled: () => AllPosition | undefined;
  /** Everything acknowledged anywhere until `sinceMs` (`performance.now()` of this thread) has been taken. */
  readonly onPassed: (sinceMs: number) => void;
  /** The leader has events up to here that were not taken yet. */
  readonly onBehind: (end: AllPosition) => void;
  readonly onTrouble: (error: unknown) => void;
};

export type ProberSettings = { readonly everyMs: number; readonly deadlineMs: number };

/**
 * Asks the leader again and again where `$all` ends. What was acknowledged to anybody before the question stands before the
 * answer; when the follower has passed it, this process is current as of the question.
 */
export class Prober {
  readonly #link: Link;
  readonly #settings: ProberSettings;
  readonly #around: Around;
  /** Questions that were answered with a place which the follower has not passed yet, oldest first. */
  readonly #behind: { readonly askedAtMs: number; readonly end: AllPosition }[] = [];
  #asking = false;
  #wanted = false;
  #askedAtMs = -Infinity;
  #failures = 0;

  constructor(link: Link, settings: ProberSettings, around: Around) {
    this.#link = link;
    this.#settings = settings;
    this.#around = around;
  }

  /** Somebody needs to know as of now: the next question goes out at once, or as soon as the one that is under way is answered. */
  askNow(): void {
    if (this.#asking) this.#wanted = true;
    else void this.#ask();
  }

  tick(): void {
    const end = this.#behind[0]?.end;
    if (end) this.#around.onBehind(end);
    if (!this.#asking && performance.now() - this.#askedAtMs >= this.#settings.everyMs) void this.#ask();
  }

  /** The follower has moved. */
  moved(): void {
    const handled = this.#around.handled();
    if (!handled) return;
    let passedMs: number | undefined;
    while (this.#behind[0] && !isAfter(this.#behind[0].end, handled)) passedMs = this.#behind.shift()!.askedAtMs;
    if (passedMs !== undefined) this.#around.onPassed(passedMs);
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    this.#wanted = false;
    const askedAtMs = (this.#askedAtMs = performance.now());
    const connection = this.#link.current;
    try {
      const [last] = await readBounded(connection, allPageRequest(undefined, 'backwards', 1), this.#settings.deadlineMs);
      this.#failures = 0;
      this.#answered(askedAtMs, last?.at);
    } catch (error) {
      this.#failures += 1;
      this.#around.onTrouble(error);
      if (isWorthRenewing(this.#failures)) this.#link.renew(connection);
    }
    this.#asking = false;
    if (this.#wanted && this.#failures === 0) void this.#ask();
  }

  #answered(askedAtMs: number, end: AllPosition | undefined): void {
    const handled = this.#around.handled();
    // An empty database has been read to its end.
    if (!end || (handled && !isAfter(end, handled))) {
      this.#behind.length = 0;
      this.#around.onPassed(askedAtMs);
    } else this.#behind.push({ askedAtMs, end });
  }
}
