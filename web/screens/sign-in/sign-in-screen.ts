import { html, LitElement, nothing } from 'lit';
import { welcome } from '#src/contract/accounts.ts';
import { limits } from '#src/contract/limits.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { entrance } from './entrance.ts';

/** Whose workspace is this, and is it archived? Then one form, that password managers and paste work with. */
export class SignInScreen extends LitElement {
  static override properties = { name: {}, ended: { type: Boolean }, house: { state: true }, fault: { state: true }, waitSeconds: { state: true }, busy: { state: true }, shown: { state: true } };
  declare name: string;
  declare ended: boolean;
  declare house: OutputOf<typeof welcome> | undefined;
  declare fault: string;
  declare waitSeconds: number;
  declare busy: boolean;
  declare shown: boolean;
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.name = '';
    this.ended = false;
    this.house = undefined;
    this.fault = '';
    this.waitSeconds = 0;
    this.busy = false;
    this.shown = false;
  }

  static override styles = [base, buttons, fields, entrance];

  override async connectedCallback(): Promise<void> {
    super.connectedCallback();
    document.title = 'Sign in – Hansard';
    const answer = await call(welcome, {}, { overHttp: true });
    if (answer.ok) this.house = answer.output;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>(this.name ? '#password' : '#name')?.focus();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  #waitFor(seconds: number): void {
    this.waitSeconds = seconds;
    clearInterval(this.#ticking);
    this.#ticking = setInterval(() => {
      this.waitSeconds -= 1;
      if (this.waitSeconds <= 0) clearInterval(this.#ticking);
    }, 1_000);
  }

  #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    if (this.busy || this.waitSeconds > 0) return;
    this.busy = true;
    this.fault = '';
    const answer = await workspace.signIn(String(form.get('name')).trim().toLowerCase(), String(form.get('password')));
    this.busy = false;
    if (answer.ok) return;
    if (answer.code === 'slow-down') this.#waitFor(answer.limit ?? 5);
    this.fault = answer.code === 'wrong-credentials' ? 'That name and password do not go together.' : answer.sentence;
    await this.updateComplete;
    const password = this.renderRoot.querySelector<HTMLInputElement>('#password')!;
    password.focus();
    password.select();
  };

  #says(): string {
    if (this.waitSeconds > 0) return `Too many tries. Wait ${this.waitSeconds} ${this.waitSeconds === 1 ? 'second' : 'seconds'}, then try again.`;
    return this.fault;
  }

  override render() {
    const fault = this.#says();
    return html`<main>
      <div><p class="wordmark">Hansard</p><h1 dir="auto">${this.house?.organisation ?? '\u00a0'}</h1></div>
      ${this.ended && !fault ? html`<p class="says">Your session has ended. Sign in to go on.</p>` : nothing}
      <form @submit=${this.#submit} aria-label="Sign in">
        ${fault ? html`<p class="fault" id="fault" role="alert">${icon('circle-alert', 17)}<span>${fault}</span></p>` : nothing}
        <label class="field"><span class="name">Sign-in name</span>
          <input class="input" id="name" name="name" .defaultValue=${this.name} autocomplete="username" autocapitalize="none" spellcheck="false" dir="auto" required maxlength=${limits.signInNameMax} aria-describedby=${fault ? 'fault' : nothing}></label>
        <div class="field"><label class="name" for="password">Password</label>
          <span class="with-eye"><input class="input" id="password" name="password" type=${this.shown ? 'text' : 'password'} autocomplete="current-password" required maxlength=${limits.passwordMax} aria-describedby=${fault ? 'fault' : nothing}>
            <button type="button" class="icon-button" aria-label="Show password" aria-pressed=${this.shown} @click=${() => (this.shown = !this.shown)}>${icon(this.shown ? 'eye-off' : 'eye')}</button></span></div>
        <button class="button primary wide" ?disabled=${this.busy || this.waitSeconds > 0}>${this.busy ? 'Signing in' : 'Sign in'}</button>
      </form>
      ${this.house?.firstAccountWanted ? html`<p class="says">Nobody has an account here yet. The one-time link for the first administrator was printed when the appliance started.</p>` : nothing}
      <p class="notice">${icon('landmark', 16)}<span dir="auto">${this.house?.notice ?? '\u00a0'}</span></p>
    </main>`;
  }
}
customElements.define('sign-in-screen', SignInScreen);
