import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { openHit } from '#src/contract/archive.ts';
import { call } from '../../client/call.ts';
import '../../elements/hansard-dialog.ts';
import { clock, count, dayOf } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { archiveStyles } from './archive-styles.ts';
import type { OpenedHit } from './opened-hit.ts';
import { countOf } from './record-times.ts';

const contextMost = 50;
const membersNamed = 12;
const dayMark = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

/** Membership, calls, meetings and ends come as a sentence that names people already. Around the hit there are messages and files alone. */
const isSentence = ({ hit }: OpenedHit['context'][number], { record }: OpenedHit): boolean => hit && /^(Member|Call|Screen|Guest|Meeting|Invitation|ConversationClosed)/.test(record.type);

/** The hit among what was said around it, as a transcript. More of it is another look. Fires `closed`. */
export class HitContext extends LitElement {
  static override properties = { inquiry: {}, opened: { attribute: false }, wider: { state: true }, loading: { state: true }, failed: { state: true } };
  declare inquiry: string;
  declare opened: OpenedHit | undefined;
  declare wider: OpenedHit | undefined;
  declare loading: boolean;
  declare failed: string;

  constructor() {
    super();
    this.inquiry = '';
    this.opened = undefined;
    this.wider = undefined;
    this.loading = false;
    this.failed = '';
  }

  static override styles = [base, buttons, archiveStyles, css`
    .members { padding-block-end: var(--space-3); }
    .day { font: 600 var(--text-s)/1.4 var(--font-record); color: var(--ink-2); padding-block: var(--space-3) var(--space-1); }
    .line { display: grid; grid-template-columns: 3.25rem minmax(0, 1fr); gap: 0 var(--space-2); padding: 0.3125rem var(--space-2); margin-inline: calc(-1 * var(--space-2)); border-radius: var(--round-s); font-family: var(--font-record); line-height: 1.5; }
    .line time { font-family: var(--font-text); font-size: var(--text-xs); color: var(--ink-3); padding-block-start: 0.1875rem; }
    .line .who { font-weight: 600; }
    .line p { white-space: pre-wrap; overflow-wrap: anywhere; }
    .hit { background: var(--officer-soft); box-shadow: inset 3px 0 0 var(--officer); }
    .hit:dir(rtl) { box-shadow: inset -3px 0 0 var(--officer); }
    .line .led-to { grid-column: 2; padding-inline-start: var(--space-2); border-inline-start: 2px solid var(--rule-strong); font-family: var(--font-text); font-size: var(--text-s); }
    .retracted, .gone { font-style: italic; color: var(--ink-3); }
    .hit .retracted { color: var(--ink-2); }
    @media (forced-colors: active) { .hit { outline: 2px solid Highlight; } }
  `];

  protected override firstUpdated(): void {
    requestAnimationFrame(() => this.renderRoot.querySelector('.hit')?.scrollIntoView({ block: 'center' }));
  }

  async #widen(): Promise<void> {
    const { opened } = this;
    if (!opened) return;
    this.loading = true;
    this.failed = '';
    const answer = await call(openHit, { inquiry: this.inquiry, conversationId: opened.conversationId, revision: opened.record.revision, around: contextMost }, { once: true });
    this.loading = false;
    if (!answer.ok) {
      this.failed = answer.sentence;
      return;
    }
    this.wider = answer.output;
    await this.updateComplete;
    this.renderRoot.querySelector('.hit')?.scrollIntoView({ block: 'center' });
  }

  #line(line: OpenedHit['context'][number], before: OpenedHit['context'][number] | undefined, opened: OpenedHit): TemplateResult {
    const newDay = before === undefined || dayOf(before.at) !== dayOf(line.at);
    return html`${newDay ? html`<li class="day">${dayMark.format(line.at)}</li>` : nothing}
      <li class="line ${line.hit ? 'hit' : ''}" aria-current=${line.hit ? 'true' : nothing}><time>${clock(line.at)}</time>
        <p dir="auto">${isSentence(line, opened) ? nothing : html`<bdi class="who">${line.authorName}</bdi> `}${line.text === null
          ? html`<span class="gone">${line.retracted ? 'retracted this message.' : 'The text cannot be read; its key was destroyed.'}</span>`
          : html`${line.text}${line.retracted ? html` <span class="retracted">(retracted)</span>` : nothing}`}</p>${line.previews.map(({ title, site, url, withdrawnAt }) => html`<p class="led-to" dir="auto"><b>${title}</b>${site === '' ? nothing : ` · ${site}`} <bdi>${url}</bdi>${withdrawnAt === null ? nothing : ' (preview taken away)'}</p>`)}</li>`;
  }

  override render() {
    const opened = this.wider ?? this.opened;
    if (!opened) return nothing;
    const named = opened.members.slice(0, membersNamed).map((member) => member.name).join(', ');
    return html`<hansard-dialog wide .heading=${opened.conversationTitle} @closed=${(event: Event) => { event.stopPropagation(); this.dispatchEvent(new CustomEvent('closed')); }}>
      <p class="small members long" dir="auto">${countOf(opened.members.length, 'member', 'members')}: ${named}${opened.members.length > membersNamed ? ` and ${count(opened.members.length - membersNamed)} more` : ''}</p>
      <ol aria-label="What was said around it">${opened.context.map((line, n) => this.#line(line, opened.context[n - 1], opened))}</ol>
      ${this.failed ? html`<p class="small" role="alert" slot="actions">${this.failed}</p>` : nothing}
      ${this.wider ? nothing : html`<button slot="actions" class="button" ?disabled=${this.loading} @click=${() => this.#widen()}>${contextMost} lines around it</button>`}
    </hansard-dialog>`;
  }
}
customElements.define('hit-context', HitContext);
