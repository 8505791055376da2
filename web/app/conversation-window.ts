import { css, html, LitElement } from 'lit';
import '../screens/conversation/conversation-screen.ts';
import { workspace } from '../client/workspace.ts';
import { base } from '../styles/base.ts';
import { navigate } from './router.ts';
import './standing-banners.ts';

/** One conversation in a narrow window of its own. Everything else stays in the tab it came from. */
export class ConversationWindow extends LitElement {
  static override properties = { conversationId: {} };
  declare conversationId: string;

  constructor() {
    super();
    this.conversationId = '';
  }

  /** Whose window this is chose how they are seen: that holds here too. */
  #endWatching: () => void = () => undefined;
  override connectedCallback(): void {
    super.connectedCallback();
    this.#endWatching = workspace.presence.watch(workspace.me ? [workspace.me.account] : []);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endWatching();
  }

  static override styles = [base, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); block-size: 100dvh; }
    main { display: grid; min-block-size: 0; min-inline-size: 0; background: var(--page); }
    main > * { min-block-size: 0; min-inline-size: 0; }
  `];

  override render() {
    return html`<standing-banners></standing-banners>
      <main @navigate=${(event: CustomEvent<{ readonly path: string }>) => navigate(event.detail.path)}><conversation-screen alone .conversationId=${this.conversationId}></conversation-screen></main>`;
  }
}
customElements.define('conversation-window', ConversationWindow);
