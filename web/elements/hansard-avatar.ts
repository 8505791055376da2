import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit';

export type ShownPresence = 'available' | 'away' | 'busy' | 'offline';
export const presenceWords: Readonly<Record<ShownPresence, string>> = { available: 'Available', away: 'Away', busy: 'Do not disturb', offline: 'Offline' };

/** One of the eight face colours, always the same for the same id (FNV-1a). */
export const faceOf = (id: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 8) % 8;
};

/** At most two characters: the first of the first and of the last word, or the first two of an only word. */
export const initialsOf = (name: string): string => {
  const words = name.split(/[\s,;:_./\\|()[\]-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0] ?? name.trim();
  const last = words.length > 1 ? words.at(-1) : undefined;
  const characters = last ? [[...first][0], [...last][0]] : [...first].slice(0, 2);
  return characters.join('').toLocaleUpperCase() || '?';
};

/** Four shapes, so that colour is never alone: a disc, a moon, a disc with a bar, a ring. */
const presenceShapes: Readonly<Record<ShownPresence, TemplateResult>> = {
  available: svg`<circle cx="5" cy="5" r="4.5" fill="var(--available)"/>`,
  away: svg`<path d="M5 0.5A4.5 4.5 0 1 0 9.5 5 3.6 3.6 0 0 1 5 0.5Z" fill="var(--away)"/>`,
  busy: svg`<circle cx="5" cy="5" r="4.5" fill="var(--busy)"/><path d="M2.7 5h4.6" stroke="var(--avatar-surface, var(--page))" stroke-width="1.6"/>`,
  offline: svg`<circle cx="5" cy="5" r="3.6" fill="var(--avatar-surface, var(--page))" stroke="var(--offline)" stroke-width="1.8"/>`,
};
export const presenceMark = (presence: ShownPresence, size = 10): TemplateResult => html`<svg class="presence-mark" width=${size} height=${size} viewBox="0 0 10 10" aria-hidden="true">${presenceShapes[presence]}</svg>`;

/**
 * Initials on a colour that belongs to `key` (an id): round for people, a rounded square for groups and spaces. Decoration only; the name stands
 * beside it, and presence is said in words to screen readers. The surface it lies on is `--avatar-surface`.
 */
export class HansardAvatar extends LitElement {
  static override properties = { name: {}, key: {}, size: { type: Number }, square: { type: Boolean, reflect: true }, presence: {} };
  declare name: string;
  declare key: string;
  declare size: number;
  declare square: boolean;
  declare presence: ShownPresence | null;

  constructor() {
    super();
    this.name = '';
    this.key = '';
    this.size = 28;
    this.square = false;
    this.presence = null;
  }

  static override styles = css`
    :host { position: relative; display: inline-block; flex: none; inline-size: var(--avatar-size, 28px); block-size: var(--avatar-size, 28px); user-select: none; }
    .face { display: grid; place-items: center; inline-size: 100%; block-size: 100%; border-radius: 50%; background: var(--face, var(--face-6)); color: var(--face-ink); font-weight: 600; font-size: calc(var(--avatar-size, 28px) * 0.39); line-height: 1; letter-spacing: 0.01em; }
    :host([square]) .face { border-radius: 26%; }
    .presence { position: absolute; inset-inline-end: -2px; inset-block-end: -2px; display: grid; padding: 2px; border-radius: 50%; background: var(--avatar-surface, var(--page)); }
    .presence-mark { display: block; forced-color-adjust: none; }
    .words { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
    @media (forced-colors: active) { .face { border: 1px solid CanvasText; } }
  `;

  override willUpdate(): void {
    this.style.setProperty('--avatar-size', `${this.size}px`);
    this.style.setProperty('--face', `var(--face-${faceOf(this.key || this.name)})`);
  }

  override render() {
    return html`<span class="face" aria-hidden="true">${initialsOf(this.name)}</span>${this.presence
      ? html`<span class="presence">${presenceMark(this.presence, this.size >= 40 ? 12 : 8)}</span><span class="words">${presenceWords[this.presence]}</span>`
      : nothing}`;
  }
}
customElements.define('hansard-avatar', HansardAvatar);
