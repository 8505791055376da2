import { css, html, LitElement, type PropertyValues } from 'lit';
import { levelMeter } from '../../calls/level-meter.ts';
import { base } from '../../styles/base.ts';

const looksEveryMs = 80;
const silentAfterMs = 6_000;
/** Speech at arm's length is about 0.1; the meter is full at three times that. */
const full = 0.3;

/** How loud one's microphone is, and that it hears nothing when it has not for a while. */
export class SoundLevel extends LitElement {
  static override properties = { track: { attribute: false }, silent: { state: true } };
  declare track: MediaStreamTrack | null;
  declare silent: boolean;
  #meter: ReturnType<typeof levelMeter> | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #heardAt = 0;

  constructor() {
    super();
    this.track = null;
    this.silent = false;
  }
  static override styles = [base, css`
    :host { display: grid; gap: 0.25rem; }
    .bar { block-size: 0.5rem; border-radius: var(--round-full); background: var(--sunken); overflow: hidden; }
    .level { block-size: 100%; inline-size: 100%; transform-origin: left; scale: var(--level, 0) 1; background: var(--accent); }
    .level:dir(rtl) { transform-origin: right; }
    p { font-size: var(--text-s); color: var(--ink-3); }
    @media (max-width: 399px) { p { min-block-size: 2lh; } } /* The longest sentence; what stands below does not move. */
    @media (forced-colors: active) { .bar { border: 1px solid CanvasText; } .level { background: Highlight; forced-color-adjust: none; } }
  `];

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('track')) return;
    this.#stop();
    if (this.track) this.#start(this.track);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }
  #start(track: MediaStreamTrack): void {
    const meter = levelMeter(track);
    this.#meter = meter;
    this.#heardAt = performance.now();
    this.#timer = setInterval(() => {
      const level = Math.min(1, Math.sqrt(meter.level() / full));
      if (level > 0.08) this.#heardAt = performance.now();
      this.silent = performance.now() - this.#heardAt > silentAfterMs;
      this.style.setProperty('--level', level.toFixed(2));
    }, looksEveryMs);
  }
  #stop(): void {
    clearInterval(this.#timer);
    this.#meter?.end();
    this.#meter = undefined;
    this.silent = false;
    this.style.setProperty('--level', '0');
  }
  override render() {
    return html`<div class="bar" aria-hidden="true"><div class="level"></div></div>
      <p role="status">${!this.track ? 'The microphone is off.' : this.silent ? 'Nothing is heard. Speak, or choose another microphone.' : 'The bar moves when you speak.'}</p>`;
  }
}
customElements.define('sound-level', SoundLevel);
