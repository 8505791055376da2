import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { callNow } from '../calls/rosters.ts';
import { StoreController } from '../client/store.ts';
import { workspace } from '../client/workspace.ts';
import { deepActive } from '../elements/hansard-dialog.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/buttons.ts';
import { cycleRegions } from './keys.ts';
import './home-pane.ts';
import './standing-banners.ts';
import '../screens/sidebar/side-bar.ts';
import { navigate, route } from './router.ts';
import { detailsOpen, dialog, toggleDetails } from './shell-state.ts';

const signsOfAHand = ['keydown', 'pointermove', 'pointerdown'] as const;
/** The way to everywhere, and the emoji: they come once somebody moves, so that they are there when they are asked for, with or without a connection then, and are no part of the first screen. Without one they wait for the next move. */
const fetchWhatIsAtHand = (): void => {
  if (['reconnecting', 'offline'].includes(workspace.connection.value)) return;
  for (const sign of signsOfAHand) removeEventListener(sign, fetchWhatIsAtHand);
  void import('../screens/switcher/switcher-dialog.ts');
  void import('../screens/conversation/emoji-picker.ts');
};

/** The three regions of an employee's day: list, conversation, details. Two from 720 px (details slide over), one below. */
export class AppShell extends LitElement {
  #here = '';
  #before: HTMLElement | null = null;

