import { html, LitElement } from 'lit';
import type { Choices } from '../../calls/choices.ts';
import { liveCall } from '../../calls/live-call.ts';
import '../../elements/hansard-dialog.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import './device-pickers.ts';

/** Devices in a call. What is chosen here holds from Done on, and not before. */
export class CallDevices extends LitElement {
  static override properties = { choices: { state: true } };
  declare choices: Choices;

  constructor() {
    super();
    this.choices = liveCall.own.choices;
  }
  static override styles = [base, buttons];

  #close(): void {
    this.renderRoot.querySelector<HTMLElement & { close(): void }>('hansard-dialog')?.close();
  }
  #done = async (): Promise<void> => {
    this.#close();
    await liveCall.useDevices(this.choices);
  };
  override render() {
    return html`<hansard-dialog heading="Devices" steady>
      <device-pickers .choices=${this.choices} .faults=${liveCall.own.faults.value} @chosen=${({ detail }: CustomEvent<Choices>) => (this.choices = detail)}></device-pickers>
      <button slot="actions" class="button" @click=${() => this.#close()}>Cancel</button>
      <button slot="actions" class="button primary" @click=${this.#done}>Done</button>
    </hansard-dialog>`;
  }
}
customElements.define('call-devices', CallDevices);
