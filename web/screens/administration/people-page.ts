import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AccountRow } from '#src/contract/accounts.ts';
import { StoreController } from '../../client/store.ts';
import '../../elements/hansard-avatar.ts';
import '../../elements/hansard-segments.ts';
import { icon } from '../../elements/icons.ts';
import { count, fullTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { archiveStyles } from '../archive/archive-styles.ts';
import '../archive/first-officer.ts';
import type { OfficerRequests } from '../archive/officer-requests.ts';
import '../archive/officer-requests.ts';
import { recentOf } from '../archive/record-times.ts';
import './open-account-dialog.ts';
import { PeopleReading, type PeopleState } from './people-reading.ts';
import { peopleStyles } from './people-styles.ts';
import './person-menu.ts';
import { roleNames } from './role-names.ts';

/** Who is here and what may they do? With `whole` it is a page of its own, else it stands below the health. */
export class PeoplePage extends LitElement {
  static override properties = { whole: { type: Boolean, reflect: true }, adding: { state: true } };
  declare whole: boolean;
  declare adding: boolean;
  readonly #people = new PeopleReading();

  constructor() {
    super();
    this.whole = false;
    this.adding = false;
    new StoreController(this, this.#people.state);
  }

  static override styles = [base, buttons, fields, surfaces, archiveStyles, peopleStyles, css`
    :host { display: block; }
    :host([whole]) { padding: var(--space-5) var(--space-6) var(--space-7); }
    .page { max-inline-size: 76rem; margin-inline: auto; display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-3); }
    .title { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2) var(--space-3); }
    .title > :first-child { flex: 1 1 8rem; font: 600 var(--text-l)/1.3 var(--font-record); }
    :host([whole]) .title > :first-child { font-size: var(--text-xl); }
    .search-box { inline-size: min(15rem, 100%); }
    .search-box .input { unicode-bidi: plaintext; min-block-size: var(--control-height); font-size: var(--text-s); }
    .foot { display: flex; align-items: center; gap: var(--space-3); }
    .skeleton { block-size: 1.5rem; margin-block: 0.75rem; }
    @media (max-width: 719px) { :host([whole]) { padding: var(--space-4); } .search-box { flex: 1 1 10rem; } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#people.read();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#people.stop();
  }
  #requested = (): void => void this.renderRoot.querySelector<OfficerRequests>('officer-requests')?.load();

  #row(row: AccountRow): TemplateResult {
    const roles = row.roles.map((role) => roleNames[role]).join(', ') || (row.kind === 'nickname' ? 'Nickname of an import' : 'None');
    return html`<tr role="row">
      <td role="cell" class="name"><span class="person"><hansard-avatar .name=${row.displayName} .key=${row.account} .size=${26}></hansard-avatar><span class="one-line" dir="auto" title=${row.displayName}>${row.displayName}</span>
        ${row.suspended ? html`<span class="tag danger">Suspended</span>` : !row.hasPassword && row.kind === 'employee' ? html`<span class="tag">No password yet</span>` : nothing}</span></td>
      <td role="cell" class="address" title=${row.email ?? ''}>${row.signInName ?? ''}${row.email ? html`<span class="mail one-line">${row.email}</span>` : nothing}</td>
      <td role="cell" class="role">${roles}${row.classOfService === null ? nothing : html`<span class="class one-line" dir="auto" title=${row.classOfService}>${row.classOfService}</span>`}</td>
      <td role="cell" class="last">${row.lastSignedInAt === null ? html`<span class="small">Never</span>` : html`<span title=${fullTime(row.lastSignedInAt)}>${recentOf(row.lastSignedInAt, Date.now())}</span>`}</td>
      <td role="cell" class="sessions">${count(row.sessions)}</td>
      <td role="cell" class="menu">${row.kind === 'employee' ? html`<person-menu .row=${row} .classes=${this.#people.classes} @changed=${(event: CustomEvent<Partial<AccountRow>>) => this.#people.changed(row.account, event.detail)} @requested=${this.#requested}></person-menu>` : nothing}</td></tr>`;
  }

  #table(state: PeopleState): TemplateResult {
    const { rows, failure, find, after, total, running } = state;
    if (failure && !rows) return html`<div class="trouble" role="alert"><strong>The people could not be listed.</strong><p>${failure.sentence}</p><button class="button" @click=${() => this.#people.read()}>Try again</button></div>`;
    if (!rows) return html`<div aria-busy="true">${[0, 1, 2, 3, 4].map(() => html`<span class="skeleton"></span>`)}</div>`;
    if (rows.length === 0) return html`<div class="trouble"><strong>${find === '' ? 'Nobody is here yet.' : 'Nobody of this name.'}</strong>${find === '' ? html`<p>Open the first account; its holder gets a link to set the password.</p>` : html`<p>Names, sign-in names and e-mail addresses were searched.</p>`}</div>`;
    return html`<table role="table" aria-label="People">
      <thead role="rowgroup"><tr role="row"><th role="columnheader" class="name">Name</th><th role="columnheader" class="address">Sign-in name</th><th role="columnheader" class="role">Role</th><th role="columnheader" class="last">Last signed in</th><th role="columnheader" class="sessions">Sessions</th><th role="columnheader" class="menu"><span class="seen-by-readers-only">Acts</span></th></tr></thead>
      <tbody role="rowgroup">${repeat(rows, (row) => row.account, (row) => this.#row(row))}</tbody></table>
      <div class="foot">${after === null ? nothing : html`<button class="button" ?disabled=${running} @click=${() => this.#people.more()}>Show more</button>`}<span class="small">${rows.length < total ? `${count(rows.length)} of ${count(total)}` : nothing}</span>
        ${failure ? html`<span class="fault" role="alert">${failure.sentence}</span>` : nothing}</div>`;
  }

  override render() {
    const state = this.#people.state.value;
    return html`<div class="page">
      <div class="title">${this.whole ? html`<h1>People</h1>` : html`<h2>People</h2>`}
        ${this.whole ? html`<hansard-segments label="Which people" .segments=${[{ value: 'employee', label: 'Accounts' }, { value: 'nickname', label: 'Imported' }]} .value=${state.kind} @chosen=${(event: CustomEvent<PeopleState['kind']>) => this.#people.show(event.detail)}></hansard-segments>` : nothing}
        <label class="search-box">${icon('search', 16)}<input class="input" type="search" aria-label="Find people by name or address" placeholder="Name or address" autocomplete="off" .value=${state.find} @input=${(event: Event) => this.#people.find((event.target as HTMLInputElement).value)}></label>
        <button class="button primary" @click=${() => (this.adding = true)}>${icon('user-plus')}Open an account</button></div>
      <officer-requests></officer-requests>
      ${this.#table(state)}
      <first-officer></first-officer>
    </div>
    ${this.adding ? html`<open-account-dialog @opened=${() => this.#people.read()} @closed=${() => (this.adding = false)}></open-account-dialog>` : nothing}`;
  }
}
customElements.define('people-page', PeoplePage);
