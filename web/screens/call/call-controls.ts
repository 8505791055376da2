import { css, html, LitElement, nothing } from 'lit';
import { canShareScreen } from '../../calls/devices.ts';
import { liveCall } from '../../calls/live-call.ts';
import { StoreController } from '../../client/store.ts';
import { callIcon } from '../../elements/call-icons.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { controlStyles } from './stage-styles.ts';

/** The buttons under a call. Always there: nobody has to move a mouse to find Mute. Fires `devices` and `chat`. */
export class CallControls extends LitElement {
  static override properties = { chat: { type: Boolean } };
  /** Chat and People are open. */
  declare chat: boolean;

  constructor() {
    super();
    this.chat = false;
    new StoreController(this, liveCall.own.tracks, liveCall.own.opening, liveCall.audioOnly);
  }

  static override styles = [base, controlStyles, css`
    :host { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.625rem; padding: 0.75rem; }
    .narrow { display: none; }
    @media (max-width: 1099px) { .narrow { display: inline-flex; } .words { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); } .control { padding: 0; inline-size: 2.875rem; } .leave { inline-size: 3.5rem; } }
    /* Seven in 320 px: what is pressed goes as far as the gaps do. */
    @media (max-width: 719px) { :host { gap: 0.25rem; padding: 0.5rem 0; justify-content: space-evenly; } .control, .control.alone { position: relative; inline-size: 2.5rem; min-inline-size: 2.5rem; } .control::after { content: ""; position: absolute; inset: -2px; } }
  `];

  #tell(what: 'devices' | 'chat'): void {
    this.dispatchEvent(new CustomEvent(what));
  }

  override render() {
    const { own } = liveCall;
    const [audio, video, screen] = [own.isOn('audio'), own.isOn('video'), own.isOn('screen')];
    const opening = own.opening.value;
    const audioOnly = liveCall.audioOnly.value;
    return html`
      <button class="control" aria-label=${audio ? 'Mute' : 'Unmute'} aria-pressed=${!audio} ?disabled=${opening.has('audio')} data-tip=${audio ? 'Mute' : 'Unmute; or hold Space'} data-keys="M" @click=${() => liveCall.toggle('audio')}>${callIcon(audio ? 'mic' : 'mic-off')}<span class="words">${audio ? 'Mute' : 'Unmute'}</span></button>
      ${audioOnly ? nothing : html`<button class="control alone" aria-label=${video ? 'Turn camera off' : 'Turn camera on'} aria-pressed=${!video} ?disabled=${opening.has('video')} data-tip=${video ? 'Camera off' : 'Camera on'} data-keys="V" @click=${() => liveCall.toggle('video')}>${video ? icon('video') : callIcon('video-off')}</button>`}
      ${audioOnly || !canShareScreen() ? nothing : html`<button class="control" aria-label=${screen ? 'Stop sharing' : 'Share screen'} aria-pressed=${screen} ?disabled=${opening.has('screen')} data-tip=${screen ? 'Stop sharing' : 'Share your screen'} @click=${() => liveCall.share()}>${callIcon(screen ? 'screen-share-off' : 'screen-share')}<span class="words">${screen ? 'Stop' : 'Share'}</span></button>`}
      <button class="control" aria-label="Audio only" aria-pressed=${audioOnly} data-tip="No pictures, sent or received" @click=${() => liveCall.setAudioOnly(!audioOnly)}>${callIcon('audio-lines')}<span class="words">Audio only</span></button>
      <button class="control alone" aria-label="Devices" aria-haspopup="dialog" data-tip="Microphone, camera, speaker" @click=${() => this.#tell('devices')}>${callIcon('settings-2')}</button>
      <button class="control alone narrow" aria-label="Chat and people" aria-pressed=${this.chat} data-tip="Chat and people" @click=${() => this.#tell('chat')}>${icon('message-square')}</button>
      <button class="control leave" aria-label="Leave" data-tip="Leave the call" @click=${() => liveCall.leave()}>${callIcon('phone-off')}<span class="words">Leave</span></button>`;
  }
}
customElements.define('call-controls', CallControls);
