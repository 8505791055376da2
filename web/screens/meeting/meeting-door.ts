import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { readMe } from '#src/contract/accounts.ts';
import { limits } from '#src/contract/limits.ts';
import { enterMeeting, peekAtMeeting, type Visit } from '#src/contract/meetings.ts';
import { navigate, pathOfConversation } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { entrance } from '../sign-in/entrance.ts';
import { meetingFragment, type MeetingFragment } from './fragment.ts';
import { goneWords } from './gone-words.ts';
import { madeUpName } from './made-up-name.ts';
import { arrive, doorOfLink, goIntoCall, inOnesList, type Peek } from './ways-in.ts';
import './guest-visit.ts';

type Fault = { readonly code: string; readonly sentence: string };
const titles: Readonly<Record<string, string>> = {
  'meeting-not-found': 'No such meeting', 'meeting-over': 'This meeting is over', 'meeting-full': 'The meeting is full', 'guests-off': 'For people of this organisation', 'slow-down': 'Too many tries', 'meetings-off': 'You may not open rooms here',
};
/** Of what the heading has said already, the rest. */
const afterTitle: Readonly<Record<string, string>> = { 'meeting-over': 'What was written in it is kept. If there is more to talk about, ask whoever invited you for a new link.' };
const askMeAgainMs = 300;
const askMeTimes = 10;

/** Where the link of a meeting leads: those of the house go on to it, everybody else gives a name and comes as a guest. */
export class MeetingDoor extends LitElement {
  static override properties = { where: {}, fragment: {}, peek: { state: true }, fault: { state: true }, busy: { state: true }, signsIn: { state: true }, last: { state: true } };
  declare where: string;
  declare fragment: string;
  declare peek: Peek | undefined;
  declare fault: Fault | undefined;
  declare busy: boolean;
  declare signsIn: boolean;
  /** The visit that has ended. */
  declare last: Visit | undefined;
  readonly #madeUp = madeUpName();
  #begun = '';
  /** Whoever was inside is not taken in again unasked. */
  #wasInside = false;

  constructor() {
    super();
    this.where = '';
    this.fragment = '';
    this.peek = undefined;
    this.fault = undefined;
    this.busy = false;
    this.signsIn = false;
    this.last = undefined;
    new StoreController(this, workspace.session);
  }
  static override styles = [base, buttons, fields, entrance, css`
    :host(.inside) { display: block; }
    .acts { display: flex; flex-wrap: wrap; gap: var(--space-2); }
  `];

