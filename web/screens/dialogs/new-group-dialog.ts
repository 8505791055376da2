import { html } from 'lit';
import { openGroup } from '#src/contract/conversations.ts';
import { limits } from '#src/contract/limits.ts';
import { navigate, pathOfConversation } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { newId } from '../../client/new-id.ts';
import { workspace } from '../../client/workspace.ts';
import { FormDialog } from './form-dialog.ts';
import './people-picker.ts';

/** A title and a few people. The limit is named before anybody runs into it. */
export class NewGroupDialog extends FormDialog {
  readonly #conversationId = newId();
  #members: readonly string[] = [];

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const title = String(new FormData(event.target as HTMLFormElement).get('title'));
    const conversationId = this.#conversationId;
    if (await this.act(() => call(openGroup, { conversationId, title, members: [...this.#members] }))) navigate(pathOfConversation(conversationId));
  };

  override render() {
    const most = workspace.me?.settings.groupMembersMax ?? 5;
    return html`<hansard-dialog heading="New group" steady>
      <form @submit=${this.#submit}>
        ${this.faultLine()}
        <label class="field"><span class="name">Title</span><input class="input" name="title" dir="auto" required maxlength=${limits.titleMax} autocomplete="off" autofocus></label>
        <people-picker .help="A group has at most ${most} members, you among them. Any member can invite." .most=${most - 1} .without=${workspace.me ? [workspace.me.account] : []} @changed=${(event: CustomEvent<readonly string[]>) => (this.#members = event.detail)}></people-picker>
      </form>
      ${this.actions('Open group')}
    </hansard-dialog>`;
  }
}
customElements.define('new-group-dialog', NewGroupDialog);
