import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { knockAtMeeting, leaveMeeting, readVisit, type Visit } from '#src/contract/meetings.ts';
import { callNow, readCalls, rosters } from '../../calls/rosters.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import '../../app/standing-banners.ts';
import type { MeetingFragment } from './fragment.ts';
import { goneWords } from './gone-words.ts';
import { goIntoCall, inOnesList } from './ways-in.ts';

const atTheDoorEveryMs = 1_500;
const insideEveryMs = 8_000;

/** A guest's whole Hansard: at the door, then one conversation and its call. Fires `ended` with the visit once it is over. */
export class GuestVisit extends LitElement {
  static override properties = { said: { attribute: false }, visit: { state: true } };
  declare said: MeetingFragment;
  declare visit: Visit | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasGoneIn = false;
  #end: () => void = () => undefined;
  /** The guest has pressed Leave, and was not refused. */
  #leaves = false;

  constructor() {
    super();
    this.visit = undefined;
    new StoreController(this, rosters, callNow, workspace.conversations, workspace.directory.version);
  }
  static override styles = [base, buttons, css`
    :host { display: grid; grid-template-rows: auto auto minmax(0, 1fr); block-size: 100dvh; background: var(--page); color: var(--ink); }
    header { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2); padding: 0.5rem clamp(0.75rem, 3vw, 1.25rem); border-block-end: 1px solid var(--rule); background: var(--panel); }
    .titles { flex: 1; min-inline-size: min(14rem, 100%); }
    h1 { font: 600 var(--text-l)/1.25 var(--font-record); overflow-wrap: anywhere; }
    .notice { font-size: var(--text-s); color: var(--ink-2); }
    main { display: grid; min-block-size: 0; min-inline-size: 0; }
    main > * { min-block-size: 0; min-inline-size: 0; }
    .waiting { display: grid; align-content: center; justify-items: start; gap: var(--space-3); max-inline-size: 32rem; margin: auto; padding: var(--space-5); }
    .waiting h2 { font: 600 var(--text-2xl)/1.2 var(--font-record); }
    .acts { display: flex; gap: var(--space-2); }
    header > .notice { flex: 1; min-inline-size: min(12rem, 100%); }
    @media (max-width: 719px) {
      header > .titles { display: contents; }
      h1 { flex: 1; min-inline-size: min(9rem, 100%); }
      .titles > .notice { order: 1; flex-basis: 100%; }
      .rest { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: pre; }
    }
    @media (pointer: coarse) { header .button { min-block-size: 2.75rem; } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
    this.#end = rosters.watch(() => void this.#goIn());
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#end();
    if (this.visit) this.dispatchEvent(new CustomEvent('ended', { detail: this.#leaves && this.visit.left === null ? { ...this.visit, place: 'gone', left: 'self' } : this.visit }));
  }

  #look = async (): Promise<void> => {
    clearTimeout(this.#timer);
    const answer = await call(readVisit, {}, { overHttp: true });
    if (!this.isConnected) return;
    if (answer.ok) {
      const wasIn = this.visit?.place === 'in';
      this.visit = answer.output;
      document.title = `${this.visit.title} – Hansard`;
      if (this.visit.place === 'in' && !wasIn) void this.#entered(this.visit.conversationId);
      if (this.visit.place === 'waiting' && this.visit.begun && !this.visit.knocking) void call(knockAtMeeting, {}, { once: true });
    }
    this.#timer = setTimeout(this.#look, this.visit?.place === 'in' ? insideEveryMs : atTheDoorEveryMs);
  };
  async #entered(conversationId: string): Promise<void> {
    void workspace.directory.load();
    await inOnesList(conversationId);
    await readCalls();
    await this.#goIn();
  }
  /** Once, as soon as there is a call. */
  async #goIn(): Promise<void> {
    const { visit } = this;
    if (this.#hasGoneIn || visit?.place !== 'in' || !rosters.value.has(visit.conversationId)) return;
    this.#hasGoneIn = true;
    // After a reload of the page the call takes its device back by itself.
    if (callNow.value.phase === 'idle') await goIntoCall(visit.conversationId, this.said);
  }
  #join = (): void => void (this.visit && goIntoCall(this.visit.conversationId, { ...this.said, enters: undefined }));
  #leave = async (): Promise<void> => {
    if (callNow.value.phase !== 'idle') await (await import('../../calls/live-call.ts')).liveCall.leave();
    // The session is over with it, perhaps before the answer is here: nobody could be asked any more.
    this.#leaves = true;
    const answer = await call(leaveMeeting, {});
    this.#leaves = answer.ok && answer.output.revision >= 0; // Else they were out already, for another reason.
    if (this.#leaves && this.visit) this.visit = { ...this.visit, place: 'gone', left: 'self' };
    await this.#look();
  };

  #atTheDoor(visit: Visit): TemplateResult {
    const { place, begun, name, organisation } = visit;
    if (place === 'turned-away' || place === 'gone') {
      const { title, says } = goneWords(visit);
      return html`<div class="waiting"><h2>${title}</h2><p role="status" dir="auto">${says}</p></div>`;
    }
    return html`<div class="waiting"><h2>${begun ? 'You wait to be let in' : 'The meeting has not begun yet'}</h2>
      <p role="status">${begun ? `Those in the meeting see that ${name} wants to come in. You come in as soon as somebody lets you. Leave this page open.` : `You come in, or wait to be let in, once somebody of ${organisation} is there. Leave this page open.`}</p></div>`;
  }
  #inside({ conversationId }: Visit): TemplateResult | typeof nothing {
    const { value } = callNow;
    if (value.phase !== 'idle' && value.conversationId === conversationId) {
      void import('../call/call-screen.ts');
      return html`<call-screen .revision=${null}></call-screen>`;
    }
    if (!workspace.conversation(conversationId)) return nothing;
    void import('../conversation/conversation-screen.ts');
    return html`<conversation-screen beside .conversationId=${conversationId}></conversation-screen>`;
  }

  override render(): TemplateResult | typeof nothing {
    const { visit } = this;
    if (!visit) return nothing;
    const isIn = visit.place === 'in';
    const isOutside = visit.place === 'turned-away' || visit.place === 'gone';
    const there = rosters.value.has(visit.conversationId);
    const notice = html`<p class="notice" dir="auto">Guest of ${visit.organisation}, as ${visit.name}. What is written, and who calls when, is kept.${isIn && !there ? ' The call begins when somebody of the house starts it.' : ''}</p>`;
    // The call says its own title.
    return html`<standing-banners></standing-banners>
      <header>${isIn && callNow.value.phase !== 'idle' ? notice : html`<div class="titles"><h1 dir="auto">${visit.title}</h1>${notice}</div>`}
        <span class="acts">${isIn && there && callNow.value.phase === 'idle' ? html`<button class="button primary" @click=${this.#join}>${icon('video')}Join the call</button>` : nothing}
        ${isOutside ? nothing : html`<button class="button" @click=${this.#leave}>${icon('door-open')}<span>Leave<span class="rest"> the meeting</span></span></button>`}</span></header>
      <main>${isIn ? this.#inside(visit) : this.#atTheDoor(visit)}</main>`;
  }
}
customElements.define('guest-visit', GuestVisit);
