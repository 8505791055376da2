import { html } from 'lit';
import { openChannel } from '#src/contract/conversations.ts';
import { limits } from '#src/contract/limits.ts';
import { navigate, pathOfConversation } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { newId } from '../../client/new-id.ts';
import { workspace } from '../../client/workspace.ts';
import { FormDialog } from './form-dialog.ts';

/** Opens a channel in a space that one administers. */
export class NewChannelDialog extends FormDialog {
  static override properties = { spaceId: {} };
  declare spaceId: string;
  readonly #conversationId = newId();

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const opening = { spaceId: this.spaceId, conversationId: this.#conversationId, name: String(form.get('name')), topic: String(form.get('topic')) };
    if (await this.act(() => call(openChannel, opening))) navigate(pathOfConversation(this.#conversationId));
  };

  override render() {
    const space = workspace.conversations.value?.spaces.find(({ spaceId }) => spaceId === this.spaceId);
    return html`<hansard-dialog heading="New channel${space ? ` in ${space.name}` : ''}" steady>
      <form @submit=${this.#submit}>
        ${this.faultLine()}
        <label class="field"><span class="name">Name</span><input class="input" name="name" dir="auto" required maxlength=${limits.titleMax} autocomplete="off" autofocus><span class="help">Members of the space find it and join by themselves, with its whole history.</span></label>
        <label class="field"><span class="name">Topic <span class="optional">(optional)</span></span><textarea class="input" name="topic" dir="auto" rows="2" maxlength=${limits.topicMax}></textarea></label>
      </form>
      ${this.actions('Open channel')}
    </hansard-dialog>`;
  }
}
customElements.define('new-channel-dialog', NewChannelDialog);
