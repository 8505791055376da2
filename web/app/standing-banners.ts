import { css, html, LitElement, nothing } from 'lit';
import { unanswered } from '../client/call.ts';
import { StoreController } from '../client/store.ts';
import { workspace } from '../client/workspace.ts';
import '../elements/hansard-banner.ts';
import { fullTime } from '../elements/times.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/buttons.ts';

const patienceMs = 1_500;

/** What concerns the whole workspace: no connection, no writing, a password that somebody else had reset. */
export class StandingBanners extends LitElement {
  static override properties = { cutOff: { state: true } };
  declare cutOff: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [base, buttons, css`.button { --control-height: 1.625rem; background: transparent; border-color: currentColor; color: inherit; }`];

  constructor() {
    super();
    this.cutOff = false;
    new StoreController(this, workspace.session, workspace.connection, workspace.writingStopped, unanswered);
  }

  override willUpdate(): void {
    const away = ['reconnecting', 'offline'].includes(workspace.connection.value);
    if (!away || workspace.connection.value === 'offline') {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.cutOff = away;
    } else this.#timer ??= setTimeout(() => (this.cutOff = true), patienceMs); // A blink of the line is nobody's business.
  }

  override render() {
    const reset = workspace.me?.passwordReset;
    const stopped = workspace.writingStopped.value;
    return html`
      ${reset ? html`<hansard-banner tone="notice" drawing="key-round">${reset.by} had your password reset on ${fullTime(reset.at)}. If you did not ask for that, tell a compliance officer.
        <button slot="act" class="button" @click=${() => workspace.acknowledgePasswordReset()}>Seen</button></hansard-banner>` : nothing}
      ${stopped === null ? nothing : html`<hansard-banner tone="danger" drawing="triangle-alert">The appliance has stopped writing: ${stopped} What was acknowledged is safe. What you write now waits here.</hansard-banner>`}
      ${this.cutOff ? html`<hansard-banner drawing="wifi-off">Offline. What you write goes out when the connection is back.${unanswered.value > 0 ? ` ${unanswered.value === 1 ? 'One change waits' : `${unanswered.value} changes wait`} in this tab alone: keep it open until then.` : ''}</hansard-banner>` : nothing}`;
  }
}
customElements.define('standing-banners', StandingBanners);
