import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { grantRole, makePasswordLink, restoreAccount, suspendAccount, withdrawRole, type AccountRow } from '#src/contract/accounts.ts';
import type { Answer, Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-dialog.ts';
import '../../elements/hansard-menu.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { archiveStyles } from '../archive/archive-styles.ts';
import '../archive/once-link.ts';
import './class-dialog.ts';
import { roleNames } from './role-names.ts';

type Asked =
  | { readonly is: 'officer' | 'password' | 'class' }
  | { readonly is: 'link'; readonly link: string; readonly expiresAt: number | null };

/** What an administrator may do with one account. Fires `changed` with the fields that are different now, `requested` when a second officer was asked. */
export class PersonMenu extends LitElement {
  static override properties = { row: { attribute: false }, classes: { attribute: false }, asked: { state: true }, working: { state: true } };
  declare row: AccountRow | undefined;
  /** Classes of service that others have. */
  declare classes: readonly string[];
  declare asked: Asked | undefined;
  declare working: boolean;

  constructor() {
    super();
    this.row = undefined;
    this.classes = [];
    this.asked = undefined;
    this.working = false;
  }

  // The cell that the menu stands in is set to the end.
  static override styles = [base, buttons, surfaces, archiveStyles, css`hansard-dialog, class-dialog { text-align: start; }`];

  #changed(change: Partial<AccountRow>): void {
    this.dispatchEvent(new CustomEvent('changed', { detail: change }));
  }
  #refused({ sentence }: Refusal): void {
    toast(`Nothing was changed. ${sentence}`, { danger: true });
  }
  async #asking<T>(call: Promise<Answer<T>>): Promise<T | undefined> {
    this.working = true;
    const answer = await call;
    this.working = false;
    if (answer.ok) return answer.output;
    this.#refused(answer);
    return undefined;
  }

  async #suspend({ account, displayName }: AccountRow): Promise<void> {
    if (!(await this.#asking(call(suspendAccount, { account }, { once: true })))) return;
    this.#changed({ suspended: true, sessions: 0 });
    toast(`${displayName} is suspended; every session ends within a second. Nothing said is lost.`, { act: { label: 'Undo', run: () => void this.#restore(account, displayName) } });
  }
  async #restore(account: string, displayName: string): Promise<void> {
    if (!(await this.#asking(call(restoreAccount, { account }, { once: true })))) return;
    this.#changed({ suspended: false });
    toast(`${displayName} can sign in again.`);
  }
  async #administrator({ account, displayName, roles }: AccountRow): Promise<void> {
    const role = 'administrator';
    if (roles.includes(role)) {
      if (!(await this.#asking(call(withdrawRole, { account, role }, { once: true })))) return;
      this.#changed({ roles: roles.filter((one) => one !== role) });
      return toast(`${displayName} is no longer an administrator.`);
    }
    if (!(await this.#asking(call(grantRole, { account, role }, { once: true })))) return;
    this.#changed({ roles: [...roles, role] });
    toast(`${displayName} is an administrator now.`);
  }
  async #officer({ account, displayName }: AccountRow): Promise<void> {
    this.asked = undefined;
    const output = await this.#asking(call(grantRole, { account, role: 'officer' }, { once: true }));
    if (!output) return;
    this.dispatchEvent(new CustomEvent('requested'));
    toast(`Asked. ${displayName} becomes an officer when a second officer approves.`);
  }
  async #password({ account, displayName }: AccountRow): Promise<void> {
    this.asked = undefined;
    const output = await this.#asking(call(makePasswordLink, { account }, { once: true }));
    if (!output) return;
    if (output.link !== null) {
      this.asked = { is: 'link', link: output.link, expiresAt: output.expiresAt };
      return;
    }
    this.dispatchEvent(new CustomEvent('requested'));
    toast(`Asked. A second officer approves the link for ${displayName} and gets it.`);
  }

  #dialog(row: AccountRow, asked: Asked): TemplateResult {
    const closed = (event: Event): void => {
      event.stopPropagation();
      this.asked = undefined;
    };
    const name = html`<bdi>${row.displayName}</bdi>`;
    switch (asked.is) {
      case 'officer': return html`<hansard-dialog heading="Ask for a second officer" @closed=${closed}>
          <p>${name} becomes a compliance officer when an officer approves. Neither you nor ${name} can approve it.</p>
          <p class="small">Officers read the archive, first versions and retracted messages too. Every look of theirs is recorded.</p>
          <button slot="actions" class="button primary" @click=${() => this.#officer(row)}>Ask</button></hansard-dialog>`;
      case 'password': return html`<hansard-dialog heading="Make a password link" @closed=${closed}>
          <p>Whoever has the link sets a new password for ${name}, once. All sessions of ${name} end then, and ${name} is told at the next sign-in that you made it.</p>
          ${row.roles.includes('officer') ? html`<p class="small">${name} is an officer: a second officer has to approve, and gets the link.</p>` : nothing}
          <button slot="actions" class="button primary" @click=${() => this.#password(row)}>${row.roles.includes('officer') ? 'Ask' : 'Make the link'}</button></hansard-dialog>`;
      case 'class': return html`<class-dialog .row=${row} .classes=${this.classes} @changed=${({ detail }: CustomEvent<Partial<AccountRow>>) => this.#changed(detail)} @closed=${closed}></class-dialog>`;
      case 'link': return html`<hansard-dialog heading="Password link" steady @closed=${closed}><once-link .link=${asked.link} .expiresAt=${asked.expiresAt}>For ${name}. It is shown only now: hand it over yourself.</once-link></hansard-dialog>`;
    }
  }

  override render() {
    const { row, asked } = this;
    if (!row) return nothing;
    const myself = row.account === workspace.me?.account;
    const isAdministrator = row.roles.includes('administrator');
    return html`<hansard-menu label="Acts for ${row.displayName}" align="end">
        <button slot="trigger" class="icon-button" aria-label="Acts for ${row.displayName}" aria-haspopup="menu" ?disabled=${this.working}>${icon('ellipsis')}</button>
        <button role="menuitem" class="menu-item" ?disabled=${row.suspended} @click=${() => (this.asked = { is: 'password' })}>${icon('key-round')}Make a password link…</button>
        <button role="menuitem" class="menu-item" ?disabled=${row.suspended} @click=${() => this.#administrator(row)}>${icon('sliders-horizontal')}${isAdministrator ? `Withdraw ${roleNames.administrator.toLowerCase()}` : `Make ${roleNames.administrator.toLowerCase()}`}</button>
        ${row.roles.includes('officer') ? nothing : html`<button role="menuitem" class="menu-item" ?disabled=${row.suspended} @click=${() => (this.asked = { is: 'officer' })}>${icon('scale')}Ask for the officer’s role…</button>`}
        <button role="menuitem" class="menu-item" @click=${() => (this.asked = { is: 'class' })}>${icon('layers')}Class of service…</button>
        <hr class="menu-rule">
        ${row.suspended
          ? html`<button role="menuitem" class="menu-item" @click=${() => this.#restore(row.account, row.displayName)}>${icon('undo-2')}Restore</button>`
          : html`<button role="menuitem" class="menu-item danger" ?disabled=${myself} @click=${() => this.#suspend(row)}>${icon('user-x')}Suspend</button>`}
      </hansard-menu>${asked ? this.#dialog(row, asked) : nothing}`;
  }
}
customElements.define('person-menu', PersonMenu);