  static override styles = [base, buttons, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr) auto; block-size: 100dvh; }
    .regions { display: grid; grid-template-columns: minmax(15rem, 17.75rem) minmax(0, 1fr); min-block-size: 0; }
    .regions.with-details { grid-template-columns: minmax(15rem, 17.75rem) minmax(0, 1fr) 19.5rem; }
    nav { min-inline-size: 0; min-block-size: 0; background: var(--panel); border-inline-end: 1px solid var(--rule); --avatar-surface: var(--panel); }
    main { position: relative; min-inline-size: 0; min-block-size: 0; background: var(--page); display: grid; }
    main > * { min-inline-size: 0; min-block-size: 0; }
    aside { min-inline-size: 0; min-block-size: 0; background: var(--page); border-inline-start: 1px solid var(--rule); }
    nav:focus, main:focus, aside:focus { outline: none; }
    nav:focus-visible, main:focus-visible, aside:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
    .skip { position: absolute; inset-block-start: 0.5rem; inset-inline-start: 0.5rem; z-index: 5; }
    .skip:not(:focus) { inline-size: 1px; block-size: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); }
    .veil, .list-title { display: none; }
    .nowhere { display: grid; align-content: center; justify-items: start; gap: var(--space-3); max-inline-size: 30rem; margin: auto; padding: var(--space-5); }
    .nowhere h1 { font: 600 var(--text-2xl)/1.2 var(--font-record); }
    @media (max-width: 1099px) {
      .regions.with-details { grid-template-columns: minmax(15rem, 17.75rem) minmax(0, 1fr); }
      .veil { display: block; position: fixed; inset: 0; z-index: 2; background: var(--veil); animation: veil-comes var(--calm) var(--ease); }
      aside { position: fixed; inset-block: 0; inset-inline-end: 0; z-index: 3; inline-size: min(21rem, 100vw); box-shadow: var(--shadow); animation: aside-comes var(--calm) var(--ease); }
      @keyframes veil-comes { from { opacity: 0; } }
      @keyframes aside-comes { from { translate: 2rem 0; opacity: 0; } }
    }
    @media (max-width: 719px) {
      .regions, .regions.with-details { grid-template-columns: minmax(0, 1fr); }
      .regions.at-list main, .regions:not(.at-list) nav { display: none; }
      nav { border: 0; }
      .list-title { display: block; }
    }
  `];

  constructor() {
    super();
    new StoreController(this, route, detailsOpen, workspace.connection, workspace.writingStopped, callNow);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#key);
    for (const sign of signsOfAHand) addEventListener(sign, fetchWhatIsAtHand);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#key);
  }

  #key = (event: KeyboardEvent): void => {
    if (event.key === 'F6' && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      cycleRegions([...this.renderRoot.querySelectorAll<HTMLElement>('nav, main, aside')], event.shiftKey);
    } else if (event.key === 'Escape' && !event.defaultPrevented && this.#slidOver) toggleDetails(false);
  };
  /** Do the details lie over the conversation now? */
  get #slidOver(): boolean {
    return matchMedia('(max-width: 1099px)').matches && this.renderRoot.querySelector('aside') !== null && !dialog.value;
  }
  /** What slides over takes the focus, and gives it back. */
  override updated(): void {
    const over = this.#slidOver;
    if (over && !this.#before) {
      this.#before = deepActive() ?? this;
      this.renderRoot.querySelector<HTMLElement>('aside')?.focus();
    } else if (!over && this.#before && !dialog.value) {
      this.#before.focus();
      this.#before = null;
    }
  }
  #navigate = (event: CustomEvent<{ readonly path: string }>): void => navigate(event.detail.path);
  #skip = (event: Event): void => {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  };

  /** Is the call of that conversation in its place, from lobby to end? */
  #isInCall(conversationId: string): boolean {
    const { value } = callNow;
    return value.phase !== 'idle' && value.conversationId === conversationId;
  }
  /** In a call, and elsewhere. */
  get #callsElsewhere(): boolean {
    const { value } = callNow;
    if (value.phase !== 'in-call' && value.phase !== 'reconnecting') return false;
    return route.value.screen !== 'conversation' || route.value.conversationId !== value.conversationId;
  }

  #main(): TemplateResult {
    const here = route.value;
    switch (here.screen) {
      case 'conversation':
        if (this.#isInCall(here.conversationId)) {
          void import('../screens/call/call-screen.ts');
          return html`<call-screen .revision=${here.revision}></call-screen>`;
        }
        void import('../screens/conversation/conversation-screen.ts');
        return html`<conversation-screen .conversationId=${here.conversationId} .revision=${here.revision}></conversation-screen>`;
      case 'search':
        void import('../screens/search/search-screen.ts');
        return html`<search-screen .query=${here.query} .within=${here.within}></search-screen>`;
      case 'space':
        void import('../screens/spaces/space-screen.ts');
        return html`<space-screen .spaceId=${here.spaceId}></space-screen>`;
      case 'files':
        void import('../screens/files/files-screen.ts');
        return html`<files-screen></files-screen>`;
      case 'calls':
        void import('../screens/call/past-calls-screen.ts');
        return html`<past-calls-screen></past-calls-screen>`;
      case 'call-test':
        void import('../screens/call/call-test-screen.ts');
        return html`<call-test-screen></call-test-screen>`;
      case 'home':
        return html`<home-pane></home-pane>`;
      case 'archive':
      case 'audit':
      case 'administration':
        return html`<div class="nowhere"><h1>Not yours to open</h1><p>${this.#whoseItIs(here.screen)}</p><a class="button" href="/">To your conversations</a></div>`;
      default:
        return html`<div class="nowhere"><h1>Nothing is here</h1><p>The address is wrong, or what it names is not yours to open.</p><a class="button" href="/">To your conversations</a></div>`;
    }
  }

  /** For whom a screen is that does not open for this person. */
  #whoseItIs(screen: 'archive' | 'audit' | 'administration'): string {
    if (screen === 'administration') return 'These pages are for those who run the appliance.';
    if (screen === 'audit') return 'The audit log is for compliance officers and administrators.';
    return workspace.me?.roles.includes('administrator') ? 'You run the appliance; conversations are not yours to read. The archive is for compliance officers.' : 'The archive is for compliance officers, and every look of theirs is recorded.';
  }

  override willUpdate(): void {
    const here = location.pathname;
    if (here === this.#here) return;
    this.#here = here;
    if (matchMedia('(max-width: 1099px)').matches) detailsOpen.set(false);
  }

  override render() {
    const here = route.value;
    if (here.screen === 'conversation') void import('../screens/details/details-panel.ts');
    const details = here.screen === 'conversation' && detailsOpen.value && !this.#isInCall(here.conversationId);
    if (this.#callsElsewhere) void import('../screens/call/call-bar.ts');
    return html`
      <standing-banners></standing-banners>
      <div class="regions ${details ? 'with-details' : ''} ${here.screen === 'home' ? 'at-list' : ''}">
        <nav aria-label="Conversations and spaces" tabindex="-1"><a class="skip button" href="#main" @click=${this.#skip}>To the conversation</a><h1 class="list-title seen-by-readers-only">Conversations</h1><side-bar></side-bar></nav>
        <main tabindex="-1" @navigate=${this.#navigate} @toggle-details=${() => toggleDetails()}>${this.#main()}</main>
        ${details ? html`<div class="veil" @click=${() => toggleDetails(false)}></div>
          <aside aria-label="Details" tabindex="-1"><details-panel .conversationId=${here.conversationId}></details-panel></aside>` : nothing}
      </div>
      ${this.#callsElsewhere ? html`<call-bar role="region" aria-label="Call in progress"></call-bar>` : nothing}`;
  }
}
customElements.define('app-shell', AppShell);
