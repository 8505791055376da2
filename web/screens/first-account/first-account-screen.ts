import { html, LitElement, nothing } from 'lit';
import { openFirstAccount, welcome } from '#src/contract/accounts.ts';
import { limits } from '#src/contract/limits.ts';
import { call } from '../../client/call.ts';
import { newId } from '../../client/new-id.ts';
import { workspace } from '../../client/workspace.ts';
import { navigate } from '../../app/router.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { entrance } from '../sign-in/entrance.ts';

/** Makes the first administrator with the one-time link that the appliance printed. */
export class FirstAccountScreen extends LitElement {
  static override properties = { token: {}, notice: { state: true }, fault: { state: true }, spent: { state: true }, busy: { state: true } };
  declare token: string;
  declare notice: string;
  declare fault: string;
  declare spent: boolean;
  declare busy: boolean;
  readonly #commandId = newId();

  constructor() {
    super();
    this.token = '';
    this.notice = '';
    this.fault = '';
    this.spent = false;
    this.busy = false;
  }

  static override styles = [base, buttons, fields, entrance];

  override async connectedCallback(): Promise<void> {
    super.connectedCallback();
    document.title = 'First account – Hansard';
    const answer = await call(welcome, {}, { overHttp: true });
    if (!answer.ok) return;
    this.notice = answer.output.notice;
    this.spent = !answer.output.firstAccountWanted;
  }

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    const form = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    this.fault = '';
    const input = { token: this.token, signInName: String(form.get('name')).trim().toLowerCase(), displayName: String(form.get('display')).trim(), password: String(form.get('password')) };
    const answer = await call(openFirstAccount, input, { commandId: this.#commandId });
    this.busy = false;
    if (!answer.ok) {
      this.fault = answer.sentence;
      return;
    }
    navigate('/', { replace: true });
    await workspace.entered(answer.output);
  };

  override render() {
    if (this.spent) return html`<main><div><p class="wordmark">Hansard</p><h1>This link has been used</h1></div><p class="says">The first administrator exists already. Everybody else gets an account from an administrator.</p><a class="button" href="/sign-in">Sign in</a></main>`;
    return html`<main>
      <div><p class="wordmark">Hansard</p><h1>The first administrator</h1></div>
      <p class="says">You will run the appliance: accounts, settings, health. Conversations of others are not yours to read, and making you one of its compliance officers is not in your hands.</p>
      <form @submit=${this.#submit}>
        ${this.fault ? html`<p class="fault" role="alert">${icon('circle-alert', 17)}<span>${this.fault}</span></p>` : nothing}
        <label class="field"><span class="name">Your name</span><input class="input" name="display" autocomplete="name" dir="auto" required maxlength=${limits.displayNameMax}></label>
        <label class="field"><span class="name">Sign-in name</span><input class="input" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength=${limits.signInNameMax} pattern="[a-zA-Z0-9][a-zA-Z0-9._\\-]*" title="Letters a to z, digits, dot, underscore and hyphen">
          <span class="help">Letters, digits, dot, underscore, hyphen. It never changes.</span></label>
        <label class="field"><span class="name">Password</span><input class="input" name="password" type="password" autocomplete="new-password" required minlength=${limits.passwordMin} maxlength=${limits.passwordMax}>
          <span class="help">At least ${limits.passwordMin} characters. A sentence does well.</span></label>
        <button class="button primary wide" ?disabled=${this.busy}>Open the account</button>
      </form>
      <p class="notice">${icon('landmark', 16)}<span dir="auto">${this.notice || '\u00a0'}</span></p>
    </main>`;
  }
}
customElements.define('first-account-screen', FirstAccountScreen);
