import { html } from 'lit';
import { inviteToGroup, inviteToSpace, readConversation, readSpace } from '#src/contract/conversations.ts';
import { limits } from '#src/contract/limits.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { FormDialog } from './form-dialog.ts';
import './people-picker.ts';

/** Invites people to a group (`conversationId`) or to a space (`spaceId`). */
export class InviteDialog extends FormDialog {
  static override properties = { conversationId: {}, spaceId: {}, members: { state: true }, picked: { state: true } };
  declare conversationId: string | undefined;
  declare spaceId: string | undefined;
  declare members: readonly string[];
  declare picked: readonly string[];

  constructor() {
    super();
    this.members = [];
    this.picked = [];
  }
  override async connectedCallback(): Promise<void> {
    super.connectedCallback();
    const answer = this.spaceId ? await call(readSpace, { spaceId: this.spaceId }) : await call(readConversation, { conversationId: this.conversationId! });
    if (answer.ok) this.members = answer.output.members.map(({ account }) => account);
  }
  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('people-picker')?.focus();
  }

  #invite = async (): Promise<void> => {
    if (this.busy || this.picked.length === 0) return;
    this.busy = true;
    const refused: string[] = [];
    const faults: string[] = [];
    for (const account of this.picked) {
      const answer = this.spaceId ? await call(inviteToSpace, { spaceId: this.spaceId, account }) : await call(inviteToGroup, { conversationId: this.conversationId!, account });
      if (answer.ok || answer.code === 'already-a-member') continue;
      refused.push(account);
      faults.push(`${workspace.directory.nameOf(account)}: ${answer.sentence}`);
    }
    this.busy = false;
    const done = this.picked.length - refused.length;
    if (done > 0) toast(done === 1 ? `${workspace.directory.nameOf(this.picked.find((account) => !refused.includes(account))!)} is in.` : `${done} people are in.`);
    this.fault = faults.join(' ');
    this.picked = refused;
    if (refused.length === 0) this.close();
  };

  override render() {
    const isGroup = this.conversationId !== undefined;
    const most = isGroup ? (workspace.me?.settings.groupMembersMax ?? 5) : limits.spaceInvitesMax;
    const help = isGroup ? `${this.members.length} of ${most} places are taken. Who comes in can read what was said before.` : 'They find its channels and join those they want.';
    return html`<hansard-dialog heading="Invite people" steady>
      <div class="stack">${this.faultLine()}
        <people-picker .help=${help} .most=${isGroup ? most - this.members.length : most} .without=${this.members} .picked=${this.picked} @changed=${(event: CustomEvent<readonly string[]>) => (this.picked = event.detail)}></people-picker></div>
      ${this.actions(this.picked.length > 1 ? `Invite ${this.picked.length}` : 'Invite', 'primary', this.#invite, this.picked.length > 0)}
    </hansard-dialog>`;
  }
}
customElements.define('invite-dialog', InviteDialog);
