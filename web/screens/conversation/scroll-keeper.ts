/** Where the reader is: at the end, or with these rows at these distances from the top of the view (the first that is still there counts). */
export type Place = { readonly atEnd: true } | { readonly atEnd: false; readonly rows: readonly (readonly [key: string, top: number])[] };

const endWithinPx = 32;
const rememberedRows = 6;

/** Keeps the reader's row at its pixel while rows come and go above and below. The browser's own anchoring is off: it does not know the end. */
export class ScrollKeeper {
  readonly #scroller: HTMLElement;
  readonly #rows: () => HTMLElement[];
  /** Set by scrolling, and by going to the end. */
  following = false;
  #top = 0;
  /** Of rows and view, when we last looked. */
  #heights = '';

  constructor(scroller: HTMLElement, rows: () => HTMLElement[]) {
    this.#scroller = scroller;
    this.#rows = rows;
  }

  get rest(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  isAtEnd(): boolean {
    return this.rest <= endWithinPx;
  }

  /** Has the reader scrolled since the last time we did or looked? The event that says so may still be on its way. */
  get hasScrolled(): boolean {
    return this.#scroller.scrollTop !== this.#top;
  }

  /** Have rows or view another height since then? The browser moves a view that has become too long; nobody scrolled. */
  get hasResized(): boolean {
    return this.#heightsNow !== this.#heights;
  }
  get #heightsNow(): string {
    return `${this.#scroller.scrollHeight}/${this.#scroller.clientHeight}`;
  }

  /** Measured before the rows change. */
  place(): Place {
    if (this.following && (this.#scroller.scrollTop >= this.#top || this.isAtEnd())) return { atEnd: true };
    const from = this.#scroller.getBoundingClientRect().top;
    const rows: (readonly [string, number])[] = [];
    for (const row of this.#rows()) {
      const { top, bottom } = row.getBoundingClientRect();
      if (bottom <= from) continue;
      rows.push([row.dataset['key'] ?? '', top - from]);
      if (rows.length === rememberedRows) break;
    }
    return { atEnd: false, rows };
  }

  /** Brought back after they changed, before anything is painted. */
  restore(place: Place): void {
    if (place.atEnd) return this.toEnd();
    const here = new Map(this.#rows().map((row) => [row.dataset['key'] ?? '', row]));
    for (const [key, top] of place.rows) {
      const row = here.get(key);
      if (!row) continue;
      const by = row.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - top;
      if (Math.abs(by) >= 0.5) this.#scroller.scrollTop += by;
      return;
    }
  }

  toEnd(): void {
    this.following = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.noted();
  }

  /** Remembers where the view is now. */
  noted(): void {
    this.#top = this.#scroller.scrollTop;
    this.#heights = this.#heightsNow;
  }

  /** Puts a row at a part of the view: 0 at its top, 0.5 in the middle. */
  toRow(row: HTMLElement, part: number): void {
    const view = this.#scroller.getBoundingClientRect();
    const { top, height } = row.getBoundingClientRect();
    this.following = false;
    this.#scroller.scrollTop += top - view.top - Math.max(0, (view.height - Math.min(height, view.height)) * part);
    this.following = this.isAtEnd();
  }
}
