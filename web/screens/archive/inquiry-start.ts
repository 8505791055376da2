import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { openInquiry } from '#src/contract/archive.ts';
import { limits } from '#src/contract/limits.ts';
import { call } from '../../client/call.ts';
import { newId } from '../../client/new-id.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { count, fullTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { archiveStyles } from './archive-styles.ts';
import type { Inquiry } from './inquiry.ts';
import './first-officer.ts';
import './officer-requests.ts';
import { countOf } from './record-times.ts';

const earlierShown = 20;

/** Before anything is shown: why are you looking? Fires `opened` with the inquiry's id, `resumed` with one's own open one. */
export class InquiryStart extends LitElement {
  static override properties = { inquiries: { attribute: false }, reason: { state: true }, opening: { state: true }, failed: { state: true }, all: { state: true } };
  declare inquiries: readonly Inquiry[] | undefined;
  declare reason: string;
  declare opening: boolean;
  declare failed: string;
  declare all: boolean;
  /** One id for one intent: a second press after a lost answer opens the same inquiry. */
  #inquiry = newId();

  constructor() {
    super();
    this.inquiries = undefined;
    this.reason = '';
    this.opening = false;
    this.failed = '';
    this.all = false;
  }

  static override styles = [base, buttons, fields, surfaces, archiveStyles, css`
    :host { display: block; padding: clamp(var(--space-4), 7vh, 4.5rem) var(--space-4) var(--space-6); }
    .page { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-6); inline-size: min(44rem, 100%); margin-inline: auto; }
    form { display: grid; gap: var(--space-3); }
    h2 { font: 600 var(--text-2xl)/1.2 var(--font-record); }
    .says { color: var(--ink-2); max-inline-size: 36rem; }
    .row { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-3); }
    .list h3 { padding-block-end: var(--space-2); border-block-end: 1px solid var(--rule-strong); }
    .list li { display: grid; grid-template-columns: 2.5rem minmax(0, 1fr) auto; gap: 0 var(--space-2); align-items: center; padding-block: 0.5rem; border-block-end: 1px solid var(--rule); }
    .n { font: 600 var(--text-m) var(--font-record); color: var(--ink-3); align-self: start; padding-block-start: 0.0625rem; }
    .reason { overflow-wrap: anywhere; }
    .skeleton { block-size: 2.25rem; margin-block: var(--space-2); }
  `];

  #open = async (event: Event): Promise<void> => {
    event.preventDefault();
    const reason = this.reason.trim();
    if (reason === '' || this.opening) return;
    this.opening = true;
    this.failed = '';
    const answer = await call(openInquiry, { inquiry: this.#inquiry, reason }, { once: true });
    this.opening = false;
    if (answer.ok || answer.code === 'inquiry-id-taken') {
      if (answer.ok) this.dispatchEvent(new CustomEvent('opened', { detail: this.#inquiry }));
      this.#inquiry = newId();
    }
    if (!answer.ok) this.failed = answer.sentence;
  };
  #keys = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) void this.#open(event);
  };

  #earlier(inquiry: Inquiry): TemplateResult {
    const mine = inquiry.by === workspace.me?.account;
    return html`<li><span class="n">${count(inquiry.n)}</span>
      <div><p class="reason" dir="auto">${inquiry.reason}</p><p class="small"><bdi>${inquiry.byName}</bdi>, ${fullTime(inquiry.at)} · ${countOf(inquiry.looks, 'look', 'looks')}${inquiry.open ? '' : ' · closed'}</p></div>
      ${inquiry.open && mine ? html`<button class="button" aria-label="Take up inquiry ${inquiry.n} again" @click=${() => this.dispatchEvent(new CustomEvent('resumed', { detail: inquiry.inquiry }))}>Take up</button>` : inquiry.open ? html`<span class="tag officer">Open</span>` : nothing}</li>`;
  }

  #list(): TemplateResult {
    const { inquiries } = this;
    if (!inquiries) return html`<div aria-busy="true"><span class="skeleton"></span><span class="skeleton"></span><span class="skeleton"></span></div>`;
    if (inquiries.length === 0) return html`<p class="small">No inquiry has been opened yet. Yours will be the first.</p>`;
    const shown = this.all ? inquiries : inquiries.slice(0, earlierShown);
    return html`<ol>${shown.map((inquiry) => this.#earlier(inquiry))}</ol>
      ${shown.length < inquiries.length ? html`<p class="row"><button class="text-button" @click=${() => (this.all = true)}>All ${count(inquiries.length)}</button></p>` : nothing}`;
  }

  override render() {
    return html`<div class="page officer-blue">
      <form @submit=${this.#open}>
        <h2 id="why">Why are you looking?</h2>
        <p class="says">Your reason goes into the record before anything is shown, and so does every search and every event you open. Other officers can read it; it cannot be taken back.</p>
        <label class="field"><span class="name">Reason</span>
          <textarea class="input" name="reason" dir="auto" rows="3" maxlength=${limits.reasonMax} aria-labelledby="why" placeholder="For example: claim letter of 12 November" .value=${this.reason}
            @input=${(event: Event) => (this.reason = (event.target as HTMLTextAreaElement).value.replace(/[\r\n]+/g, ' '))} @keydown=${this.#keys}></textarea></label>
        ${this.failed ? html`<p class="fault" role="alert">${icon('circle-alert', 16)}<span>No inquiry was opened. ${this.failed}</span></p>` : nothing}
        <div class="row"><button class="button officer" ?disabled=${this.reason.trim() === '' || this.opening}>Open inquiry</button><span class="small">In the case Unfiled</span></div>
      </form>
      <officer-requests></officer-requests>
      <section class="list" aria-labelledby="earlier"><h3 class="section-title" id="earlier">Inquiries so far</h3>${this.#list()}</section>
      <first-officer></first-officer>
    </div>`;
  }
}
customElements.define('inquiry-start', InquiryStart);
