import { html } from 'lit';
import { limits } from '#src/contract/limits.ts';
import { titleConversation, titleSpace } from '#src/contract/conversations.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import { FormDialog } from './form-dialog.ts';

/** Another title and topic for a group or channel (`conversationId`), or name and topic for a space (`spaceId`). */
export class TitleDialog extends FormDialog {
  static override properties = { conversationId: {}, spaceId: {} };
  declare conversationId: string | undefined;
  declare spaceId: string | undefined;

  get #now(): { readonly title: string; readonly topic: string } {
    const space = workspace.conversations.value?.spaces.find(({ spaceId }) => spaceId === this.spaceId);
    return space ? { title: space.name, topic: space.topic } : (workspace.conversation(this.conversationId ?? '') ?? { title: '', topic: '' });
  }
  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const [title, topic] = [String(form.get('title')), String(form.get('topic'))];
    const { spaceId } = this;
    await this.act(() => (spaceId ? call(titleSpace, { spaceId, name: title, topic }) : call(titleConversation, { conversationId: this.conversationId!, title, topic })));
  };

  override render() {
    const { title, topic } = this.#now;
    const word = this.spaceId ? 'Name' : 'Title';
    return html`<hansard-dialog heading="${word} and topic" steady>
      <form @submit=${this.#submit}>
        ${this.faultLine()}
        <label class="field"><span class="name">${word}</span><input class="input" name="title" dir="auto" .defaultValue=${title} required maxlength=${limits.titleMax} autocomplete="off" autofocus></label>
        <label class="field"><span class="name">Topic <span class="optional">(optional)</span></span><textarea class="input" name="topic" dir="auto" rows="2" .defaultValue=${topic} maxlength=${limits.topicMax}></textarea></label>
        <p class="says">Earlier ones stay in the record; everybody sees the change.</p>
      </form>
      ${this.actions('Save')}
    </hansard-dialog>`;
  }
}
customElements.define('title-dialog', TitleDialog);
