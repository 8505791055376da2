import { html } from 'lit';
import { foundSpace, inviteToSpace } from '#src/contract/conversations.ts';
import { limits } from '#src/contract/limits.ts';
import { navigate, pathOfConversation } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { newId } from '../../client/new-id.ts';
import { workspace } from '../../client/workspace.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { FormDialog } from './form-dialog.ts';
import './people-picker.ts';

/** Founds a space; its General channel comes with it. */
export class NewSpaceDialog extends FormDialog {
  readonly #spaceId = newId();
  readonly #general = newId();
  #invited: readonly string[] = [];

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const founding = { spaceId: this.#spaceId, general: this.#general, name: String(form.get('name')), topic: String(form.get('topic')) };
    if (!(await this.act(() => call(foundSpace, founding)))) return;
    navigate(pathOfConversation(this.#general));
    const answers = await Promise.all(this.#invited.map((account) => call(inviteToSpace, { spaceId: this.#spaceId, account })));
    answers.forEach((answer, n) => !answer.ok && toast(`${workspace.directory.nameOf(this.#invited[n]!)} was not invited. ${answer.sentence}`, { danger: true }));
  };

  override render() {
    return html`<hansard-dialog heading="New space" steady>
      <form @submit=${this.#submit}>
        <p class="says">A space holds channels. Everybody in it joins the channels they want; you are its first administrator.</p>
        ${this.faultLine()}
        <label class="field"><span class="name">Name</span><input class="input" name="name" dir="auto" required maxlength=${limits.titleMax} autocomplete="off" autofocus><span class="help">No other space may have it.</span></label>
        <label class="field"><span class="name">Topic <span class="optional">(optional)</span></span><textarea class="input" name="topic" dir="auto" rows="2" maxlength=${limits.topicMax}></textarea></label>
        <people-picker label="Invite" .most=${limits.spaceInvitesMax} .without=${workspace.me ? [workspace.me.account] : []} @changed=${(event: CustomEvent<readonly string[]>) => (this.#invited = event.detail)}></people-picker>
      </form>
      ${this.actions('Found space')}
    </hansard-dialog>`;
  }
}
customElements.define('new-space-dialog', NewSpaceDialog);
