import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { outbox } from '../client/outbox.ts';
import { StoreController } from '../client/store.ts';
import '../client/uploads.ts';
import { workspace } from '../client/workspace.ts';
import { toast } from '../elements/hansard-toasts.ts';
import '../elements/hansard-tooltip.ts';
import { base } from '../styles/base.ts';
import './dialog-host.ts';
import { mayOpenScreen, wholePage } from './lazy-screens.ts';
import { navigate, route } from './router.ts';
import { dialog } from './shell-state.ts';

/** The page: who is signed in and where they are decide what fills it. */
export class HansardApp extends LitElement {
  static override properties = { patient: { state: true } };
  /** Nobody has answered for a while. */
  declare patient: boolean;
  /** The sign-in form is what is seen now. */
  #entering = false;

  static override styles = [base, css`.waiting { display: grid; place-content: center; block-size: 100dvh; padding: var(--space-5); text-align: center; color: var(--ink-2); }`];

  constructor() {
    super();
    this.patient = false;
    setTimeout(() => (this.patient = true), 2_500);
    new StoreController(this, workspace.session, route);
    outbox.onRefused(({ sentence }) => toast(sentence, { danger: true }));
    // The dialog that began a download says it itself, while it is open.
    workspace.download.watch((frame) => {
      if (frame?.state === 'failed' && dialog.value?.is !== 'download-history') toast('A download stopped before its end. Delete what arrived and start it again; nothing in Hansard was changed.', { danger: true });
    });
    workspace.session.watch((session) => {
      if (session.state === 'signed-out') void import('../screens/sign-in/sign-in-screen.ts');
      // Who only runs the appliance begins there; everybody else with their conversations.
      if (session.state === 'signed-in' && this.#entering && ['sign-in', 'home'].includes(route.value.screen)) navigate(session.me.roles.includes('employee') || !mayOpenScreen('administration', session.me) ? '/' : '/administration', { replace: true });
      else if (session.state === 'signed-in' && route.value.screen === 'sign-in') navigate('/', { replace: true });
      this.#entering = session.state === 'signed-out';
    });
  }

  /** A link with a token is followed whoever is signed in here. */
  #entrance(): TemplateResult | undefined {
    const here = route.value;
    if (here.screen === 'first') {
      void import('../screens/first-account/first-account-screen.ts');
      return html`<first-account-screen .token=${here.token}></first-account-screen>`;
    }
    if (here.screen === 'password') {
      void import('../screens/password-link/password-link-screen.ts');
      return html`<password-link-screen .token=${here.token}></password-link-screen>`;
    }
    return undefined;
  }

  #content(): TemplateResult | typeof nothing {
    const entrance = this.#entrance();
    if (entrance) return entrance;
    const session = workspace.session.value;
    const here = route.value;
    // A guest is in one meeting and nowhere else, whatever the address says.
    if (here.screen === 'meet' || (session.state === 'signed-in' && session.me.guest)) {
      void import('../screens/meeting/meeting-door.ts');
      return html`<meeting-door .where=${here.screen === 'meet' ? here.where : ''} .fragment=${here.screen === 'meet' ? here.fragment : ''}></meeting-door>`;
    }
    if (session.state === 'asking') return this.patient ? html`<p class="waiting" role="status">Hansard cannot be reached. It is asked again every few seconds; nothing you wrote is lost.</p>` : nothing;
    if (session.state === 'signed-out') return html`<sign-in-screen .name=${route.value.screen === 'sign-in' ? route.value.name : ''} .ended=${session.ended}></sign-in-screen>`;
    if (route.value.screen === 'window') {
      void import('./conversation-window.ts');
      return html`<conversation-window .conversationId=${route.value.conversationId}></conversation-window>`;
    }
    void import('./app-shell.ts');
    return wholePage(route.value, session.me) ?? html`<app-shell></app-shell>`;
  }

  override render() {
    return html`${this.#content()}<dialog-host></dialog-host><call-incoming></call-incoming><hansard-toasts></hansard-toasts><hansard-tooltip></hansard-tooltip>`;
  }
}
customElements.define('hansard-app', HansardApp);
