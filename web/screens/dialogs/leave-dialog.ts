import { html } from 'lit';
import { closeChannel, leaveConversation, leaveSpace } from '#src/contract/conversations.ts';
import { navigate } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import { icon, type IconName } from '../../elements/icons.ts';
import { FormDialog } from './form-dialog.ts';

type Parting = { readonly heading: string; readonly act: string; readonly lost: string; readonly kept: string; readonly back: string };

/** Leaving a group, channel or space, or closing a channel: what is lost and what is kept, before it is done. */
export class LeaveDialog extends FormDialog {
  static override properties = { what: {}, subject: {} };
  declare what: 'leave-conversation' | 'leave-space' | 'close-channel';
  /** Id of the conversation or space. */
  declare subject: string;

  #parting(): Parting {
    const conversation = workspace.conversation(this.subject);
    const space = workspace.conversations.value?.spaces.find(({ spaceId }) => spaceId === this.subject);
    const kept = 'What was said stays in the record, yours too.';
    if (this.what === 'leave-space')
      return { heading: `Leave ${space?.name ?? 'this space'}`, act: 'Leave space', lost: 'You leave the space and all its channels, and read them no more.', kept, back: 'An administrator of the space can invite you again. If you are its last administrator, appoint another first.' };
    const title = conversation ? workspace.titleOf(conversation) : 'this conversation';
    if (this.what === 'close-channel')
      return { heading: `Close ${title}`, act: 'Close channel', lost: 'Nobody can write in it any more.', kept: 'Its members can still read it, and the record keeps it.', back: 'It cannot be opened again; a new channel can take its name.' };
    if (conversation?.kind === 'group')
      return { heading: `Leave ${title}`, act: 'Leave group', lost: conversation.memberCount === 1 ? 'You are the last member: the group closes.' : 'You read the group no more.', kept, back: conversation.memberCount === 1 ? 'A closed group stays closed.' : 'Any member can invite you again.' };
    return { heading: `Leave ${title}`, act: 'Leave channel', lost: 'It leaves your list, and you are told of nothing new in it.', kept, back: 'You can join it again while you are in the space.' };
  }

  #leave = async (): Promise<void> => {
    const { subject } = this;
    const done = await this.act(() =>
      this.what === 'leave-space' ? call(leaveSpace, { spaceId: subject }) : this.what === 'close-channel' ? call(closeChannel, { conversationId: subject }) : call(leaveConversation, { conversationId: subject }));
    if (done && this.what !== 'close-channel') navigate('/');
  };

  override render() {
    const { heading, act, lost, kept, back } = this.#parting();
    const line = (drawing: IconName, says: string) => html`<li>${icon(drawing, 16)}<span>${says}</span></li>`;
    return html`<hansard-dialog .heading=${heading}>
      <div class="stack">${this.faultLine()}<ul class="kept">${line('door-open', lost)}${line('landmark', kept)}${line('undo-2', back)}</ul></div>
      ${this.actions(act, 'danger', this.#leave)}
    </hansard-dialog>`;
  }
}
customElements.define('leave-dialog', LeaveDialog);
