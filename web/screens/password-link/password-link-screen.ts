import { html, type TemplateResult } from 'lit';
import { usePasswordLink } from '#src/contract/accounts.ts';
import { limits } from '#src/contract/limits.ts';
import type { Answer, Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { navigate } from '../../app/router.ts';
import { EntranceForm } from '../sign-in/entrance-form.ts';

/** Sets a password with a one-time link that an administrator handed over. */
export class PasswordLinkScreen extends EntranceForm {
  protected readonly heading = 'Set your password';
  protected readonly says = 'Every session you have open ends; you sign in afterwards with the new password.';
  protected readonly act = 'Set password';
  protected readonly over = { heading: 'This link works no more', says: 'It has been used, or its time is over. An administrator can make you another one.' };

  override willUpdate(): void {
    if (!this.token) this.spent = true;
  }
  protected override refused(refusal: Refusal): void {
    if (refusal.code === 'link-spent') this.spent = true;
    else super.refused(refusal);
  }
  protected ask(form: FormData): Promise<Answer<unknown>> | undefined {
    const password = String(form.get('password'));
    if (password === String(form.get('again'))) return this.#spend(password);
    this.fault = 'The two passwords differ.';
    return undefined;
  }
  async #spend(password: string): Promise<Answer<unknown>> {
    const answer = await call(usePasswordLink, { token: this.token, password }, { commandId: this.commandId });
    if (answer.ok) navigate(`/sign-in?name=${encodeURIComponent(answer.output.signInName)}`, { replace: true });
    return answer;
  }

  protected fields(): TemplateResult {
    return html`${this.newPassword('New password')}
      <label class="field"><span class="name">The same again</span><input class="input" name="again" type="password" autocomplete="new-password" required maxlength=${limits.passwordMax}></label>`;
  }
}
customElements.define('password-link-screen', PasswordLinkScreen);
