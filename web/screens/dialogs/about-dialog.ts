import { html, nothing } from 'lit';
import { welcome } from '#src/contract/accounts.ts';
import { call } from '../../client/call.ts';
import { FormDialog } from './form-dialog.ts';

/** What this is, which version serves, and under which licence. */
export class AboutDialog extends FormDialog {
  static override properties = { ...FormDialog.properties, version: { state: true } };
  declare version: string;

  constructor() {
    super();
    this.version = '';
  }
  override async connectedCallback(): Promise<void> {
    super.connectedCallback();
    const answer = await call(welcome, {}, { overHttp: true });
    if (answer.ok) this.version = answer.output.version;
    else this.fault = answer.sentence;
  }

  override render() {
    return html`<hansard-dialog heading="About Hansard"><div class="stack">${this.faultLine()}
      <p>Messaging for organisations that must be able to prove what was said.</p>
      <p class="says">${this.version ? html`Version ${this.version}. ` : nothing}Licensed under the Apache License, Version 2.0. It comes without warranty of any kind.</p>
      <p class="says">The drawings are Lucide’s (ISC licence), the typefaces Source Sans and Source Serif (SIL Open Font License).</p></div></hansard-dialog>`;
  }
}
customElements.define('about-dialog', AboutDialog);
