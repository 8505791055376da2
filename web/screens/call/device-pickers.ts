import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Choices } from '../../calls/choices.ts';
import { canChooseSpeaker, devices, lookAtDevices, watchDevices } from '../../calls/devices.ts';
import { playTone } from '../../calls/tones.ts';
import { StoreController } from '../../client/store.ts';
import { callIcon } from '../../elements/call-icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';

const noneValue = 'none';

/** Which microphone, camera and speaker; "None" among them. Fires `chosen` with the new choices, and plays a sound where the speaker is. */
export class DevicePickers extends LitElement {
  static override properties = { choices: { attribute: false }, faults: { attribute: false }, sounding: { state: true } };
  declare choices: Choices;
  declare faults: Readonly<Partial<Record<string, string>>>;
  declare sounding: boolean;
  #endOfWatching = (): void => undefined;

  constructor() {
    super();
    this.faults = {};
    this.sounding = false;
    new StoreController(this, devices);
  }
  static override styles = [base, buttons, fields, css`
    :host { display: grid; gap: var(--space-3); }
    .speaker { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: var(--space-2); align-items: end; }
    .speaker .button { min-block-size: 2.25rem; }
    @media (pointer: coarse) { .speaker .button { min-block-size: 2.75rem; } }
  `];
  override connectedCallback(): void {
    super.connectedCallback();
    void lookAtDevices();
    this.#endOfWatching = watchDevices(() => undefined);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endOfWatching();
  }

  #choose(what: Partial<Choices>): void {
    this.dispatchEvent(new CustomEvent<Choices>('chosen', { detail: { ...this.choices, ...what } }));
  }
  #test = (): void => {
    this.sounding = true;
    playTone('test', this.choices.speaker);
    setTimeout(() => (this.sounding = false), 1_600);
  };

  #picker(name: string, known: readonly MediaDeviceInfo[], value: string | null, mayBeNone: boolean, chosen: (value: string | null) => void): TemplateResult {
    const gone = value !== null && value !== '' && !known.some(({ deviceId }) => deviceId === value);
    return html`<label class="field"><span class="name">${name}</span>
      <select class="input" @change=${(event: Event) => chosen((event.target as HTMLSelectElement).value === noneValue ? null : (event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${value === ''}>The system’s own</option>
        ${known.map(({ deviceId, label }, at) => html`<option value=${deviceId} ?selected=${value === deviceId}>${label || `${name} ${at + 1}`}</option>`)}
        ${gone ? html`<option value=${value} selected>Not plugged in now</option>` : nothing}
        ${mayBeNone ? html`<option value=${noneValue} ?selected=${value === null}>None</option>` : nothing}
      </select>
      ${this.faults[name.toLowerCase()] ? html`<span class="fault" role="alert">${this.faults[name.toLowerCase()]}</span>` : nothing}</label>`;
  }

  override render() {
    const { microphones, cameras, speakers } = devices.value;
    return html`
      ${this.#picker('Microphone', microphones, this.choices.microphone, true, (microphone) => this.#choose({ microphone }))}
      ${this.choices.audioOnly ? nothing : this.#picker('Camera', cameras, this.choices.camera, true, (camera) => this.#choose({ camera }))}
      <div class="speaker">${canChooseSpeaker() ? this.#picker('Speaker', speakers, this.choices.speaker, false, (speaker) => this.#choose({ speaker: speaker ?? '' })) : html`<p class="field"><span class="name">Speaker</span><span class="help">This browser plays where the system does.</span></p>`}
        <button type="button" class="button" ?disabled=${this.sounding} @click=${this.#test}>${callIcon('volume-2')}${this.sounding ? 'Playing…' : 'Test'}</button></div>`;
  }
}
customElements.define('device-pickers', DevicePickers);
