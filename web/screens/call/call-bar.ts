import { css, html, LitElement, nothing } from 'lit';
import { pathOfConversation } from '../../app/router.ts';
import { isTaking } from '../../calls/call-state.ts';
import { peopleInCall } from '../../calls/ringing.ts';
import { liveCall } from '../../calls/live-call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { callIcon } from '../../elements/call-icons.ts';
import { base } from '../../styles/base.ts';
import { controlStyles, stageTokens } from './stage-styles.ts';

/** The call goes on while the person is elsewhere: where it is, and the way back and out. */
export class CallBar extends LitElement {
  constructor() {
    super();
    new StoreController(this, liveCall.state, liveCall.own.tracks, liveCall.speaker, liveCall.people, workspace.conversations, workspace.directory.version);
  }
  static override styles = [base, controlStyles, stageTokens, css`
    :host { display: flex; align-items: center; gap: 0.5rem; padding: 0.375rem 1rem; min-inline-size: 0; }
    p { flex: 1; min-inline-size: 0; font-size: var(--text-s); }
    b { font-weight: 600; }
    .control { min-block-size: 2rem; min-inline-size: 2rem; padding: 0 0.75rem; border-radius: var(--round-m); font-size: var(--text-s); text-decoration: none; }
    .control.alone { inline-size: 2.25rem; padding: 0; }
    @media (pointer: coarse) { .control { min-block-size: 2.75rem; } .control.alone { inline-size: 2.75rem; } }
    @media (max-width: 719px) { :host { padding-inline: 0.5rem; } }
  `];

  override render() {
    const { value } = liveCall.state;
    if (!isTaking(value)) return nothing;
    const row = workspace.conversation(value.conversationId);
    const speaker = liveCall.people.value.find(({ device }) => device === liveCall.speaker.value);
    const audio = liveCall.own.isOn('audio');
    return html`<p class="one-line" dir="auto"><b>${row ? workspace.titleOf(row) : 'Call'}</b> · ${value.phase === 'reconnecting' ? 'reconnecting…' : speaker ? `${workspace.directory.nameOf(speaker.account)} speaks` : `call, ${peopleInCall(value.roster)}`}</p>
      <button class="control alone" aria-label=${audio ? 'Mute' : 'Unmute'} aria-pressed=${!audio} data-tip=${audio ? 'Mute' : 'Unmute'} @click=${() => liveCall.toggle('audio')}>${callIcon(audio ? 'mic' : 'mic-off', 16)}</button>
      <a class="control" href=${pathOfConversation(value.conversationId)}>Return</a>
      <button class="control leave" @click=${() => liveCall.leave()}>Leave</button>`;
  }
}
customElements.define('call-bar', CallBar);
