import { css, html, LitElement } from 'lit';
import type { CallRoster } from '#src/contract/calls.ts';
import { admitGuest, turnAwayGuest } from '#src/contract/meetings.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';

/** In a call: guests who ask to come in. Whoever of the house is there decides. */
export class KnockingGuests extends LitElement {
  static override properties = { roster: { attribute: false } };
  declare roster: CallRoster;

  constructor() {
    super();
    new StoreController(this, workspace.directory.version);
  }
  static override styles = [base, buttons, css`
    ul { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.5rem; }
    li { display: inline-flex; flex-wrap: wrap; align-items: center; gap: 0.375rem 0.75rem; padding: 0.3125rem 0.5rem 0.3125rem 0.875rem; border-radius: var(--round-l); background: var(--raised); color: var(--ink); font-size: var(--text-s); border: 1px solid var(--rule); }
    .name { font-weight: 600; overflow-wrap: anywhere; }
    .acts { display: flex; gap: 0.5rem; }
    @media (max-width: 479px) { ul, li { inline-size: 100%; } li { padding: 0.5rem 0.875rem; } .acts { inline-size: 100%; } .acts .button { flex: 1; } }
    @media (pointer: coarse) { .button.small { min-block-size: 2.75rem; } }
  `];

  /** The directory tells of newcomers a few seconds later. */
  override willUpdate(): void {
    if (this.roster.knocking.some((account) => !workspace.directory.person(account))) void workspace.directory.load();
  }
  #decide = async (endpoint: typeof admitGuest | typeof turnAwayGuest, account: string): Promise<void> => {
    const answer = await call(endpoint, { conversationId: this.roster.conversationId, account });
    // Somebody else in the call was faster.
    if (!answer.ok && answer.code !== 'not-knocking') toast(answer.sentence, { danger: true });
  };

  override render() {
    return html`<div role="status"><ul aria-label="Guests who ask to come in">${this.roster.knocking.map((account) => {
      const name = workspace.directory.nameOf(account);
      return html`<li><span><span class="name" dir="auto">${name}</span> asks to come in</span>
        <span class="acts"><button class="button small primary" aria-label=${`Admit ${name}`} @click=${() => this.#decide(admitGuest, account)}>Admit</button>
        <button class="button small" aria-label=${`Turn away ${name}`} @click=${() => this.#decide(turnAwayGuest, account)}>Turn away</button></span></li>`;
    })}</ul></div>`;
  }
}
customElements.define('knocking-guests', KnockingGuests);
