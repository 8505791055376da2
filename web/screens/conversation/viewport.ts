const settledMs = 250;

/** A row counts as in view when this much of it is, or when it fills this much of the view. */
const enough = 0.6;

/**
 * Watches which rows are really in the viewport, and says so a quarter of a second after it last changed its mind;
 * somebody who scrolls on and on is told about what stood there at each quarter.
 */
export class Viewport {
  readonly #observer: IntersectionObserver;
  readonly #known = new WeakSet<Element>();
  readonly #inside = new Set<HTMLElement>();
  readonly #settled: (rows: readonly HTMLElement[]) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, settled: (rows: readonly HTMLElement[]) => void) {
    this.#settled = settled;
    this.#observer = new IntersectionObserver((entries) => this.#changed(entries), { root, threshold: [0, enough, 1] });
  }

  /** Takes in rows that are new on the page. */
  watch(rows: Iterable<Element>): void {
    for (const row of rows) {
      if (this.#known.has(row)) continue;
      this.#known.add(row);
      this.#observer.observe(row);
    }
  }

  /** Says again what is in view, e.g. because the tab got the focus. */
  again(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#settled([...this.#inside].filter((row) => row.isConnected));
    }, settledMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
  }

  #changed(entries: readonly IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const row = entry.target as HTMLElement;
      const fills = entry.intersectionRect.height >= enough * (entry.rootBounds?.height ?? Infinity);
      if (entry.isIntersecting && (entry.intersectionRatio >= enough || fills)) this.#inside.add(row);
      else this.#inside.delete(row);
      if (!row.isConnected) this.#observer.unobserve(row);
    }
    this.again();
  }
}
