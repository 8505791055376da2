import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { clearSetting, putSetting, type listSettings, settingsCatalogue } from '#src/contract/administration.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { call } from '../../client/call.ts';
import { bytesOf } from '../../elements/file-size.ts';
import { icon } from '../../elements/icons.ts';
import { count, fullTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { archiveStyles } from '../archive/archive-styles.ts';
import { bytesAtMost, faultWords, settingTitles, settingUnits } from './setting-titles.ts';

export type Setting = OutputOf<typeof listSettings>['settings'][number];

/** Longer texts are written in a field of several lines. */
const longTextFrom = 60;

/** One setting: value, default, who changed it and when. Fires `saved` when it was put or cleared. */
export class SettingRow extends LitElement {
  static override properties = { setting: { attribute: false }, draft: { state: true }, saving: { state: true }, failed: { state: true } };
  declare setting: Setting;
  declare draft: string | undefined;
  declare saving: boolean;
  declare failed: string;

  constructor() {
    super();
    this.draft = undefined;
    this.saving = false;
    this.failed = '';
  }

  static override styles = [base, buttons, fields, archiveStyles, css`
    :host { display: block; border-block-end: 1px solid var(--rule); padding-block: var(--space-4); }
    .row { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr) 12rem; gap: var(--space-2) var(--space-5); align-items: start; }
    h2 { font-size: var(--text-m); font-weight: 600; }
    .value { overflow-wrap: anywhere; white-space: pre-wrap; }
    .acts { display: flex; gap: var(--space-2); flex-wrap: wrap; justify-content: flex-end; }
    form { display: grid; gap: var(--space-2); grid-column: 2 / -1; }
    form .acts { justify-content: flex-start; }
    .number { display: flex; align-items: center; gap: var(--space-2); }
    .number .input { inline-size: 8rem; }
    @container (max-width: 639px) { .row { grid-template-columns: minmax(0, 1fr); } form { grid-column: 1; } .acts { justify-content: flex-start; } }
  `];

  #words(value: unknown): string {
    if (typeof value === 'boolean') return value ? 'On' : 'Off';
    if (typeof value !== 'number') return String(value) || 'None';
    const unit = settingUnits[this.setting.name];
    return unit === bytesAtMost ? `${bytesOf(value)} at most (${count(value)} bytes)` : [count(value), unit].filter(Boolean).join(' ');
  }
  get #isNumber(): boolean {
    return typeof this.setting.default === 'number';
  }
  /** The value the draft stands for, or why it is none. */
  #read(draft: string): { readonly value: string | number | boolean } | { readonly fault: string } {
    const parsed = settingsCatalogue[this.setting.name].schema.safeParse(this.#isNumber ? (draft.trim() === '' ? undefined : Number(draft)) : draft);
    return parsed.success ? { value: parsed.data } : { fault: faultWords(parsed.error.issues[0]) };
  }

  #edit = async (): Promise<void> => {
    this.failed = '';
    this.draft = String(this.setting.value);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.input')?.focus();
  };
  #leave = async (): Promise<void> => {
    this.draft = undefined;
    this.failed = '';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.edit')?.focus();
  };
  #save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const read = this.#read(this.draft ?? '');
    if ('fault' in read) {
      this.failed = read.fault;
      return;
    }
    await this.#send(call(putSetting, { name: this.setting.name, value: read.value }, { once: true }));
  };
  async #send(asking: ReturnType<typeof call<typeof putSetting>>): Promise<void> {
    this.saving = true;
    this.failed = '';
    const answer = await asking;
    this.saving = false;
    if (!answer.ok) {
      this.failed = answer.sentence;
      return;
    }
    this.dispatchEvent(new CustomEvent('saved'));
    await this.#leave();
  }

  #form(draft: string): TemplateResult {
    const input = (event: Event): void => {
      this.draft = (event.target as HTMLInputElement).value;
      this.failed = '';
    };
    const label = settingTitles[this.setting.name];
    const unit = settingUnits[this.setting.name];
    const long = String(this.setting.default).length >= longTextFrom || draft.length >= longTextFrom;
    return html`<form @submit=${this.#save} @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && void this.#leave()}>
      ${this.#isNumber
        ? html`<label class="number"><input class="input" type="number" step="1" aria-label=${label} .value=${draft} aria-invalid=${this.failed ? 'true' : 'false'} @input=${input}><span class="small">${unit}</span></label>`
        : long
          ? html`<textarea class="input" dir="auto" rows="3" aria-label=${label} .value=${draft} aria-invalid=${this.failed ? 'true' : 'false'} @input=${input}></textarea>`
          : html`<input class="input" dir="auto" aria-label=${label} .value=${draft} aria-invalid=${this.failed ? 'true' : 'false'} @input=${input}>`}
      ${this.failed ? html`<p class="fault" role="alert">${icon('circle-alert', 16)}${this.failed}</p>` : nothing}
      <div class="acts"><button class="button primary" ?disabled=${this.saving}>Save</button><button class="button" type="button" @click=${this.#leave}>Cancel</button></div></form>`;
  }

  /** What is on or off needs no form. */
  #turn(to: boolean): TemplateResult {
    const words = to ? 'Turn on' : 'Turn off';
    return html`<button class="button edit" ?disabled=${this.saving} aria-label="${words}: ${settingTitles[this.setting.name]}" @click=${() => this.#send(call(putSetting, { name: this.setting.name, value: to }, { once: true }))}>${words}</button>`;
  }

  override render() {
    const { setting, draft } = this;
    const changed = setting.changedAt === null ? '' : `${setting.changedBy ?? 'Somebody'}, ${fullTime(setting.changedAt)}`;
    return html`<div class="row">
      <div><h2>${settingTitles[setting.name]}</h2><p class="small">${setting.says}</p></div>
      ${draft === undefined ? html`
        <div><p class="value" dir="auto">${this.#words(setting.value)}</p>
          <p class="small">${setting.set ? html`Default: <bdi>${this.#words(setting.default)}</bdi>` : 'The default'}${changed ? html` · <bdi>${changed}</bdi>` : nothing}</p>
          ${this.failed ? html`<p class="fault" role="alert">${icon('circle-alert', 16)}${this.failed}</p>` : nothing}</div>
        <div class="acts">${setting.set ? html`<button class="button quiet" ?disabled=${this.saving} aria-label="${settingTitles[setting.name]}: back to the default" @click=${() => this.#send(call(clearSetting, { name: setting.name }, { once: true }))}>${icon('undo-2')}Default</button>` : nothing}
          ${typeof setting.value === 'boolean' ? this.#turn(!setting.value) : html`<button class="button edit" aria-label="Change ${settingTitles[setting.name]}" @click=${this.#edit}>Change</button>`}</div>` : this.#form(draft)}
    </div>`;
  }
}
customElements.define('setting-row', SettingRow);
