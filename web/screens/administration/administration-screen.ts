import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { workspace } from '../../client/workspace.ts';
import { base } from '../../styles/base.ts';
import { archiveStyles } from '../archive/archive-styles.ts';
import './administration-frame.ts';
import type { AdministrationPlace } from './administration-frame.ts';
import './health-page.ts';
import './people-page.ts';
import './settings-page.ts';

/** Is everything in order, who is here, what is set? `path` is the page: people, settings, or health. */
export class AdministrationScreen extends LitElement {
  static override properties = { path: {} };
  declare path: string;

  constructor() {
    super();
    this.path = '';
  }

  static override styles = [base, archiveStyles];

  get #place(): AdministrationPlace {
    return this.path === 'people' || this.path === 'settings' ? this.path : 'health';
  }
  override willUpdate(): void {
    workspace.place.set({ health: 'Health', people: 'People', settings: 'Settings', audit: 'Audit log' }[this.#place]);
  }
  #page(): TemplateResult {
    switch (this.#place) {
      case 'people': return html`<people-page whole></people-page>`;
      case 'settings': return html`<settings-page></settings-page>`;
      default: return html`<health-page></health-page>`;
    }
  }

  override render() {
    if (!workspace.me) return nothing;
    if (!workspace.me.roles.includes('administrator')) return html`<main class="trouble"><h1 class="record-title">These pages are for administrators.</h1><p>They run the appliance and cannot read conversations.</p><a href="/">Back to conversations</a></main>`;
    return html`<administration-frame .here=${this.#place}>${this.#page()}</administration-frame>`;
  }
}
customElements.define('administration-screen', AdministrationScreen);
