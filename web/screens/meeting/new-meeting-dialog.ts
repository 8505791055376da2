import { css, html, nothing, type CSSResultGroup, type PropertyDeclarations } from 'lit';
import { limits } from '#src/contract/limits.ts';
import { openMeeting } from '#src/contract/meetings.ts';
import { navigate, pathOfConversation } from '../../app/router.ts';
import { openDialog } from '../../app/shell-state.ts';
import { enterLobby } from '../../calls/rosters.ts';
import { call } from '../../client/call.ts';
import { newId } from '../../client/new-id.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-switch.ts';
import { icon } from '../../elements/icons.ts';
import { FormDialog } from '../dialogs/form-dialog.ts';
import '../dialogs/people-picker.ts';
import { attendeesIn, mailtoOf, type Attendee } from './addresses.ts';
import { inOnesList } from './ways-in.ts';
import { fullLink } from './full-link.ts';

/** A title, people of the house, addresses of others, and how guests come in. */
export class NewMeetingDialog extends FormDialog {
  static override properties: PropertyDeclarations = { ...FormDialog.properties, attendees: { state: true }, guests: { state: true }, admit: { state: true } };
  declare attendees: readonly Attendee[];
  declare guests: boolean;
  declare admit: boolean;
  readonly #conversationId = newId();
  #invited: readonly string[] = [];

  constructor() {
    super();
    this.attendees = [];
    this.guests = true;
    this.admit = false;
  }
  static override styles: CSSResultGroup = [FormDialog.styles, css`
    .attendees { display: grid; gap: 0.25rem; margin-block-start: 0.375rem; font-size: var(--text-s); }
    .attendees li { display: flex; flex-wrap: wrap; gap: 0.125rem 0.5rem; align-items: center; color: var(--ink-2); overflow-wrap: anywhere; }
    .attendees .wrong { color: var(--danger); }
    textarea { min-block-size: 4rem; resize: vertical; }
    .switches { display: grid; gap: var(--space-1); }
  `];

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const title = String(new FormData(event.target as HTMLFormElement).get('title'));
    if (this.attendees.some(({ why }) => why !== undefined)) return;
    const emails = this.attendees.map(({ address }) => address);
    const conversationId = this.#conversationId;
    const opened = await this.act(() => call(openMeeting, { conversationId, title, invited: [...this.#invited], emails, guests: this.guests, admit: this.guests && this.admit }));
    if (!opened) return;
    navigate(pathOfConversation(conversationId));
    await inOnesList(conversationId);
    await enterLobby(conversationId);
    openDialog({ is: 'meeting', conversationId });
    // Nothing sends mail here: the person's own program does, where there is one.
    if (emails.length > 0 && !opened.mailed && opened.link) location.href = mailtoOf(emails, title, fullLink(opened.link));
  };

  override render() {
    const faulty = this.attendees.filter(({ why }) => why !== undefined).length;
    return html`<hansard-dialog heading="New meeting" steady>
      <form @submit=${this.#submit}>
        ${this.faultLine()}
        <label class="field"><span class="name">Title</span><input class="input" name="title" dir="auto" required maxlength=${limits.titleMax} autocomplete="off" autofocus></label>
        <people-picker label="People of the house" .help=${'The meeting is in their list at once, and they are rung when you start the call.'} .most=${limits.meetingInvitesMax} .without=${workspace.me ? [workspace.me.account] : []} @changed=${(event: CustomEvent<readonly string[]>) => (this.#invited = event.detail)}></people-picker>
        <div class="field"><label class="name" for="emails">Others, by e-mail <span class="optional">optional</span></label>
          <textarea class="input" id="emails" rows="2" spellcheck="false" autocomplete="off" aria-describedby="attendees" @input=${(event: InputEvent) => (this.attendees = attendeesIn((event.target as HTMLTextAreaElement).value))}></textarea>
          <div id="attendees" role="status"><ul class="attendees">${this.attendees.map(({ address, why }) => html`<li class=${why ? 'wrong' : ''}>${icon(why ? 'circle-alert' : 'check', 15)}<span dir="ltr">${address}</span>${why ? html`<span>${why}</span>` : nothing}</li>`)}</ul></div></div>
        <div class="switches">
          <hansard-switch ?on=${this.guests} @changed=${({ detail }: CustomEvent<boolean>) => (this.guests = detail)}>Guests may come by the link</hansard-switch>
          <hansard-switch ?on=${this.guests && this.admit} ?disabled=${!this.guests} @changed=${({ detail }: CustomEvent<boolean>) => (this.admit = detail)}>I let them in one by one</hansard-switch>
        </div>
        <p class="help">The link works until ten minutes after you have left the call, unless the setting says otherwise.</p>
      </form>
      ${this.actions('Open meeting', 'primary', this.submit, faulty === 0)}
    </hansard-dialog>`;
  }
}
customElements.define('new-meeting-dialog', NewMeetingDialog);
