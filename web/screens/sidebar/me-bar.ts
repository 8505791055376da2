import { css, html, LitElement, nothing } from 'lit';
import type { PresenceState } from '#src/contract/shapes.ts';
import { openDialog } from '../../app/shell-state.ts';
import { signOut } from '../../app/sign-out.ts';
import { chooseTheme, theme, type Theme } from '../../app/theme.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { presenceMark, presenceWords } from '../../elements/hansard-avatar.ts';
import '../../elements/hansard-menu.ts';
import { icon, type IconName } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';

const states: readonly PresenceState[] = ['available', 'away', 'busy', 'offline'];
const themes: readonly (readonly [Theme, string, IconName])[] = [['system', 'As the system', 'monitor'], ['light', 'Light', 'sun'], ['dark', 'Dark', 'moon']];

/** Oneself, at the foot of the list: how one is seen, how it looks, and the way out. */
export class MeBar extends LitElement {
  static override styles = [base, buttons, surfaces, css`
    :host { display: flex; align-items: center; gap: 0.25rem; padding: 0.4375rem 0.75rem; min-block-size: 3.5rem; border-block-start: 1px solid var(--rule); }
    hansard-menu.who { flex: 1; min-inline-size: 0; }
    .me { display: flex; align-items: center; gap: 0.625rem; inline-size: 100%; padding: 0.25rem 0.25rem; border: 0; border-radius: var(--round-m); background: none; text-align: start; cursor: pointer; }
    .me:hover { background: var(--hover); }
    .me .text { min-inline-size: 0; flex: 1; line-height: 1.3; }
    .state { font-size: var(--text-s); color: var(--ink-3); }
    .presence-mark { flex: none; margin-inline: 4px; forced-color-adjust: none; --avatar-surface: var(--raised); }
  `];

  constructor() {
    super();
    new StoreController(this, workspace.session, workspace.presence.version, workspace.presence.chosen, workspace.presence.unseen, workspace.connection, theme);
  }

  get #state(): PresenceState {
    const { me, presence } = workspace;
    if (['reconnecting', 'offline'].includes(workspace.connection.value)) return 'offline';
    return presence.chosen.value ?? (me ? presence.stateOf(me.account) : 'offline');
  }
  #choose(state: PresenceState): void {
    void workspace.presence.choose(state === 'available' ? null : state); // Available follows the sockets: away by itself, and back.
  }

  override render() {
    const { me } = workspace;
    if (!me) return nothing;
    const now = this.#state;
    return html`
      <hansard-menu class="who" label="How others see you" side="top">
        <button slot="trigger" class="me">
          <hansard-avatar aria-hidden="true" .name=${me.displayName} .key=${me.account} .presence=${now}></hansard-avatar>
          <span class="text"><span class="one-line" dir="auto">${me.displayName}</span><span class="state one-line">${presenceWords[now]}${workspace.presence.unseen.value ? ', nothing alerts you' : ''}</span></span><span class="seen-by-readers-only">Change how others see you</span>
        </button>
        ${states.map((state) => html`<button role="menuitemradio" class="menu-item" aria-checked=${state === now} @click=${() => this.#choose(state)}>${presenceMark(state)}${presenceWords[state]}${state === now ? html`<span class="end">${icon('check', 16)}</span>` : nothing}</button>`)}
      </hansard-menu>
      <hansard-menu label="Settings" side="top" align="end">
        <button slot="trigger" class="icon-button" aria-label="Settings" data-tip="Theme, help, password, sign out">${icon('settings', 19)}</button>
        <p class="menu-title">Theme</p>
        ${themes.map(([value, label, drawing]) => html`<button role="menuitemradio" class="menu-item" aria-checked=${theme.value === value} @click=${() => chooseTheme(value)}>${icon(drawing)}${label}${theme.value === value ? html`<span class="end">${icon('check', 16)}</span>` : nothing}</button>`)}
        <hr class="menu-rule">
        <a role="menuitem" class="menu-item" href="/calls">${icon('phone')}Past calls</a>
        <a role="menuitem" class="menu-item" href="/files">${icon('paperclip')}Sent files</a>
        <button role="menuitem" class="menu-item" @click=${() => openDialog({ is: 'help' })}>${icon('info')}Help<span class="end">F1</span></button>
        <button role="menuitem" class="menu-item" @click=${() => openDialog({ is: 'shortcuts' })}>${icon('keyboard')}Keyboard shortcuts<span class="end">Ctrl /</span></button>
        <button role="menuitem" class="menu-item" @click=${() => openDialog({ is: 'password' })}>${icon('key-round')}Change password</button>
        <button role="menuitem" class="menu-item" @click=${() => openDialog({ is: 'about' })}>${icon('landmark')}About Hansard</button>
        <hr class="menu-rule">
        <button role="menuitem" class="menu-item" @click=${signOut}>${icon('log-out')}Sign out</button>
        <button role="menuitem" class="menu-item" @click=${() => openDialog({ is: 'sign-out', everywhere: true })}>${icon('log-out')}Sign out everywhere…</button>
      </hansard-menu>`;
  }
}
customElements.define('me-bar', MeBar);
