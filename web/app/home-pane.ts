import { css, html, LitElement, nothing } from 'lit';
import { StoreController } from '../client/store.ts';
import { workspace } from '../client/workspace.ts';
import '../elements/hansard-avatar.ts';
import { icon } from '../elements/icons.ts';
import { lastSaid, otherOf } from '../screens/sidebar/rows.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/buttons.ts';
import { surfaces } from '../styles/surfaces.ts';
import { flatOrder, isUnread, orderOf } from './conversation-order.ts';
import { pathOfConversation } from './router.ts';
import { openDialog } from './shell-state.ts';

/** Beside the list while no conversation is open: what needs me? */
export class HomePane extends LitElement {
  static override styles = [base, buttons, surfaces, css`
    :host { display: grid; align-content: start; padding: clamp(1.5rem, 9vh, 6rem) var(--space-6); overflow-y: auto; }
    .page { display: grid; gap: var(--space-5); inline-size: min(34rem, 100%); margin-inline: auto; }
    h1 { font: 600 var(--text-2xl)/1.2 var(--font-record); }
    .says { color: var(--ink-2); margin-block-start: var(--space-2); }
    li + li { border-block-start: 1px solid var(--rule); }
    li a { display: flex; align-items: center; gap: var(--space-3); padding: 0.625rem var(--space-2); margin-inline: calc(-1 * var(--space-2)); color: var(--ink); text-decoration: none; border-radius: var(--round-m); }
    li a:hover { background: var(--hover); }
    li .text { flex: 1; min-inline-size: 0; }
    li .name { font-weight: 600; }
    li .last { font-size: var(--text-s); color: var(--ink-2); }
    .hash { display: grid; place-items: center; inline-size: 28px; color: var(--ink-3); }
    .acts { display: flex; flex-wrap: wrap; gap: var(--space-2); }
    .notice { display: flex; gap: var(--space-2); align-items: center; font-size: var(--text-s); color: var(--ink-3); padding-block-start: var(--space-4); border-block-start: 1px solid var(--rule); }
  `];

  constructor() {
    super();
    new StoreController(this, workspace.conversations, workspace.directory.version, workspace.session);
  }
  override connectedCallback(): void {
    super.connectedCallback();
    workspace.place.set('');
  }

  override render() {
    const mine = workspace.conversations.value;
    if (!mine || !workspace.me) return nothing;
    const waiting = flatOrder(orderOf(mine)).filter(isUnread);
    const nobody = mine.conversations.length === 0;
    return html`<div class="page">
      <div><h1>${waiting.length > 0 ? 'New since you left' : nobody ? `Welcome, ${workspace.me.displayName}` : 'Nothing waits for you'}</h1>
        <p class="says">${waiting.length > 0 ? `${waiting.length} ${waiting.length === 1 ? 'conversation has' : 'conversations have'} something new.` : nobody ? 'You are in no conversation yet. Write to somebody, or open a group or a space.' : 'You have read everything in your conversations.'}</p></div>
      ${waiting.length > 0 ? html`<ul>${waiting.slice(0, 12).map((row) => html`<li><a href=${pathOfConversation(row.conversationId)}>
        ${row.kind === 'channel' ? html`<span class="hash">${icon('hash')}</span>` : html`<hansard-avatar .name=${workspace.titleOf(row)} .key=${otherOf(row) ?? row.conversationId} ?square=${row.kind === 'group'}></hansard-avatar>`}
        <span class="text"><span class="name one-line" dir="auto">${workspace.titleOf(row)}</span><span class="last one-line" dir="auto">${lastSaid(row)}</span></span>
        <span class="count ${row.mentions > 0 || row.kind === 'direct' ? 'strong' : ''}">${row.unread > 999 ? '999+' : row.unread}</span></a></li>`)}</ul>` : nothing}
      <div class="acts">
        <button class="button ${nobody ? 'primary' : ''}" @click=${() => openDialog({ is: 'new-direct' })}>${icon('message-square')}Write to somebody</button>
        <button class="button" @click=${() => openDialog({ is: 'new-group' })}>${icon('users')}New group</button>
        <button class="button" @click=${() => openDialog({ is: 'new-space' })}>${icon('layers')}New space</button>
      </div>
      <p class="notice">${icon('landmark', 15)}<span>${workspace.me.notice}</span></p>
    </div>`;
  }
}
customElements.define('home-pane', HomePane);
