import { css, html, LitElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { listSettings } from '#src/contract/administration.ts';
import type { Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { archiveStyles } from '../archive/archive-styles.ts';
import './setting-row.ts';
import type { Setting } from './setting-row.ts';

/** What is set for the whole workspace, by whom, and what it would be otherwise. */
export class SettingsPage extends LitElement {
  static override properties = { settings: { state: true }, failure: { state: true } };
  declare settings: readonly Setting[] | undefined;
  declare failure: Refusal | undefined;

  constructor() {
    super();
    this.settings = undefined;
    this.failure = undefined;
  }

  static override styles = [base, buttons, surfaces, archiveStyles, css`
    :host { display: block; padding: var(--space-5) var(--space-6) var(--space-7); }
    .page { max-inline-size: 60rem; margin-inline: auto; container-type: inline-size; }
    header { padding-block-end: var(--space-2); border-block-end: 1px solid var(--rule-strong); }
    .skeleton { block-size: 2.5rem; margin-block: var(--space-4); }
    @media (max-width: 719px) { :host { padding: var(--space-4); } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }
  #load = async (): Promise<void> => {
    this.failure = undefined;
    const answer = await call(listSettings, {});
    if (answer.ok) this.settings = answer.output.settings;
    else this.failure = answer;
  };

  #content(): TemplateResult {
    if (this.failure && !this.settings) return html`<div class="trouble" role="alert"><strong>The settings could not be read.</strong><p>${this.failure.sentence}</p><button class="button" @click=${this.#load}>Try again</button></div>`;
    if (!this.settings) return html`<div aria-busy="true">${[0, 1, 2, 3, 4].map(() => html`<span class="skeleton"></span>`)}</div>`;
    return html`${repeat(this.settings, (setting) => setting.name, (setting) => html`<setting-row .setting=${setting} @saved=${this.#load}></setting-row>`)}`;
  }

  override render() {
    return html`<div class="page"><header><h1 class="record-title">Settings</h1><p class="small">For the whole workspace. Every change is in the audit log.</p></header>${this.#content()}</div>`;
  }
}
customElements.define('settings-page', SettingsPage);
