import { css, html, LitElement, nothing, svg, type SVGTemplateResult } from 'lit';
import type { ArchiveFilter } from '#src/contract/archive.ts';
import { base } from '../../styles/base.ts';
import { barsOf, emptyFilter, spanPressed, type FacetValue, type MonthBar } from './filter-state.ts';
import { countOf, spanOf } from './record-times.ts';

/** How much there is in each month, as bars to press: one month, or with Shift the span up to it. Fires `filtered`. */
export class MonthBars extends LitElement {
  static override properties = { months: { attribute: false }, filter: { attribute: false } };
  declare months: readonly FacetValue[];
  declare filter: ArchiveFilter;

  constructor() {
    super();
    this.months = [];
    this.filter = emptyFilter;
  }

  static override styles = [base, css`
    :host { display: block; }
    :host([hidden]) { display: none; }
    .bars { display: flex; align-items: flex-end; gap: 1px; block-size: 3rem; border-block-end: 1px solid var(--rule-strong); }
    button { position: relative; flex: 1 1 0; min-inline-size: 0; max-inline-size: 1.5rem; block-size: 100%; padding: 0; border: 0; background: none; cursor: pointer; }
    svg { display: block; inline-size: 100%; block-size: 100%; }
    rect { fill: color-mix(in oklch, var(--officer) 38%, var(--panel)); }
    button:hover { background: var(--hover); }
    button[aria-pressed="true"] rect { fill: var(--officer); }
    button:focus-visible { outline-offset: 0; outline-color: var(--officer); z-index: 1; }
    .ends { display: flex; justify-content: space-between; font-size: var(--text-xs); color: var(--ink-3); padding-block-start: 0.125rem; }
    @media (forced-colors: active) { rect { fill: CanvasText; } button[aria-pressed="true"] rect { fill: Highlight; } }
  `];

  #press(bar: MonthBar, event: MouseEvent): void {
    this.dispatchEvent(new CustomEvent('filtered', { detail: spanPressed(this.filter, bar, event.shiftKey) }));
  }
  #inSpan = (bar: MonthBar): boolean => {
    const { from, until } = this.filter;
    return (from !== undefined || until !== undefined) && (from === undefined || bar.until > from) && (until === undefined || bar.from < until);
  };

  /** An attribute of a drawing, not a style: the content security policy allows no inline style. */
  #column(n: number, most: number): SVGTemplateResult {
    const high = n === 0 ? 0 : Math.max(6, Math.round((n / most) * 100));
    return svg`<rect x="0" width="1" y=${100 - high} height=${high}/>`;
  }

  override render() {
    const bars = barsOf(this.months);
    if (bars.length === 0) return nothing;
    const most = Math.max(...bars.map((bar) => bar.count));
    const first = bars[0];
    const last = bars.at(-1);
    return html`<div class="bars" role="group" aria-label="Events by ${bars[0]?.value.length === 4 ? 'year' : 'month'}">${bars.map((bar) => {
        const says = `${spanOf(bar.from, bar.until)}: ${countOf(bar.count, 'event', 'events')}`;
        return html`<button type="button" aria-pressed=${this.#inSpan(bar)} aria-label=${says} data-tip=${says} @click=${(event: MouseEvent) => this.#press(bar, event)}>
          <svg viewBox="0 0 1 100" preserveAspectRatio="none" aria-hidden="true">${this.#column(bar.count, most)}</svg></button>`;
      })}</div>
      ${first && last ? html`<div class="ends" aria-hidden="true"><span>${spanOf(first.from, first.until)}</span>${bars.length > 1 ? html`<span>${spanOf(last.from, last.until)}</span>` : nothing}</div>` : nothing}`;
  }
}
customElements.define('month-bars', MonthBars);
