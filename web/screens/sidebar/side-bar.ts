import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { orderOf, type Ordered, type SpaceWithChannels } from '../../app/conversation-order.ts';
import { mayOpenScreen } from '../../app/lazy-screens.ts';
import { route } from '../../app/router.ts';
import { openDialog } from '../../app/shell-state.ts';
import { rosters } from '../../calls/rosters.ts';
import { drafts } from '../../client/drafts.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import '../../elements/hansard-menu.ts';
import { icon, type IconName } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import './me-bar.ts';
import { channelRow, otherOf, personRow, rowStyles, spaceHead } from './rows.ts';

const offices = [
  { screen: 'archive', says: 'Archive', drawing: 'scale' },
  { screen: 'audit', says: 'Audit log', drawing: 'scroll-text' },
  { screen: 'administration', says: 'Administration', drawing: 'activity' },
] as const satisfies readonly { screen: string; says: string; drawing: IconName }[];

/** The list that answers: what needs me? */
export class SideBar extends LitElement {
  static override properties = { below: { state: true } };
  declare below: number;
  #endWatching: () => void = () => {};
  #watched = '';

  static override styles = [base, buttons, surfaces, rowStyles, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr) auto; block-size: 100%; min-block-size: 0; }
    header { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: 0.5rem; padding: 0.625rem 0.75rem 0.5rem; }
    .whose { padding-inline-start: 0.25rem; min-inline-size: 0; }
    .wordmark { font: 700 1.1875rem/1.25 var(--font-record); color: var(--ink); }
    .wordmark a { color: inherit; text-decoration: none; border-radius: 2px; }
    .organisation { font-size: var(--text-s); line-height: 1.35; color: var(--ink-3); }
    .jump { grid-column: 1 / -1; display: flex; align-items: center; gap: 0.5rem; min-block-size: 2.125rem; padding: 0 0.375rem 0 0.625rem; border: 1px solid var(--control); border-radius: var(--round-m); background: var(--raised); color: var(--ink-3); font-size: var(--text-s); text-align: start; cursor: pointer; }
    .jump:hover { border-color: var(--ink-3); }
    .jump > span { flex: 1; }
    .jump > .icon { color: var(--ink-2); }
    .list { position: relative; min-block-size: 0; display: grid; }
    .scroll { padding-block-end: var(--space-4); }
    .heading { display: flex; align-items: center; justify-content: space-between; min-block-size: 1.875rem; padding-inline: 1rem 0.75rem; margin-block-start: 0.375rem; }
    h2 { font-size: var(--text-s); font-weight: 600; color: var(--ink-2); }
    .heading .icon-button { inline-size: 1.625rem; block-size: 1.625rem; }
    .space + .space { margin-block-start: 0.25rem; }
    .nothing { padding: 0.125rem 1rem 0.5rem; font-size: var(--text-s); color: var(--ink-3); }
    .below { position: absolute; inset-block-end: 0.625rem; inset-inline: 0; inline-size: fit-content; margin-inline: auto; min-block-size: 1.75rem; padding: 0 0.75rem; border: 0; border-radius: var(--round-full); background: var(--accent); color: var(--accent-ink); font-size: var(--text-s); font-weight: 600; display: flex; gap: 0.25rem; align-items: center; cursor: pointer; box-shadow: var(--shadow); }
    .offices { padding-block: 0.375rem; border-block-start: 1px solid var(--rule); }
    .offices .row { padding-inline-start: 0.75rem; }
    .offices .row.officer { color: var(--officer); }
    .offices .row.officer > .icon { color: inherit; }
    .skeleton { block-size: 0.75rem; margin: 1.125rem 1rem; }
    .skeleton:nth-child(odd) { margin-inline-end: 5rem; }
    .row.browse { inline-size: calc(100% - 1rem); border: 0; background: none; text-align: start; }
    .row.browse:hover { background: var(--hover); }
    @media (max-width: 719px) { .jump kbd { display: none; } }
  `];

  constructor() {
    super();
    this.below = 0;
    new StoreController(this, workspace.conversations, workspace.directory.version, workspace.presence.version, workspace.session, route, drafts.all, rosters);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endWatching();
    this.#watched = '';
  }

  override updated(): void {
    const shown = [workspace.me?.account, ...(workspace.conversations.value?.conversations ?? []).map(otherOf)].filter((account) => account !== undefined);
    if (shown.join() !== this.#watched) {
      this.#watched = shown.join();
      this.#endWatching();
      this.#endWatching = workspace.presence.watch(shown);
    }
    this.#countBelow();
  }

  /** Rows that have something new and lie under the lower edge. */
  #unreadBelow(): HTMLElement[] {
    const list = this.renderRoot.querySelector('.scroll');
    if (!list?.clientHeight) return []; // Not on screen: nothing lies under an edge.
    const edge = list.getBoundingClientRect().bottom;
    return [...list.querySelectorAll<HTMLElement>('.row.unread')].filter((row) => row.getBoundingClientRect().top + 8 > edge);
  }
  #countBelow = (): void => {
    this.below = this.#unreadBelow().length;
  };
  #showBelow = (): void => this.#unreadBelow()[0]?.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });

  #isCurrent(conversationId: string): boolean {
    return route.value.screen === 'conversation' && route.value.conversationId === conversationId;
  }
  #state = (conversationId: string) => ({ current: this.#isCurrent(conversationId), draft: !this.#isCurrent(conversationId) && drafts.all.value.has(conversationId) });

  #space = (entry: SpaceWithChannels): TemplateResult => {
    const { spaceId } = entry.space;
    const more = entry.space.channelCount - entry.channels.filter(({ closed }) => !closed).length;
    return html`<li class="space">
      ${spaceHead(entry, route.value.screen === 'space' && route.value.spaceId === spaceId)}
      <ul>${repeat(entry.channels, (row) => row.conversationId, (row) => channelRow(row, this.#state(row.conversationId)))}
        ${more > 0 ? html`<li><button class="row one browse" @click=${() => openDialog({ is: 'browse-channels', spaceId })}>${icon('plus', 16)}<span class="name">Browse ${more} more ${more === 1 ? 'channel' : 'channels'}</span></button></li>` : nothing}
      </ul></li>`;
  };

  #lists(ordered: Ordered | undefined): TemplateResult {
    if (!ordered) return html`<div aria-hidden="true">${[0, 1, 2, 3, 4].map(() => html`<span class="skeleton"></span>`)}</div>`;
    return html`
      <div class="heading"><h2>Conversations</h2></div>
      ${ordered.people.length === 0 ? html`<p class="nothing">Nobody yet. Ctrl K finds somebody to write to.</p>` : html`<ul>${repeat(ordered.people, (row) => row.conversationId, (row) => personRow(row, this.#state(row.conversationId)))}</ul>`}
      <div class="heading"><h2>Spaces</h2><button class="icon-button" aria-label="New space" data-tip="New space" @click=${() => openDialog({ is: 'new-space' })}>${icon('plus', 16)}</button></div>
      ${ordered.spaces.length === 0 ? html`<p class="nothing">You are in no space yet.</p>` : html`<ul>${repeat(ordered.spaces, ({ space }) => space.spaceId, this.#space)}</ul>`}`;
  }

  override render() {
    const { me } = workspace;
    if (!me) return nothing;
    const mine = workspace.conversations.value;
    const open = offices.filter(({ screen }) => mayOpenScreen(screen, me));
    return html`
      <header>
        <div class="whose"><p class="wordmark"><a href="/">Hansard</a></p><p class="organisation one-line" dir="auto">${me.organisation}</p></div>
        <hansard-menu label="New" align="end">
          <button slot="trigger" class="icon-button" aria-label="New" data-tip="New chat, group, space or meeting">${icon('square-pen', 19)}</button>
          <button role="menuitem" class="menu-item" @click=${() => openDialog({ is: 'new-direct' })}>${icon('message-square')}Write to somebody</button>
          <button role="menuitem" class="menu-item" @click=${() => openDialog({ is: 'new-group' })}>${icon('users')}New group</button>
          <button role="menuitem" class="menu-item" @click=${() => openDialog({ is: 'new-space' })}>${icon('layers')}New space</button>
          <button role="menuitem" class="menu-item" @click=${() => openDialog({ is: 'new-meeting' })}>${icon('video')}New meeting</button>
        </hansard-menu>
        <button class="jump" @click=${() => openDialog({ is: 'switcher' })}>${icon('search', 16)}<span>Search or jump to…</span><kbd>Ctrl K</kbd></button>
      </header>
      <div class="list"><div class="scroll" @scroll=${this.#countBelow}>${this.#lists(mine && orderOf(mine))}</div>
        ${this.below > 0 ? html`<button class="below" @click=${this.#showBelow}>${icon('arrow-down', 14)}${this.below} unread below</button>` : nothing}</div>
      <footer>
        ${open.length > 0 ? html`<ul class="offices">${open.map(({ screen, says, drawing }) => html`<li><a class="row one ${screen === 'archive' ? 'officer' : ''}" href="/${screen}">${icon(drawing, 16)}<span class="name">${says}</span></a></li>`)}</ul>` : nothing}
        <me-bar></me-bar>
      </footer>`;
  }
}
customElements.define('side-bar', SideBar);
