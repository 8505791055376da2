import type { EventLog } from '#src/log/event-log.ts';

const keptMax = 240;

/** How long appends took until they were flushed, in milliseconds, the latest last. */
export class FlushTimes {
  readonly #times: number[] = [];

  /** The same log, timed. */
  over(log: EventLog): EventLog {
    return {
      ...log,
      append: async (stream, expected, events, appendClass) => {
        const began = performance.now();
        const outcome = await log.append(stream, expected, events, appendClass);
        if (this.#times.push(performance.now() - began) > keptMax * 2) this.#times.splice(0, keptMax);
        return outcome;
      },
    };
  }

  get latest(): readonly number[] {
    return this.#times.slice(-keptMax);
  }

  get median(): number | null {
    const sorted = [...this.latest].sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? null;
  }
}
