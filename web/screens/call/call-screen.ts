import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { route } from '../../app/router.ts';
import { leftWords } from '../../calls/call-words.ts';
import { liveCall } from '../../calls/live-call.ts';
import { rosters } from '../../calls/rosters.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import './call-in-progress.ts';
import './call-lobby.ts';

// Who is elsewhere hears that it ended, and has nothing to close. Whoever left knows it, and the call may go on.
liveCall.state.watch((state) => {
  if (state.phase !== 'left' || (route.value.screen === 'conversation' && route.value.conversationId === state.conversationId)) return;
  if (state.why !== 'self') toast(leftWords(state.why, 'Nobody').title);
  liveCall.close();
});

/** In the place of a conversation while this tab is in its call, or before and after. */
export class CallScreen extends LitElement {
  static override properties = { revision: { attribute: false } };
  declare revision: number | null;

  constructor() {
    super();
    this.revision = null;
    new StoreController(this, liveCall.state, rosters, workspace.directory.version, workspace.conversations);
  }
  static override styles = [base, buttons, css`
    :host { display: grid; min-block-size: 0; min-inline-size: 0; }
    .over { display: grid; align-content: center; justify-items: start; gap: var(--space-3); max-inline-size: 32rem; margin: auto; padding: var(--space-5); }
    h1 { font: 600 var(--text-2xl)/1.2 var(--font-record); overflow-wrap: anywhere; }
    .acts { display: flex; flex-wrap: wrap; gap: var(--space-2); }
    .joining { margin: auto; color: var(--ink-2); }
  `];

  #left(): TemplateResult | typeof nothing {
    const { value } = liveCall.state;
    if (value.phase !== 'left') return nothing;
    const row = workspace.conversation(value.conversationId);
    const { title, says } = leftWords(value.why, row?.kind === 'direct' ? workspace.titleOf(row) : 'Nobody');
    const goesOn = rosters.value.has(value.conversationId) && value.why !== 'removed' && value.why !== 'not-a-member';
    const again = goesOn ? (value.why === 'other-device' ? 'Bring it here' : 'Join again') : ['declined', 'no-answer', 'given-up'].includes(value.why) ? 'Call again' : '';
    return html`<div class="over"><h1 dir="auto">${title}</h1><p role="status">${value.sentence || says}</p><div class="acts">
      <button class="button primary" @click=${() => liveCall.close()}>To the conversation</button>
      ${again ? html`<button class="button" @click=${() => liveCall.enterLobby(value.conversationId)}>${again}</button>` : nothing}
      ${value.why === 'lost' || value.why === 'refused' ? html`<a class="button quiet" href="/calls/test">Call test</a>` : nothing}</div></div>`;
  }

  override render() {
    const { value } = liveCall.state;
    switch (value.phase) {
      case 'idle': return nothing;
      case 'lobby': return html`<call-lobby .conversationId=${value.conversationId} .callId=${value.callId}></call-lobby>`;
      case 'joining': return html`<p class="joining" role="status">Joining…</p>`;
      case 'left': return this.#left();
      default: return html`<call-in-progress .taking=${value} .revision=${this.revision}></call-in-progress>`;
    }
  }
}
customElements.define('call-screen', CallScreen);
