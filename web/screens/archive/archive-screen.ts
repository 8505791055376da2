import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { closeInquiry, listInquiries } from '#src/contract/archive.ts';
import { navigate } from '../../app/router.ts';
import '../../app/standing-banners.ts';
import type { Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import './archive-band.ts';
import { archiveStyles } from './archive-styles.ts';
import './file-desk.ts';
import './inquiry-desk.ts';
import { numbered, type Inquiry } from './inquiry.ts';
import './inquiry-start.ts';

/** What exists about this, complete to which position, and can I prove it? `path` is the inquiry that is open here, if any. */
export class ArchiveScreen extends LitElement {
  static override properties = { path: {}, inquiries: { state: true }, failure: { state: true }, closing: { state: true } };
  declare path: string;
  declare inquiries: readonly Inquiry[] | undefined;
  declare failure: Refusal | undefined;
  declare closing: boolean;

  constructor() {
    super();
    this.path = '';
    this.inquiries = undefined;
    this.failure = undefined;
    this.closing = false;
  }

  static override styles = [base, buttons, archiveStyles, css`
    :host { display: grid; grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr); block-size: 100dvh; background: var(--page); }
    main { min-block-size: 0; min-inline-size: 0; }
    main.scroll { overflow-y: auto; }
    main.desks { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); }
    inquiry-desk, file-desk { min-block-size: 0; }
    .tabs { display: flex; gap: var(--space-1); padding-inline: var(--space-4); border-block-end: 1px solid var(--rule); background: var(--page); }
    .tabs a { padding: 0.4375rem 0.625rem 0.3125rem; border-block-end: 2px solid transparent; color: var(--ink-2); font-size: var(--text-s); font-weight: 600; text-decoration: none; }
    .tabs a:hover { color: var(--ink); }
    .tabs a[aria-current="page"] { border-color: var(--officer); color: var(--officer); }
    .tabs a:focus-visible { outline-color: var(--officer); outline-offset: -2px; }
    @media (pointer: coarse) { .tabs a { padding-block: 0.8125rem 0.6875rem; } }
    @media (forced-colors: active) { .tabs a[aria-current="page"] { border-color: Highlight; } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    workspace.place.set('Archive');
    void this.#load();
  }

  async #load(): Promise<void> {
    this.failure = undefined;
    const answer = await call(listInquiries, {});
    if (answer.ok) this.inquiries = numbered(answer.output.inquiries);
    else this.failure = answer;
  }

  /** `<inquiry>`, or `<inquiry>/files`. */
  get #named(): string {
    return this.path.split('/')[0] ?? '';
  }
  get #inFiles(): boolean {
    return this.path.split('/')[1] === 'files';
  }
  /** One's own open inquiry of that id: nobody continues another officer's, and nothing continues a closed one. */
  get #inquiry(): Inquiry | undefined {
    return this.inquiries?.find((one) => one.inquiry === this.#named && one.open && one.by === workspace.me?.account);
  }

  #opened = async ({ detail }: CustomEvent<string>): Promise<void> => {
    await this.#load();
    navigate(`/archive/${detail}`);
  };
  #resumed = ({ detail }: CustomEvent<string>): void => navigate(`/archive/${detail}`);

  #close = async (): Promise<void> => {
    const inquiry = this.#inquiry;
    if (!inquiry) return;
    this.closing = true;
    const answer = await call(closeInquiry, { inquiry: inquiry.inquiry }, { once: true });
    this.closing = false;
    if (!answer.ok && answer.code !== 'inquiry-not-open') {
      toast(`The inquiry is still open. ${answer.sentence}`, { danger: true });
      return;
    }
    navigate('/archive');
    void this.#load();
    toast(`Inquiry ${inquiry.n} is closed. What it looked at stays in the record.`);
  };

  #content(): TemplateResult {
    if (workspace.me && !workspace.me.roles.includes('officer')) return html`<div class="trouble"><strong>The archive is for compliance officers.</strong><p>You can search your own conversations.</p><a class="button" href="/search">Search my conversations</a></div>`;
    if (this.failure && !this.inquiries) return html`<div class="trouble" role="alert"><strong>The inquiries could not be read.</strong><p>${this.failure.sentence}</p><p>Nothing was looked at.</p><button class="button" @click=${() => this.#load()}>Try again</button></div>`;
    const inquiry = this.#inquiry;
    if (inquiry) return this.#desks(inquiry);
    if (this.path !== '' && !this.inquiries) return html`<span></span>`; // Which of the two it will be is not known yet.
    return html`<inquiry-start .inquiries=${this.inquiries} @opened=${this.#opened} @resumed=${this.#resumed}></inquiry-start>`;
  }

  /** Both stay as they are while the other is looked at: every search is a look, and is not made twice for a change of side. */
  #desks({ inquiry }: Inquiry): TemplateResult {
    const files = this.#inFiles;
    const tab = (path: string, words: string, here: boolean): TemplateResult => html`<a href=${path} aria-current=${here ? 'page' : nothing}>${words}</a>`;
    return html`<nav class="tabs" aria-label="What to look through">${tab(`/archive/${inquiry}`, 'Events', !files)}${tab(`/archive/${inquiry}/files`, 'Files', files)}</nav>
      <inquiry-desk .inquiry=${inquiry} ?hidden=${files}></inquiry-desk><file-desk .inquiry=${inquiry} ?hidden=${!files}></file-desk>`;
  }

  override render() {
    const inquiry = this.#inquiry;
    return html`<archive-band .inquiry=${inquiry} ?closing=${this.closing} @close-inquiry=${this.#close}></archive-band>
      <standing-banners></standing-banners>
      <main class=${inquiry ? 'desks' : 'scroll'} tabindex=${inquiry ? nothing : '0'}>${this.#content()}</main>`;
  }
}
customElements.define('archive-screen', ArchiveScreen);
