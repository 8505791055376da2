import { css, html, nothing, type CSSResultGroup } from 'lit';
import { route, type Route } from '../../app/router.ts';
import { openDialog } from '../../app/shell-state.ts';
import { FormDialog } from './form-dialog.ts';

type Help = { readonly heading: string; readonly says: readonly string[] };

const inConversation: Help = {
  heading: 'In a conversation',
  says: [
    'Enter sends, Shift Enter begins a new line. What you write without a connection waits here and goes out in order.',
    'One check mark: your message is in the record. Two: every other member has had it on screen. Rest on the mark for who and when.',
    'You can edit or retract what you wrote. The others see that you did; the record keeps the first version for compliance officers.',
    'Press the arrow up in an empty field to edit your last message, @ to mention somebody.',
  ],
};
const help: Readonly<Partial<Record<Route['screen'], Help>>> = {
  conversation: inConversation,
  window: inConversation,
  home: {
    heading: 'Your conversations',
    says: [
      'The list shows direct chats and groups by recent activity, then your spaces with their channels. Green counts are meant for you, grey ones are merely new.',
      'Ctrl K finds a person, group or channel by a few letters of its name.',
      'Press your name below the list to choose how others see you. Offline hides you and keeps everything quiet; what is said meanwhile waits for you.',
    ],
  },
  space: { heading: 'In a space', says: ['Members join and leave its channels by themselves; only the space’s administrators invite people, open and close channels, and name the space.', 'A channel that you leave keeps what was said. You can come back to it.'] },
  search: { heading: 'Searching your conversations', says: ['Words find messages that have all of them; "quotation marks" keep them together; a star at the end finds beginnings.', 'Narrow with from:name, in:title, before:2026-11-01 and after:2026-10-01.', 'A hit opens in its place in the conversation.'] },
  archive: { heading: 'In the archive', says: ['Every inquiry begins with a reason. Each search and each opened hit is recorded before you see the answer.', 'You find first versions of edited messages and what was retracted, also in conversations that are closed.', 'J and K go from hit to hit. Close the inquiry when you are done.'] },
  audit: { heading: 'In the audit log', says: ['It shows sign-ins, refusals, changes of roles and settings, inquiries, exports and downloads, newest first.', 'That you looked at it is recorded too.'] },
  administration: { heading: 'Running the appliance', says: ['Open, suspend and restore accounts, and hand over one-time links with which people set their passwords.', 'You cannot read conversations, and you cannot make yourself a compliance officer alone.', 'Health says what is wrong and what to do about it.'] },
};

/** A few sentences about the screen that is open. */
export class HelpDialog extends FormDialog {
  static override styles: CSSResultGroup = [FormDialog.styles, css`li { color: var(--ink-2); } li + li { margin-block-start: var(--space-3); }`];

  override render() {
    const about = help[route.value.screen];
    return html`<hansard-dialog heading=${about?.heading ?? 'Help'}>
      ${about ? html`<ul>${about.says.map((sentence) => html`<li>${sentence}</li>`)}</ul>` : nothing}
      <button slot="actions" class="button" @click=${() => openDialog({ is: 'shortcuts' })}>Keyboard shortcuts</button></hansard-dialog>`;
  }
}
customElements.define('help-dialog', HelpDialog);
