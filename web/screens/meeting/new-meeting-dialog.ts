import { css, html, nothing, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import { limits } from '#src/contract/limits.ts';
import { enterRoom, openMeeting } from '#src/contract/meetings.ts';
import { navigate, pathOfConversation } from '../../app/router.ts';
import { openDialog } from '../../app/shell-state.ts';
import { enterLobby } from '../../calls/rosters.ts';
import { call } from '../../client/call.ts';
import { newId } from '../../client/new-id.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-segments.ts';
import '../../elements/hansard-switch.ts';
import { icon } from '../../elements/icons.ts';
import { FormDialog } from '../dialogs/form-dialog.ts';
import '../dialogs/people-picker.ts';
import { attendeesIn, mailtoOf, type Attendee } from './addresses.ts';
import { fullLink } from './full-link.ts';
import { isPublic, isRoomName, roomNameOf, whyNoRoom, withGuests } from './room-name.ts';
import { inOnesList } from './ways-in.ts';

type Kind = 'meeting' | 'room';
const kinds = [{ value: 'meeting', label: 'With a link of its own' }, { value: 'room', label: 'In a room that stays' }] as const;

/** A title, people of the house, addresses of others, and how guests come in; or the name of a room, which is there already or comes to be. */
export class NewMeetingDialog extends FormDialog {
  static override properties: PropertyDeclarations = { ...FormDialog.properties, attendees: { state: true }, guests: { state: true }, admit: { state: true }, kind: { state: true }, room: { state: true } };
  declare attendees: readonly Attendee[];
  declare guests: boolean;
  declare admit: boolean;
  declare kind: Kind;
  /** As it was typed. */
  declare room: string;
  readonly #conversationId = newId();
  #invited: readonly string[] = [];

  constructor() {
    super();
    this.attendees = [];
    this.guests = true;
    this.admit = false;
    this.kind = 'meeting';
    this.room = '';
  }
  static override styles: CSSResultGroup = [FormDialog.styles, css`
    .attendees { display: grid; gap: 0.25rem; margin-block-start: 0.375rem; font-size: var(--text-s); }
    .attendees li { display: flex; flex-wrap: wrap; gap: 0.125rem 0.5rem; align-items: center; color: var(--ink-2); overflow-wrap: anywhere; }
    .wrong, .attendees .wrong { color: var(--danger); }
    #address { overflow-wrap: anywhere; }
    textarea { min-block-size: 4rem; resize: vertical; }
    form > .help { font-size: var(--text-s); color: var(--ink-3); }
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
    const byHand = opened.mailed ? [] : emails;
    await this.#goThere(conversationId, byHand);
    // Nothing sends mail here: the person's own program does, where there is one.
    if (byHand.length > 0 && opened.link) location.href = mailtoOf(byHand, title, fullLink(opened.link));
  };
  #enterRoom = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!isRoomName(this.room)) return;
    const entered = await this.act(() => call(enterRoom, { room: roomNameOf(this.room) }));
    if (entered) await this.#goThere(entered.conversationId);
  };
  async #goThere(conversationId: string, emails: readonly string[] = []): Promise<void> {
    navigate(pathOfConversation(conversationId));
    await inOnesList(conversationId);
    await enterLobby(conversationId);
    openDialog({ is: 'meeting', conversationId, emails });
  }

  #roomForm(): TemplateResult {
    const why = whyNoRoom(this.room);
    return html`<form @submit=${this.#enterRoom}>
      ${this.faultLine()}
      <div class="field"><label class="name" for="room">Name of the room</label>
        <input class="input" id="room" dir="ltr" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="address" aria-invalid=${why !== undefined} .value=${this.room} @input=${(event: InputEvent) => (this.room = (event.target as HTMLInputElement).value)}>
        <p class="help" id="address">${why ? nothing : html`<bdi>${fullLink(`/meet/${roomNameOf(this.room)}`)}</bdi>`}</p>
        <div role="status">${why ? html`<p class="help wrong">${why}</p>` : nothing}</div></div>
      <hansard-switch ?on=${isPublic(this.room)} @changed=${({ detail }: CustomEvent<boolean>) => (this.room = withGuests(this.room, detail))}>Allow public guest access</hansard-switch>
      <p class="help">${isPublic(this.room) ? 'Whoever knows the exact address may come, with an account here or as a guest.' : 'For people of the house alone. With guests it is another room: public/ stands before its name.'} A room that nobody has been in yet comes to be.</p>
    </form>`;
  }
  #meetingForm(): TemplateResult {
    return html`<form @submit=${this.#submit}>
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
        <p class="help">The link works until some minutes after you have left the call.</p>
      </form>`;
  }

  override render() {
    const isRoom = this.kind === 'room';
    const isFine = isRoom ? isRoomName(this.room) : this.attendees.every(({ why }) => why === undefined);
    return html`<hansard-dialog heading="New meeting" steady><div class="stack">
      <hansard-segments label="Kind of meeting" .segments=${kinds} .value=${this.kind} @chosen=${({ detail }: CustomEvent<Kind>) => (this.kind = detail)}></hansard-segments>
      ${isRoom ? this.#roomForm() : this.#meetingForm()}</div>
      ${this.actions(isRoom ? 'Go to the room' : 'Open meeting', 'primary', this.submit, isFine)}
    </hansard-dialog>`;
  }
}
customElements.define('new-meeting-dialog', NewMeetingDialog);
