import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-dialog.ts';
import { icon } from '../../elements/icons.ts';
import { count } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { archiveStyles } from './archive-styles.ts';
import type { Exportable, ExportMade } from './exportable.ts';
import { countOf } from './record-times.ts';

/** Says what an export holds, records it, and follows it on its way. Fires `closed`. */
export class ExportDialog extends LitElement {
  static override properties = { what: { attribute: false }, made: { state: true }, making: { state: true }, failed: { state: true }, since: { state: true } };
  declare what: Exportable;
  declare made: ExportMade | undefined;
  declare making: boolean;
  declare failed: string;
  /** Position that an earlier export was complete to, as it is typed. */
  declare since: string;

  constructor() {
    super();
    this.made = undefined;
    this.making = false;
    this.failed = '';
    this.since = '';
    new StoreController(this, workspace.download);
  }

  static override styles = [base, buttons, fields, archiveStyles, css`
    .body { display: grid; gap: var(--space-3); color: var(--ink-2); }
    ul { display: grid; gap: 0.25rem; }
    li { display: grid; grid-template-columns: 1.25rem 1fr; gap: var(--space-2); align-items: start; }
    li .icon { margin-block-start: 0.1875rem; color: var(--officer); }
    .lacks { display: grid; grid-template-columns: 1.25rem 1fr; gap: var(--space-2); color: var(--ink); }
    .lacks .icon { margin-block-start: 0.1875rem; }
    .whole { display: flex; gap: var(--space-2); color: var(--ink); }
    .whole .icon { color: var(--accent); margin-block-start: 0.125rem; }
    progress { inline-size: 100%; block-size: 0.5rem; accent-color: var(--officer); appearance: none; border: 0; border-radius: var(--round-full); background: var(--sunken); overflow: hidden; }
    progress::-webkit-progress-bar { background: var(--sunken); }
    progress::-webkit-progress-value { background: var(--officer); }
    progress::-moz-progress-bar { background: var(--officer); }
  `];

  async #make(): Promise<void> {
    this.making = true;
    this.failed = '';
    const answer = await this.what.make(this.since === '' ? undefined : Number(this.since));
    this.making = false;
    if (!answer.ok) {
      this.failed = answer.sentence;
      return;
    }
    this.made = answer.output;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLAnchorElement>('a[download]')?.click();
  }

  /** The link works once: it is offered only until the first byte is known to be on its way, for browsers that wanted a press of their own. */
  #isUnderWay(made: ExportMade): boolean {
    return workspace.download.value?.download === made.export;
  }

  #way(made: ExportMade): TemplateResult {
    const frame = this.#isUnderWay(made) ? workspace.download.value : undefined;
    const done = frame?.done ?? 0;
    if (frame?.state === 'complete') return html`<p class="whole" role="status">${icon('circle-check')}<span>${this.what.whole(made)}</span></p>`;
    if (frame?.state === 'failed') return html`<p class="fault" role="alert">${icon('circle-alert', 16)}The zip was cut off after ${count(done)} of ${count(made.count)}. What arrived is not whole; export again. Both exports stay in the record.</p>`;
    return html`<label>${count(done)} of ${countOf(made.count, ...this.what.called)} written<progress max=${Math.max(1, made.count)} .value=${done}></progress></label>
      <p class="small">It is written while it is sent. The link works once.</p>`;
  }

  override render() {
    const { made, what: { total, holds, lacks, continues } } = this;
    return html`<hansard-dialog .heading=${`Export ${count(made?.count ?? total)}`} @closed=${(event: Event) => { event.stopPropagation(); this.dispatchEvent(new CustomEvent('closed')); }}>
      <div class="body officer-blue">
        <p>The zip holds</p>
        <ul>
          ${holds(made?.count ?? total).map((one) => html`<li>${icon('check', 16)}<span>${one}</span></li>`)}
        </ul>
        ${lacks === null ? nothing : html`<p class="lacks">${icon('circle-alert', 16)}<span>${lacks}</span></p>`}
        ${made || !continues ? nothing : html`<label class="field"><span class="name">Only what was recorded after position</span>
          <input class="input" type="number" min="0" step="1" inputmode="numeric" placeholder="0, everything" .value=${this.since} @input=${(event: InputEvent) => (this.since = (event.target as HTMLInputElement).value)} aria-describedby="since">
          <span class="help" id="since">An earlier export's manifest says which position it is complete to. The two together hold everything, and nothing twice.</span></label>`}
        ${made ? this.#way(made) : html`<p class="small">That you exported this is recorded before the first byte leaves. A copy that has left cannot be recalled.</p>`}
        ${this.failed ? html`<p class="fault" role="alert">${icon('circle-alert', 16)}Nothing was exported. ${this.failed}</p>` : nothing}
      </div>
      ${made
        ? this.#isUnderWay(made) ? nothing : html`<a slot="actions" class="button" href=${made.url} download>${icon('download')}Fetch the zip</a>`
        : html`<button slot="actions" class="button officer" ?disabled=${this.making} @click=${() => this.#make()}>${icon('package')}${this.since === '' ? `Export ${count(total)}` : 'Export what is new'}</button>`}
    </hansard-dialog>`;
  }
}
customElements.define('export-dialog', ExportDialog);
