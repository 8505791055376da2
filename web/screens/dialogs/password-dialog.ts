import { html } from 'lit';
import { changePassword } from '#src/contract/accounts.ts';
import { limits } from '#src/contract/limits.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { FormDialog } from './form-dialog.ts';

/** Changes one's own password; the other sessions end. */
export class PasswordDialog extends FormDialog {
  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const changing = { current: String(form.get('current')), next: String(form.get('next')) };
    if (await this.act(() => call(changePassword, changing))) toast('Your password is changed. Your other sessions have ended.');
  };
  override render() {
    return html`<hansard-dialog heading="Change password" steady>
      <form @submit=${this.#submit}>
        ${this.faultLine()}
        <input class="seen-by-readers-only" name="name" autocomplete="username" .defaultValue=${workspace.me?.signInName ?? ''} readonly tabindex="-1" aria-hidden="true">
        <label class="field"><span class="name">Present password</span><input class="input" type="password" name="current" autocomplete="current-password" required maxlength=${limits.passwordMax} autofocus></label>
        <label class="field"><span class="name">New password</span><input class="input" type="password" name="next" autocomplete="new-password" required minlength=${limits.passwordMin} maxlength=${limits.passwordMax}><span class="help">At least ${limits.passwordMin} characters. A sentence does well.</span></label>
      </form>
      ${this.actions('Change password')}
    </hansard-dialog>`;
  }
}
customElements.define('password-dialog', PasswordDialog);
