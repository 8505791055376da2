import { html, LitElement, nothing } from 'lit';
import { usePasswordLink } from '#src/contract/accounts.ts';
import { limits } from '#src/contract/limits.ts';
import { call } from '../../client/call.ts';
import { newId } from '../../client/new-id.ts';
import { navigate } from '../../app/router.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { entrance } from '../sign-in/entrance.ts';

/** Sets a password with a one-time link that an administrator handed over. */
export class PasswordLinkScreen extends LitElement {
  static override properties = { token: {}, fault: { state: true }, spent: { state: true }, busy: { state: true } };
  declare token: string;
  declare fault: string;
  declare spent: boolean;
  declare busy: boolean;
  readonly #commandId = newId();

  constructor() {
    super();
    this.token = '';
    this.fault = '';
    this.spent = false;
    this.busy = false;
  }

  static override styles = [base, buttons, fields, entrance];

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Set your password – Hansard';
  }

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    const form = new FormData(event.target as HTMLFormElement);
    const password = String(form.get('password'));
    if (password !== String(form.get('again'))) {
      this.fault = 'The two passwords differ.';
      return;
    }
    this.busy = true;
    this.fault = '';
    const answer = await call(usePasswordLink, { token: this.token, password }, { commandId: this.#commandId });
    this.busy = false;
    if (answer.ok) navigate(`/sign-in?name=${encodeURIComponent(answer.output.signInName)}`, { replace: true });
    else if (answer.code === 'link-spent') this.spent = true;
    else this.fault = answer.sentence;
  };

  override render() {
    if (this.spent || !this.token) return html`<main><div><p class="wordmark">Hansard</p><h1>This link works no more</h1></div><p class="says">It has been used, or its time is over. An administrator can make you another one.</p><a class="button" href="/sign-in">Sign in</a></main>`;
    return html`<main>
      <div><p class="wordmark">Hansard</p><h1>Set your password</h1></div>
      <p class="says">Every session you have open ends; you sign in afterwards with the new password.</p>
      <form @submit=${this.#submit}>
        ${this.fault ? html`<p class="fault" role="alert">${icon('circle-alert', 17)}<span>${this.fault}</span></p>` : nothing}
        <label class="field"><span class="name">New password</span><input class="input" name="password" type="password" autocomplete="new-password" required minlength=${limits.passwordMin} maxlength=${limits.passwordMax}>
          <span class="help">At least ${limits.passwordMin} characters. A sentence does well.</span></label>
        <label class="field"><span class="name">The same again</span><input class="input" name="again" type="password" autocomplete="new-password" required maxlength=${limits.passwordMax}></label>
        <button class="button primary wide" ?disabled=${this.busy}>Set password</button>
      </form>
    </main>`;
  }
}
customElements.define('password-link-screen', PasswordLinkScreen);
