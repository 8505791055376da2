import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { readHealth, type Health } from '#src/contract/administration.ts';
import type { Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { icon, type IconName } from '../../elements/icons.ts';
import { count } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { archiveStyles } from '../archive/archive-styles.ts';
import { agoOf, countOf } from '../archive/record-times.ts';
import { diskWords, headlineOf, logWords, recordWords, viewsWords, type CardWords } from './health-words.ts';
import './people-page.ts';
import { fillBar, sparkLine } from './spark-line.ts';

const checkEveryMs = 10_000;
const ticksMs = 1_000;
const rememberedChecks = 60;

/** Is everything in order, and if not, what do I do? Checked again by itself while the page is looked at. People come below. */
export class HealthPage extends LitElement {
  static override properties = { health: { state: true }, failure: { state: true }, now: { state: true } };
  declare health: Health | undefined;
  declare failure: Refusal | undefined;
  declare now: number;
  /** When the answer came, by this clock: "ago" must not show how far two clocks are apart. */
  #cameAt = 0;
  #furthestBehind: readonly number[] = [];
  #checking: ReturnType<typeof setInterval> | undefined;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.health = undefined;
    this.failure = undefined;
    this.now = Date.now();
  }

  static override styles = [base, buttons, surfaces, archiveStyles, css`
    :host { display: block; padding: var(--space-5) var(--space-6) var(--space-7); }
    .page { max-inline-size: 76rem; margin-inline: auto; display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-5); }
    h1 { font: 600 var(--text-xl)/1.3 var(--font-record); }
    .checked { color: var(--ink-3); }
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 13.5rem), 1fr)); gap: var(--space-3); }
    .card { display: grid; align-content: start; gap: 0.125rem; padding: 0.8125rem var(--space-4) 0.75rem; color: var(--accent); min-inline-size: 0; }
    .card h2 { display: flex; align-items: center; gap: var(--space-2); font-size: var(--text-s); font-weight: 600; color: var(--ink-2); }
    .card .value { font: 600 var(--text-xl)/1.35 var(--font-record); color: var(--ink); overflow-wrap: anywhere; }
    .card .says { font-size: var(--text-xs); color: var(--ink-3); min-block-size: 1.1rem; overflow-wrap: anywhere; }
    .spark { display: block; inline-size: 100%; block-size: 2rem; margin-block-start: var(--space-2); align-self: end; }
    .card.wrong { border-color: var(--danger); color: var(--danger); }
    .card.wrong .value, .card.wrong .says, .card.wrong h2 { color: var(--danger); }
    .wrongs { display: grid; gap: var(--space-2); padding: var(--space-4); border-radius: var(--round-m); background: var(--danger-soft); }
    .wrongs li { display: grid; grid-template-columns: 1.25rem minmax(0, 1fr); gap: var(--space-2); overflow-wrap: anywhere; }
    .wrongs .icon { color: var(--danger); margin-block-start: 0.125rem; }
    details { font-size: var(--text-s); color: var(--ink-2); }
    summary { cursor: pointer; inline-size: fit-content; border-radius: var(--round-s); }
    .views { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: 0 var(--space-5); padding-block-start: var(--space-2); }
    .views li { display: flex; gap: var(--space-3); justify-content: space-between; padding-block: 0.25rem; border-block-end: 1px solid var(--rule); }
    .stopped { color: var(--danger); font-weight: 600; }
    .skeleton.value { block-size: 1.75rem; inline-size: 60%; margin-block: var(--space-2); }
    .skeleton.spark { block-size: 1.5rem; }
    .skeleton.line { block-size: 1.75rem; inline-size: 16rem; max-inline-size: 80%; }
    @media (max-width: 719px) { :host { padding: var(--space-4); } }
    @media (max-width: 479px) { .cards { grid-template-columns: 1fr; } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#check();
    this.#checking = setInterval(() => document.visibilityState === 'visible' && void this.#check(), checkEveryMs);
    this.#ticking = setInterval(() => (this.now = Date.now()), ticksMs);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#checking);
    clearInterval(this.#ticking);
  }

  async #check(): Promise<void> {
    const answer = await call(readHealth, {});
    this.now = Date.now();
    this.failure = answer.ok ? undefined : answer;
    if (!answer.ok) return;
    this.health = answer.output;
    this.#cameAt = this.now;
    this.#furthestBehind = [...this.#furthestBehind, Math.max(0, ...answer.output.views.map((view) => view.behind))].slice(-rememberedChecks);
  }

  #card(word: string, drawing: IconName, words: CardWords | undefined, below: TemplateResult | typeof nothing): TemplateResult {
    if (!words) return html`<div class="card" aria-busy="true"><h2>${icon(drawing, 16)}${word}</h2><span class="skeleton value"></span><span class="skeleton spark"></span></div>`;
    return html`<div class="card ${words.wrong ? 'wrong' : ''}"><h2>${icon(words.wrong ? 'triangle-alert' : drawing, 16)}${word}</h2><p class="value">${words.value}</p><p class="says">${words.says}</p>${below}</div>`;
  }

  #headline(): TemplateResult {
    const { health, failure } = this;
    if (failure) return html`<div role="alert"><h1>The appliance could not be asked</h1><p class="checked">${failure.sentence}${health ? ` Last checked ${agoOf(this.#cameAt, this.now)}; what you see is from then.` : ''}</p></div>`;
    if (!health) return html`<div aria-busy="true"><h1 class="seen-by-readers-only">Health</h1><span class="skeleton line"></span></div>`;
    return html`<div><h1>${headlineOf(health)}</h1><p class="checked">Checked ${agoOf(this.#cameAt, this.now)}. You run the appliance; conversations are not yours to read.</p></div>`;
  }

  #views(health: Health): TemplateResult {
    return html`<details ?open=${health.views.some((view) => view.stopped !== null)}><summary>${countOf(health.people.accounts, 'account', 'accounts')}, ${countOf(health.people.signedIn, 'session', 'sessions')}, ${countOf(health.people.sockets, 'connection', 'connections')} · Hansard ${health.version} · views one by one</summary>
      <ul class="views">${health.views.map((view) => html`<li><span>${view.view}</span>${view.stopped === null
        ? html`<span>${view.behind === 0 ? `at ${count(view.position)}` : `${count(view.behind)} behind`}</span>`
        : html`<span class="stopped">${view.stopped}</span>`}</li>`)}</ul></details>`;
  }

  override render() {
    const { health } = this;
    const disk = health && diskWords(health);
    return html`<div class="page">
      ${this.#headline()}
      ${health && health.says.length > 0 ? html`<ul class="wrongs" aria-label="What needs you">${health.says.map((says) => html`<li>${icon('triangle-alert', 16)}<span>${says}</span></li>`)}</ul>` : nothing}
      <div class="cards">
        ${this.#card('Log', 'database', health && logWords(health), health ? sparkLine(health.log.flushesMs) : nothing)}
        ${this.#card('Views', 'layers', health && viewsWords(health), sparkLine(this.#furthestBehind))}
        ${this.#card('Record', 'shield-check', health && recordWords(health), health ? sparkLine([health.record.foreign]) : nothing)}
        ${this.#card('Disk', 'hard-drive', disk, disk ? fillBar(disk.used, disk.reserve) : nothing)}
      </div>
      ${health ? this.#views(health) : nothing}
      <people-page></people-page>
    </div>`;
  }
}
customElements.define('health-page', HealthPage);
