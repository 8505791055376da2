import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { openAccount } from '#src/contract/accounts.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { limits } from '#src/contract/limits.ts';
import { signInName } from '#src/contract/shapes.ts';
import { call } from '../../client/call.ts';
import { newId } from '../../client/new-id.ts';
import '../../elements/hansard-dialog.ts';
import type { HansardDialog } from '../../elements/hansard-dialog.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { archiveStyles } from '../archive/archive-styles.ts';
import '../archive/once-link.ts';
import { signInNameOf } from './sign-in-name-of.ts';

/** A new account: name, sign-in name, address, roles. Its answer is the link with which the holder sets the password. Fires `opened` and `closed`. */
export class OpenAccountDialog extends LitElement {
  static override properties = { displayName: { state: true }, chosenName: { state: true }, email: { state: true }, roles: { state: true }, opening: { state: true }, failed: { state: true }, made: { state: true } };
  declare displayName: string;
  /** Undefined while the sign-in name still follows the name. */
  declare chosenName: string | undefined;
  declare email: string;
  declare roles: readonly ('employee' | 'administrator')[];
  declare opening: boolean;
  declare failed: { readonly code: string; readonly sentence: string } | undefined;
  declare made: OutputOf<typeof openAccount> | undefined;
  readonly #account = newId();

  constructor() {
    super();
    this.displayName = '';
    this.chosenName = undefined;
    this.email = '';
    this.roles = ['employee'];
    this.opening = false;
    this.failed = undefined;
    this.made = undefined;
  }

  static override styles = [base, buttons, fields, archiveStyles, css`
    form { display: grid; gap: var(--space-4); }
    .roles { display: grid; gap: var(--space-2); }
    .roles legend { font-size: var(--text-s); font-weight: 600; color: var(--ink-2); padding-block-end: var(--space-1); }
    .roles label { display: flex; gap: var(--space-2); align-items: baseline; cursor: pointer; }
    .roles .tick { translate: 0 0.125rem; }
  `];

  get #signInName(): string {
    return this.chosenName ?? signInNameOf(this.displayName);
  }
  get #nameFault(): string | undefined {
    if (this.failed?.code === 'name-taken') return this.failed.sentence;
    return this.#signInName !== '' && !signInName.safeParse(this.#signInName).success ? 'Letters a to z, digits, dot, underscore and hyphen; it begins with a letter or a digit.' : undefined;
  }
  get #ready(): boolean {
    return this.displayName.trim() !== '' && this.#signInName !== '' && this.#nameFault === undefined && this.roles.length > 0 && !this.opening;
  }

  #open = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = this.renderRoot.querySelector('form');
    if (!this.#ready || !form?.reportValidity()) return;
    this.opening = true;
    this.failed = undefined;
    const email = this.email.trim();
    const answer = await call(openAccount, { account: this.#account, signInName: this.#signInName, displayName: this.displayName.trim(), roles: [...this.roles], ...(email === '' ? {} : { email }) }, { once: true });
    this.opening = false;
    if (!answer.ok) {
      this.failed = answer;
      return;
    }
    this.made = answer.output;
    this.dispatchEvent(new CustomEvent('opened'));
  };
  #role(role: 'employee' | 'administrator'): void {
    this.roles = this.roles.includes(role) ? this.roles.filter((one) => one !== role) : [...this.roles, role];
  }
  #text = (take: (text: string) => void) => (event: Event): void => {
    this.failed = undefined;
    take((event.target as HTMLInputElement).value);
  };

  #form(): TemplateResult {
    const nameFault = this.#nameFault;
    return html`<form id="form" @submit=${this.#open}>
      <label class="field"><span class="name">Name</span><input class="input" name="displayName" dir="auto" autocomplete="off" autofocus required maxlength=${limits.displayNameMax} .value=${this.displayName} @input=${this.#text((text) => (this.displayName = text))}></label>
      <label class="field"><span class="name">Sign-in name</span><input class="input" name="signInName" dir="ltr" autocomplete="off" autocapitalize="none" spellcheck="false" required maxlength=${limits.signInNameMax} .value=${this.#signInName} aria-invalid=${nameFault ? 'true' : 'false'} aria-describedby="about-name" @input=${this.#text((text) => (this.chosenName = text === '' ? undefined : text))}>
        <span id="about-name" class=${nameFault ? 'fault' : 'help'} role=${nameFault ? 'alert' : nothing}>${nameFault ?? 'It never changes and is never given to somebody else.'}</span></label>
      <label class="field"><span class="name">E-mail, if there is one</span><input class="input" name="email" type="email" dir="ltr" autocomplete="off" maxlength=${limits.emailMax} .value=${this.email} @input=${this.#text((text) => (this.email = text))}></label>
      <fieldset class="roles"><legend>Role</legend>
        <label><input class="tick" type="checkbox" .checked=${this.roles.includes('employee')} @change=${() => this.#role('employee')}><span>Employee <span class="small">writes and reads in conversations</span></span></label>
        <label><input class="tick" type="checkbox" .checked=${this.roles.includes('administrator')} @change=${() => this.#role('administrator')}><span>Administrator <span class="small">runs the appliance</span></span></label>
        <p class="small">The officer’s role is asked for afterwards, in the menu of the person; a second officer approves it.</p></fieldset>
      ${this.failed && this.failed.code !== 'name-taken' ? html`<p class="fault" role="alert">${icon('circle-alert', 16)}<span>No account was opened. ${this.failed.sentence}</span></p>` : nothing}
    </form>`;
  }

  override render() {
    const { made } = this;
    const close = (): void => this.renderRoot.querySelector<HansardDialog>('hansard-dialog')?.close();
    return html`<hansard-dialog steady .heading=${made ? 'The account is open' : 'Open an account'} @closed=${(event: Event) => { event.stopPropagation(); this.dispatchEvent(new CustomEvent('closed')); }}>
      ${made ? html`<once-link .link=${made.link} .expiresAt=${made.expiresAt}>With this link <bdi>${this.displayName}</bdi> sets the password. It is shown only now: hand it over yourself.</once-link>` : this.#form()}
      ${made ? html`<button slot="actions" class="button primary" @click=${close}>Done</button>`
        : html`<button slot="actions" class="button" @click=${close}>Cancel</button><button slot="actions" class="button primary" form="form" ?disabled=${!this.#ready} @click=${this.#open}>Open account</button>`}
    </hansard-dialog>`;
  }
}
customElements.define('open-account-dialog', OpenAccountDialog);
