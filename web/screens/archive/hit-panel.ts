import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { openHit, type ArchiveHit } from '#src/contract/archive.ts';
import type { Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import '../../elements/hansard-copy.ts';
import { icon } from '../../elements/icons.ts';
import { count } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { abbreviated } from './abbreviated.ts';
import { archiveStyles } from './archive-styles.ts';
import './hit-context.ts';
import { retractedAtOf, viewersOf, type OpenedHit } from './opened-hit.ts';
import { countOf, fullTimeWithSeconds, secondsBeside } from './record-times.ts';
import { openedPreviews } from './opened-previews.ts';
import './version-history.ts';

const contextFirst = 10;
const viewersShown = 8;

/** One event: its history, who had seen it, its place in the record. Opening it is a look, recorded before it is shown. */
export class HitPanel extends LitElement {
  static override properties = { inquiry: {}, hit: { attribute: false }, opened: { state: true }, failure: { state: true }, inContext: { state: true }, allViewers: { state: true } };
  declare inquiry: string;
  declare hit: ArchiveHit | undefined;
  declare opened: OpenedHit | undefined;
  declare failure: Refusal | undefined;
  declare inContext: boolean;
  declare allViewers: boolean;

  constructor() {
    super();
    this.inquiry = '';
    this.hit = undefined;
    this.opened = undefined;
    this.failure = undefined;
    this.inContext = false;
    this.allViewers = false;
  }

  static override styles = [base, buttons, surfaces, archiveStyles, css`
    :host { display: block; }
    section { padding: var(--space-3) var(--space-4) var(--space-4); border-block-end: 1px solid var(--rule); }
    h2 { display: flex; align-items: center; gap: var(--space-2); padding-block-end: var(--space-2); }
    .viewer { display: flex; align-items: center; gap: 0.625rem; min-block-size: 2.125rem; }
    .viewer .name { flex: 1; }
    .viewer time { font-size: var(--text-xs); color: var(--ink-3); }
    dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.1875rem var(--space-3); font-size: var(--text-s); align-items: baseline; }
    dt { color: var(--ink-3); }
    dd { text-align: end; overflow-wrap: anywhere; min-inline-size: 0; }
    dd.code { display: flex; align-items: center; justify-content: flex-end; gap: 0.125rem; font-family: var(--font-code); font-size: var(--text-xs); }
    dd hansard-copy { margin: -0.25rem -0.375rem -0.25rem 0; }
    .acts { display: flex; flex-wrap: wrap; gap: var(--space-2); }
    .led-to { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 var(--space-3); padding-block: var(--space-2); font-size: var(--text-s); overflow-wrap: anywhere; }
    .led-to .title { font-weight: 600; }
    .led-to img { grid-column: 2; grid-row: 1 / span 5; inline-size: 5rem; block-size: 5rem; object-fit: cover; border-radius: var(--round-s); background: var(--sunken); }
    .skeleton { block-size: 0.875rem; margin-block: 0.5rem; }
    .skeleton.long { block-size: 2.75rem; }
    .nothing-open { padding: var(--space-5) var(--space-4); color: var(--ink-3); font-size: var(--text-s); }
  `];

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('hit')) return;
    this.opened = undefined;
    this.failure = undefined;
    this.inContext = false;
    this.allViewers = false;
    if (this.hit) void this.#open(this.hit);
  }

  async #open(hit: ArchiveHit): Promise<void> {
    this.failure = undefined;
    const answer = await call(openHit, { inquiry: this.inquiry, conversationId: hit.conversationId, revision: hit.revision, around: contextFirst }, { once: true });
    if (this.hit !== hit) return;
    if (answer.ok) this.opened = answer.output;
    else this.failure = answer;
  }

  #viewers(opened: OpenedHit): TemplateResult {
    const { read, late } = viewersOf(opened);
    const retractedAt = retractedAtOf(opened);
    const from = opened.versions[0]?.at ?? 0;
    const shown = this.allViewers ? read : read.slice(0, viewersShown);
    const receiptsMax = workspace.me?.settings.receiptsMembersMax;
    return html`<section aria-labelledby="seen"><h2 class="section-title" id="seen">${retractedAt === undefined ? 'Seen by' : 'Seen before it was retracted'}</h2>
      <ul>${shown.map((viewer) => html`<li class="viewer"><hansard-avatar .name=${viewer.name} .key=${viewer.account} .size=${26}></hansard-avatar><span class="name one-line" dir="auto" title=${viewer.name}>${viewer.name}</span><time>${secondsBeside(viewer.at, from)}</time></li>`)}</ul>
      ${read.length > shown.length ? html`<button class="text-button" @click=${() => (this.allViewers = true)}>All ${count(read.length)}</button>` : nothing}
      ${read.length === 0 ? html`<p class="small">Nobody is recorded as having had it on screen.${receiptsMax === undefined ? '' : ` Viewing is recorded in conversations of up to ${count(receiptsMax)} members.`}</p>` : nothing}
      ${late > 0 ? html`<p class="small">${read.length === 0 ? countOf(late, 'person', 'people') : countOf(late, 'more person', 'more people')} came after it was retracted.</p>` : nothing}
    </section>`;
  }

  #record({ record }: OpenedHit): TemplateResult {
    const { imported } = record;
    return html`<section aria-labelledby="record"><h2 class="section-title" id="record">${icon('shield-check', 16)}In the record</h2>
      <dl>
        <dt>Conversation revision</dt><dd>${count(record.revision)}</dd>
        <dt>Log position</dt><dd>${count(record.position)}</dd>
        <dt>Leaf</dt><dd class="code"><span title=${record.leaf}>${abbreviated(record.leaf)}</span><hansard-copy .text=${record.leaf} label="Copy the leaf"></hansard-copy></dd>
        <dt>Event</dt><dd class="code"><span title=${record.event}>${abbreviated(record.event.replaceAll('-', ''))}</span><hansard-copy .text=${record.event} label="Copy the event’s id"></hansard-copy></dd>
        <dt>Kind of event</dt><dd>${record.type}</dd>
        ${imported ? html`<dt>Imported from</dt><dd>line ${count(imported.line)} of batch ${imported.batch.slice(0, 8)}</dd><dt>Said, as its source states</dt><dd>${fullTimeWithSeconds(imported.saidAt)}</dd>` : nothing}
      </dl></section>`;
  }

  #trouble(hit: ArchiveHit, failure: Refusal): TemplateResult {
    return html`<div class="trouble" role="alert"><strong>This event could not be opened.</strong><p>${failure.sentence}</p><p>The results stay as they are.</p><button class="button" @click=${() => this.#open(hit)}>Try again</button></div>`;
  }

  override render() {
    const { hit, opened, failure } = this;
    if (!hit) return html`<p class="nothing-open">Press a result to see its history, who had seen it and where it stands in the record.</p>`;
    if (failure) return this.#trouble(hit, failure);
    if (!opened) return html`<section aria-busy="true"><h2 class="section-title">${hit.kind === 'message' ? 'Message, with its history' : 'Event'}</h2><span class="skeleton"></span><span class="skeleton long"></span><span class="skeleton"></span></section>`;
    return html`<div class="officer-blue">
      <section aria-labelledby="history"><h2 class="section-title" id="history">${hit.kind === 'message' ? 'Message, with its history' : 'Event'}</h2>
        ${opened.versions.length > 0 ? html`<version-history .versions=${opened.versions}></version-history>` : html`<p class="long" dir="auto">${hit.text}</p>`}</section>
      ${openedPreviews(opened.previews)}
      ${hit.kind === 'message' ? this.#viewers(opened) : nothing}
      ${this.#record(opened)}
      <section class="acts"><button class="button" @click=${() => (this.inContext = true)}>${icon('message-square-text')}In conversation</button></section>
      ${this.inContext ? html`<hit-context .inquiry=${this.inquiry} .opened=${opened} @closed=${() => (this.inContext = false)}></hit-context>` : nothing}
    </div>`;
  }
}
customElements.define('hit-panel', HitPanel);
