import { css, html, LitElement, nothing } from 'lit';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { fullTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';

/** How the first officer came to be: nobody approved them, so whoever oversees sees it always. */
export class FirstOfficer extends LitElement {
  static override styles = [base, css`:host { display: block; } p { display: flex; gap: var(--space-2); align-items: start; font-size: var(--text-s); color: var(--ink-3); }`];

  constructor() {
    super();
    new StoreController(this, workspace.session);
  }

  override render() {
    const first = workspace.me?.firstOfficer;
    return first ? html`<p>${icon('landmark', 16)}<span><bdi>${first.displayName}</bdi> became the first officer on ${fullTime(first.at)}, appointed by the operator’s command line. Every officer since was approved by another.</span></p>` : nothing;
  }
}
customElements.define('first-officer', FirstOfficer);
