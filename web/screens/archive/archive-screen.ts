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
    inquiry-desk { block-size: 100%; }
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

  /** One's own open inquiry of that id: nobody continues another officer's, and nothing continues a closed one. */
  get #inquiry(): Inquiry | undefined {
    return this.inquiries?.find((one) => one.inquiry === this.path && one.open && one.by === workspace.me?.account);
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
    if (inquiry) return html`<inquiry-desk .inquiry=${inquiry.inquiry}></inquiry-desk>`;
    if (this.path !== '' && !this.inquiries) return html`<span></span>`; // Which of the two it will be is not known yet.
    return html`<inquiry-start .inquiries=${this.inquiries} @opened=${this.#opened} @resumed=${this.#resumed}></inquiry-start>`;
  }

  override render() {
    const inquiry = this.#inquiry;
    return html`<archive-band .inquiry=${inquiry} ?closing=${this.closing} @close-inquiry=${this.#close}></archive-band>
      <standing-banners></standing-banners>
      <main class=${inquiry ? nothing : 'scroll'} tabindex=${inquiry ? nothing : '0'}>${this.#content()}</main>`;
  }
}
customElements.define('archive-screen', ArchiveScreen);
