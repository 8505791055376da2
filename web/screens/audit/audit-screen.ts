import { css, html, LitElement, nothing } from 'lit';
import '../../app/standing-banners.ts';
import { workspace } from '../../client/workspace.ts';
import { base } from '../../styles/base.ts';
import '../administration/administration-frame.ts';
import '../archive/archive-band.ts';
import { archiveStyles } from '../archive/archive-styles.ts';
import './audit-log.ts';

/** Who did what to whom, when, from where? Officers see it under their band, administrators beside their own pages. */
export class AuditScreen extends LitElement {
  static override properties = { path: {} };
  declare path: string;

  constructor() {
    super();
    this.path = '';
  }

  static override styles = [base, archiveStyles, css`
    :host { display: grid; grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr); block-size: 100dvh; background: var(--page); }
    :host > administration-frame { grid-row: 1 / -1; }
    main { min-block-size: 0; overflow-y: auto; }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    workspace.place.set('Audit log');
  }

  override render() {
    const roles = workspace.me?.roles ?? [];
    if (roles.includes('officer')) return html`<archive-band heading="Audit log" here="audit"></archive-band><standing-banners></standing-banners><main class="scroll" tabindex="0"><audit-log officer></audit-log></main>`;
    if (!roles.includes('administrator')) return html`<main class="trouble"><h1 class="record-title">The audit log is for officers and administrators.</h1><a href="/">Back to conversations</a></main>`;
    return workspace.me ? html`<administration-frame here="audit"><h1 class="seen-by-readers-only">Audit log</h1><audit-log></audit-log></administration-frame>` : nothing;
  }
}
customElements.define('audit-screen', AuditScreen);
