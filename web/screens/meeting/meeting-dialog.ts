import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { inviteToMeeting, makeMeetingLink, readMeeting, revokeMeetingLink, type MeetingInfo } from '#src/contract/meetings.ts';
import type { Answer } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import type { HansardDialog } from '../../elements/hansard-dialog.ts';
import '../../elements/hansard-copy.ts';
import '../../elements/hansard-dialog.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { attendeesIn, mailtoOf } from './addresses.ts';
import { fullLink } from './full-link.ts';

const placeWords = { waiting: 'waits to be let in', in: 'in the meeting', 'turned-away': 'was not let in', gone: 'has left' } as const;

/** The link of a meeting, ways to hand it on, and its guests. */
export class MeetingDialog extends LitElement {
  static override properties = { conversationId: {}, emails: { attribute: false }, info: { state: true }, fault: { state: true }, busy: { state: true } };
  declare conversationId: string;
  /** Who is to be written to by the person's own mail program. */
  declare emails: readonly string[];
  declare info: MeetingInfo | undefined;
  declare fault: string;
  declare busy: boolean;

  constructor() {
    super();
    this.conversationId = '';
    this.emails = [];
    this.info = undefined;
    this.fault = '';
    this.busy = false;
  }
  static override styles = [base, buttons, fields, surfaces, css`
    .stack { display: grid; gap: var(--space-4); }
    .link { display: flex; gap: 0.5rem; align-items: center; }
    .link .input { flex: 1; min-inline-size: 0; font-family: var(--font-mono, monospace); font-size: var(--text-s); }
    .acts { display: flex; flex-wrap: wrap; gap: var(--space-2); }
    .take-back { color: var(--danger); }
    @media (max-width: 479px) { .acts > * { flex: 1 1 auto; } }
    .guests { display: grid; gap: 0.25rem; }
    .guests li { display: flex; flex-wrap: wrap; gap: 0.125rem 0.75rem; justify-content: space-between; overflow-wrap: anywhere; }
    .guests span:last-child { color: var(--ink-3); font-size: var(--text-s); }
    h3 { font-size: var(--text-m); font-weight: 600; }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }
  async #read(): Promise<void> {
    const answer = await call(readMeeting, { conversationId: this.conversationId });
    if (answer.ok) this.info = answer.output;
    else this.fault = answer.sentence;
  }
  async #act(ask: Promise<Answer<unknown>>, says: string): Promise<void> {
    this.busy = true;
    const answer = await ask;
    this.busy = false;
    this.fault = answer.ok ? '' : answer.sentence;
    if (answer.ok) toast(says);
    await this.#read();
  }
  #invite = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const attendees = attendeesIn(String(new FormData(form).get('emails')));
    const wrong = attendees.find(({ why }) => why !== undefined);
    if (wrong) this.fault = `${wrong.address}: ${wrong.why ?? ''}`;
    else if (attendees.length > 0) {
      await this.#act(call(inviteToMeeting, { conversationId: this.conversationId, emails: attendees.map(({ address }) => address) }), 'The invitation goes out.');
      if (!this.fault) form.reset();
    }
  };
  #share = (link: string, title: string): void => void navigator.share({ title, url: link }).catch(() => undefined);

  #ways(info: MeetingInfo, link: string): TemplateResult {
    const row = workspace.conversation(this.conversationId);
    const title = row ? workspace.titleOf(row) : 'Meeting';
    return html`<div class="field"><label class="name" for="link">Link</label><div class="link"><input class="input" id="link" readonly .value=${link} @focus=${(event: FocusEvent) => (event.target as HTMLInputElement).select()}><hansard-copy words label="Copy the link" .text=${link}></hansard-copy></div>
        <p class="help">${info.guests ? `Whoever has it may come${info.admit ? ', and waits to be let in' : ''}.` : 'For people of the house; guests may not come.'} It works until some minutes after the host has left.</p></div>
      <div class="acts">
        ${typeof navigator.share === 'function' ? html`<button class="button" @click=${() => this.#share(link, title)}>${icon('link', 16)}Share</button>` : nothing}
        <a class="button" href=${mailtoOf(this.emails, title, link)} @click=${() => toast('Handed to your mail program, where you have one.')}>Write a mail</a>
      </div>
      ${this.emails.length > 0 ? html`<p class="help" role="status">No mail goes out from here. Your own mail program has the invitation for ${this.emails.join(', ')}, where you have one; <i>Write a mail</i> hands it over again.</p>` : nothing}
      ${info.mail ? html`<form @submit=${this.#invite}><div class="field"><label class="name" for="emails">Invite by e-mail</label><div class="link"><input class="input" id="emails" name="emails" spellcheck="false" autocomplete="off"><button class="button" ?disabled=${this.busy}>Send</button></div>
        <p class="help" role="status">${info.unsent > 0 ? `${info.unsent} of ${info.invitations} invitations are on their way.` : info.invitations > 0 ? `${info.invitations} people were invited.` : 'They get the link.'}</p></div></form>` : nothing}`;
  }
  #roomLink(): string {
    const row = workspace.conversation(this.conversationId);
    return fullLink(`/meet/${row?.title ?? ''}`);
  }

  override render() {
    const { info } = this;
    const isHost = info?.host === workspace.me?.account && info?.room === null;
    const link = info?.room ? this.#roomLink() : info?.link ? fullLink(info.link) : null;
    const acts = info && isHost && !info.over && !info.expired;
    return html`<hansard-dialog heading="Link and guests">
      <div class="stack">
        ${this.fault ? html`<p class="fault" role="alert">${icon('circle-alert', 16)}<span>${this.fault}</span></p>` : nothing}
        ${!info ? nothing : link && !info.over ? this.#ways(info, link) : html`<p role="status">${info.over ? 'The meeting is over.' : info.expired ? 'The link has died: the host left some time ago.' : 'There is no link that works now.'}</p>`}
        ${acts ? html`<div class="acts"><button class="button" ?disabled=${this.busy} @click=${() => this.#act(call(makeMeetingLink, { conversationId: this.conversationId }), 'The old link is dead.')}>Make a new link</button>
          ${info.link ? html`<button class="button take-back" ?disabled=${this.busy} @click=${() => this.#act(call(revokeMeetingLink, { conversationId: this.conversationId }), 'Nobody comes in by the link any more.')}>Take the link back</button>` : nothing}</div>` : nothing}
        ${info && info.present.length > 0 ? html`<div><h3>Guests, ${info.present.length}</h3><ul class="guests">${info.present.map(({ name, place }) => html`<li><span dir="auto">${name}</span><span>${placeWords[place]}</span></li>`)}</ul></div>` : nothing}
      </div>
      <button slot="actions" class="button primary" @click=${() => this.renderRoot.querySelector<HansardDialog>('hansard-dialog')?.close()}>Done</button>
    </hansard-dialog>`;
  }
}
customElements.define('meeting-dialog', MeetingDialog);
