import { css, html, LitElement } from 'lit';
import { base } from '../styles/base.ts';
import { icon, type IconName } from './icons.ts';

/** A quiet bar across a region: what is so, what is safe, what follows. `tone`: plain, notice, danger, accent. Acts go in `slot="act"`. */
export class HansardBanner extends LitElement {
  static override properties = { tone: { reflect: true }, drawing: {} };
  declare tone: 'plain' | 'notice' | 'danger' | 'accent';
  declare drawing: IconName;

  constructor() {
    super();
    this.tone = 'plain';
    this.drawing = 'info';
  }

  static override styles = [base, css`
    :host { display: block; background: var(--sunken); color: var(--ink-2); border-block-end: 1px solid var(--rule); }
    :host([tone="notice"]) { background: var(--notice); color: var(--notice-ink); border-color: transparent; }
    :host([tone="danger"]) { background: var(--danger-soft); color: var(--danger); border-color: transparent; }
    :host([tone="accent"]) { background: var(--accent-soft); color: var(--ink); border-color: transparent; }
    div { display: flex; align-items: center; gap: 0.625rem; padding: 0.4375rem var(--space-4); font-size: var(--text-s); line-height: 1.4; }
    .says { flex: 1; min-inline-size: 0; overflow-wrap: anywhere; }
  `];
  override render() {
    return html`<div role="status">${icon(this.drawing, 16)}<span class="says"><slot></slot></span><slot name="act"></slot></div>`;
  }
}
customElements.define('hansard-banner', HansardBanner);
