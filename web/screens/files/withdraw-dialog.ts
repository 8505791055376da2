import { css, html, type CSSResultGroup } from 'lit';
import { withdrawFile } from '#src/contract/files.ts';
import { call } from '../../client/call.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon, type IconName } from '../../elements/icons.ts';
import { FormDialog } from '../dialogs/form-dialog.ts';

/** Withdrawing a file of one's own: what is lost and what is kept, before it is done. */
export class WithdrawDialog extends FormDialog {
  static override properties = { conversationId: {}, fileId: {}, name: {} };
  declare conversationId: string;
  declare fileId: string;
  declare name: string;

  static override styles: CSSResultGroup = [FormDialog.styles, css`.said { padding: 0.5rem 0.75rem; border-inline-start: 3px solid var(--rule-strong); color: var(--ink-2); overflow-wrap: anywhere; }`];

  #withdraw = async (): Promise<void> => {
    const done = await this.act(() => call(withdrawFile, { conversationId: this.conversationId, fileId: this.fileId }));
    if (!done) return;
    toast('Withdrawn. A note stays in its place.');
    dispatchEvent(new CustomEvent('file-withdrawn', { detail: this.fileId }));
  };

  override render() {
    const line = (drawing: IconName, says: string) => html`<li>${icon(drawing, 16)}<span>${says}</span></li>`;
    return html`<hansard-dialog heading="Withdraw this file">
      <div class="stack">${this.faultLine()}<p class="said" dir="auto">${this.name}</p>
        <ul class="kept">
          ${line('eye-off', 'Nobody here can see or download it any more, and it cannot be brought back. Copies that people downloaded stay with them.')}
          ${line('landmark', 'A note stays in its place. The record keeps the file: compliance officers can open it.')}
          ${line('hard-drive', 'It keeps counting against what you may share.')}
        </ul></div>
      ${this.actions('Withdraw file', 'danger', this.#withdraw)}
    </hansard-dialog>`;
  }
}
customElements.define('withdraw-dialog', WithdrawDialog);
