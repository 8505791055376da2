import { html, type TemplateResult } from 'lit';
import { openFirstAccount, welcome } from '#src/contract/accounts.ts';
import { limits } from '#src/contract/limits.ts';
import type { Answer } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import { navigate } from '../../app/router.ts';
import { EntranceForm } from '../sign-in/entrance-form.ts';

/** Makes the first administrator with the one-time link that the appliance printed. */
export class FirstAccountScreen extends EntranceForm {
  protected readonly heading = 'The first administrator';
  protected readonly says = 'You will run the appliance: accounts, settings, health. Conversations of others are not yours to read, and making you one of its compliance officers is not in your hands.';
  protected readonly act = 'Open the account';
  protected readonly over = { heading: 'This link has been used', says: 'The first administrator exists already. Everybody else gets an account from an administrator.' };

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#welcome();
  }
  async #welcome(): Promise<void> {
    const answer = await call(welcome, {}, { overHttp: true });
    if (!answer.ok) return;
    this.notice = answer.output.notice;
    this.spent = !answer.output.firstAccountWanted;
  }

  protected async ask(form: FormData): Promise<Answer<unknown>> {
    const input = { token: this.token, signInName: String(form.get('name')).trim().toLowerCase(), displayName: String(form.get('display')).trim(), password: String(form.get('password')) };
    const answer = await call(openFirstAccount, input, { commandId: this.commandId });
    if (!answer.ok) return answer;
    navigate('/', { replace: true });
    await workspace.entered(answer.output);
    return answer;
  }

  protected fields(): TemplateResult {
    return html`<label class="field"><span class="name">Your name</span><input class="input" name="display" autocomplete="name" dir="auto" required maxlength=${limits.displayNameMax}></label>
      <label class="field"><span class="name">Sign-in name</span><input class="input" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength=${limits.signInNameMax} pattern="[a-zA-Z0-9][a-zA-Z0-9._\\-]*" title="Letters a to z, digits, dot, underscore and hyphen">
        <span class="help">Letters, digits, dot, underscore, hyphen. It never changes.</span></label>
      ${this.newPassword('Password')}`;
  }
}
customElements.define('first-account-screen', FirstAccountScreen);