  get #said(): MeetingFragment {
    return meetingFragment(this.fragment);
  }

  /** Once for each link and each change of who is signed in. */
  override willUpdate(): void {
    const session = workspace.session.value;
    const step = `${this.where} ${this.fragment} ${session.state}`;
    if (session.state === 'asking' || step === this.#begun) return;
    this.#begun = step;
    this.fault = undefined;
    document.title = 'Meeting – Hansard';
    if (session.state === 'signed-in') {
      this.last = undefined;
      this.#wasInside = session.me.guest !== null;
      if (!this.#wasInside) void this.#arrive();
    } else if (!this.#wasInside) {
      if (this.#said.guests === false) this.signsIn = true;
      else void this.#peek();
    }
  }

  async #arrive(): Promise<void> {
    const said = this.#said;
    const answer = await arrive(doorOfLink(this.where, said));
    if (!answer.ok) {
      this.fault = answer;
      return;
    }
    const { conversationId } = answer.output;
    navigate(pathOfConversation(conversationId), { replace: true });
    await inOnesList(conversationId);
    if (workspace.conversation(conversationId)) await goIntoCall(conversationId, said);
  }

  async #peek(): Promise<void> {
    const said = this.#said;
    if (said.enters) return this.#enter(said.name ?? this.#madeUp);
    const answer = await call(peekAtMeeting, doorOfLink(this.where, said), { overHttp: true });
    if (!answer.ok) this.fault = answer;
    else this.peek = answer.output;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('#name')?.select();
  }

  async #enter(name: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const answer = await call(enterMeeting, { ...doorOfLink(this.where, this.#said), name });
    if (answer.ok) await this.#begin();
    else this.fault = answer;
    this.busy = false;
  }
  /** The session is good; it is known as a guest's a moment later where several appliances serve. */
  async #begin(): Promise<void> {
    for (let asked = 0; asked < askMeTimes; asked += 1) {
      const me = await call(readMe, {}, { overHttp: true });
      if (me.ok && me.output.guest) return workspace.entered(me.output);
      await new Promise((resolve) => setTimeout(resolve, askMeAgainMs));
    }
    this.fault = { code: 'offline', sentence: 'Hansard cannot be reached. Reload the page to try again.' };
  }
  #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#enter(String(new FormData(event.target as HTMLFormElement).get('name')).trim() || this.#madeUp);
  };

  /** `again`: what a second try is called; empty where none can help. */
  #page(title: string, says: string, again: string): TemplateResult {
    return html`<main><div><p class="wordmark">Hansard</p><h1 dir="auto">${title}</h1></div><p class="says" role="status">${says}</p>
      <div class="acts">${workspace.me ? html`<a class="button" href="/">To your conversations</a>` : html`${again ? html`<button class="button" @click=${() => location.reload()}>${again}</button>` : nothing}<button class=${again ? 'button quiet' : 'button'} @click=${() => (this.signsIn = true)}>Sign in</button>`}</div></main>`;
  }
  #ended(visit: Visit): TemplateResult {
    const { title, says } = goneWords(visit);
    return this.#page(title, says, visit.place === 'turned-away' ? 'Ask again' : visit.over ? '' : 'Enter again');
  }
  #form(peek: Peek): TemplateResult {
    return html`<main>
      <div><p class="wordmark">${peek.organisation}</p><h1 dir="auto">${peek.title}</h1></div>
      <p class="says">You come as a guest. ${peek.admit ? 'Somebody in the meeting lets you in.' : ''}</p>
      <form @submit=${this.#submit} aria-label="Enter as a guest">
        <label class="field"><span class="name">Your name</span><input class="input" id="name" name="name" dir="auto" maxlength=${limits.guestNameMax} autocomplete="name" required .defaultValue=${this.#said.name ?? this.#madeUp}></label>
        <button class="button primary wide" ?disabled=${this.busy}>${this.busy ? 'Entering' : 'Enter the meeting'}</button>
      </form>
      <button class="button quiet wide" @click=${() => (this.signsIn = true)}>I have an account here</button>
      <p class="notice">${icon('landmark', 16)}<span dir="auto">${peek.notice} What is written is kept, and who takes part in calls, and when. Sound and pictures are encrypted between those in the call and are not recorded.</span></p>
    </main>`;
  }

  override render(): TemplateResult | typeof nothing {
    const session = workspace.session.value;
    const isInside = session.state === 'signed-in' && session.me.guest !== null;
    this.classList.toggle('inside', isInside);
    if (isInside) return html`<guest-visit .said=${this.#said} @ended=${(event: CustomEvent<Visit>) => (this.last = event.detail)}></guest-visit>`;
    if (this.last && session.state === 'signed-out' && !this.signsIn) return this.#ended(this.last);
    if (this.fault && !this.signsIn) return this.#page(titles[this.fault.code] ?? 'You cannot enter', afterTitle[this.fault.code] ?? this.fault.sentence, this.fault.code === 'meeting-over' ? '' : 'Try again');
    if (session.state === 'asking' || session.state === 'signed-in') return nothing;
    if (this.signsIn) {
      void import('../sign-in/sign-in-screen.ts');
      return html`<sign-in-screen></sign-in-screen>`;
    }
    return this.peek ? this.#form(this.peek) : nothing;
  }
}
customElements.define('meeting-door', MeetingDoor);
