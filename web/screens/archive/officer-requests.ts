import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { approveOfficerRequest, listOfficerRequests } from '#src/contract/accounts.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { fullTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { archiveStyles } from './archive-styles.ts';
import './once-link.ts';

type OfficerRequest = OutputOf<typeof listOfficerRequests>['requests'][number];

/** What waits for a second officer. Officers approve here; administrators see that it waits. Empty, it takes no room. */
export class OfficerRequests extends LitElement {
  static override properties = { requests: { state: true }, approving: { state: true }, refused: { state: true }, link: { state: true } };
  declare requests: readonly OfficerRequest[];
  declare approving: string;
  declare refused: { readonly request: string; readonly says: string } | undefined;
  declare link: { readonly name: string; readonly link: string } | undefined;

  constructor() {
    super();
    this.requests = [];
    this.approving = '';
    this.refused = undefined;
    this.link = undefined;
  }

  static override styles = [base, buttons, surfaces, archiveStyles, css`
    :host { display: block; }
    section { display: grid; gap: var(--space-2); padding: var(--space-3) var(--space-4); border: 1px solid var(--rule); border-radius: var(--round-l); background: var(--raised); }
    h2 { display: flex; align-items: center; gap: var(--space-2); font-size: var(--text-m); font-weight: 600; }
    li { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2) var(--space-4); padding-block: var(--space-2); }
    li:last-child { padding-block-end: 0; }
    li + li { border-block-start: 1px solid var(--rule); }
    .says { flex: 1 1 16rem; min-inline-size: 0; overflow-wrap: anywhere; }
    .fault { color: var(--danger); font-size: var(--text-s); flex-basis: 100%; }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load();
  }
  /** Asks again, e.g. after a request was made elsewhere on the screen. */
  async load(): Promise<void> {
    const answer = await call(listOfficerRequests, {});
    if (answer.ok) this.requests = answer.output.requests;
  }

  async #approve(request: OfficerRequest): Promise<void> {
    this.approving = request.request;
    this.refused = undefined;
    const answer = await call(approveOfficerRequest, { account: request.account, request: request.request }, { once: true });
    this.approving = '';
    if (!answer.ok) {
      this.refused = { request: request.request, says: answer.sentence };
      return;
    }
    if (answer.output.link !== null) this.link = { name: request.displayName, link: answer.output.link };
    this.requests = this.requests.filter((one) => one.request !== request.request);
  }

  #act(request: OfficerRequest): TemplateResult {
    const me = workspace.me;
    if (!me?.roles.includes('officer')) return html`<span class="small">Waits for an officer</span>`;
    if (me.account === request.by) return html`<span class="small">You asked; another officer approves</span>`;
    if (me.account === request.account) return html`<span class="small">It is for you; another officer approves</span>`;
    return html`<button class="button officer" ?disabled=${this.approving === request.request} @click=${() => this.#approve(request)}>Approve</button>`;
  }

  override render() {
    const { requests, link, refused } = this;
    if (requests.length === 0 && !link) return nothing;
    return html`<section class="officer-blue" aria-labelledby="title"><h2 id="title">${icon('user-check')}Waits for a second officer</h2>
      ${link ? html`<once-link .link=${link.link}>The link with which <bdi>${link.name}</bdi> sets a new password. It is shown once: hand it over yourself.</once-link>` : nothing}
      <ul>${requests.map((request) => html`<li>
        <div class="says"><strong><bdi>${request.displayName}</bdi></strong> ${request.act === 'grant-officer' ? 'becomes a compliance officer' : 'gets a link to set a new password'}
          <p class="small">Asked by <bdi>${request.byName}</bdi>, ${fullTime(request.at)}</p></div>
        ${this.#act(request)}
        ${refused?.request === request.request ? html`<p class="fault" role="alert">${refused.says}</p>` : nothing}</li>`)}</ul></section>`;
  }
}
customElements.define('officer-requests', OfficerRequests);
