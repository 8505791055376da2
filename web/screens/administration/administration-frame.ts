import { css, html, LitElement, nothing } from 'lit';
import { signOut } from '../../app/sign-out.ts';
import '../../app/standing-banners.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import { icon, type IconName } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { archiveStyles } from '../archive/archive-styles.ts';

export type AdministrationPlace = 'health' | 'people' | 'settings' | 'audit';
const places: readonly (readonly [place: AdministrationPlace, word: string, address: string, drawing: IconName])[] = [
  ['health', 'Health', '/administration', 'activity'],
  ['people', 'People', '/administration/people', 'users'],
  ['settings', 'Settings', '/administration/settings', 'sliders-horizontal'],
  ['audit', 'Audit log', '/audit', 'scroll-text'],
];

/** The administrator's pages: where one can go, who one is, and the page in the slot. Beside it from 720 px, above it below. */
export class AdministrationFrame extends LitElement {
  static override properties = { here: {} };
  declare here: AdministrationPlace;

  constructor() {
    super();
    this.here = 'health';
    new StoreController(this, workspace.session);
  }

  static override styles = [base, buttons, archiveStyles, css`
    :host { display: grid; grid-template-columns: 17.75rem minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr); block-size: 100dvh; background: var(--page); }
    standing-banners { grid-column: 1 / -1; }
    .side { display: flex; flex-direction: column; min-block-size: 0; background: var(--panel); border-inline-end: 1px solid var(--rule); --avatar-surface: var(--panel); }
    .mark { padding: 0.75rem var(--space-4) var(--space-4); }
    .mark a { font: 600 var(--text-l)/1.3 var(--font-record); color: var(--ink); text-decoration: none; }
    nav { flex: 1; padding-inline: var(--space-2); overflow: auto; }
    nav li { padding-block: 1px; }
    nav a { display: flex; align-items: center; gap: 0.625rem; min-block-size: 2.125rem; padding: 0 0.625rem; border-radius: var(--round-m); color: var(--ink-2); text-decoration: none; white-space: nowrap; }
    nav a:hover { background: var(--hover); color: var(--ink); }
    nav a[aria-current="page"] { background: var(--accent-soft); color: var(--ink); font-weight: 600; }
    .me { display: flex; align-items: center; gap: 0.625rem; padding: 0.625rem 0.75rem; border-block-start: 1px solid var(--rule); }
    .me > div { flex: 1; min-inline-size: 0; line-height: 1.3; }
    main { min-inline-size: 0; min-block-size: 0; overflow-y: auto; }
    main:focus-visible { outline-offset: -2px; }
    @media (pointer: coarse) { nav a { min-block-size: 2.75rem; } }
    @media (max-width: 1099px) { :host { grid-template-columns: 13.5rem minmax(0, 1fr); } }
    @media (max-width: 719px) {
      :host { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto auto minmax(0, 1fr); }
      .side { display: grid; grid-template-columns: minmax(0, 1fr) auto; border: 0; border-block-end: 1px solid var(--rule); }
      .mark { display: flex; align-items: baseline; gap: var(--space-2); padding: 0.5rem var(--space-4) 0.25rem; }
      .me { grid-column: 2; grid-row: 1; border: 0; padding: 0.25rem 0.5rem 0 0; }
      .me hansard-avatar, .me > div { display: none; }
      nav { grid-column: 1 / -1; padding-block-end: 0.25rem; }
      nav ul { display: flex; }
      nav a { padding-inline: 0.5rem; font-size: var(--text-s); gap: 0.375rem; }
    }
    @media (max-width: 479px) { nav .icon { display: none; } }
    @media (forced-colors: active) { nav a[aria-current="page"] { outline: 2px solid Highlight; outline-offset: -2px; } }
  `];

  override render() {
    const { me } = workspace;
    if (!me) return nothing;
    return html`<standing-banners></standing-banners>
      <header class="side">
        <div class="mark"><a href="/" data-tip="To conversations">Hansard</a><p class="small">Administration</p></div>
        <nav aria-label="Administration"><ul>${places.map(([place, word, address, drawing]) => html`<li><a href=${address} aria-current=${place === this.here ? 'page' : nothing}>${icon(drawing)}${word}</a></li>`)}</ul></nav>
        <div class="me"><hansard-avatar .name=${me.displayName} .key=${me.account} .size=${30}></hansard-avatar>
          <div><p class="one-line" dir="auto">${me.displayName}</p><p class="small">Administrator</p></div>
          <button class="icon-button" aria-label="Sign out" data-tip="Sign out" @click=${signOut}>${icon('log-out')}</button></div>
      </header>
      <main tabindex="0"><slot></slot></main>`;
  }
}
customElements.define('administration-frame', AdministrationFrame);
