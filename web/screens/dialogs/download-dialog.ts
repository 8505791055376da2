import { css, html, nothing, type CSSResultGroup } from 'lit';
import { startHistoryDownload } from '#src/contract/archive.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { count } from '../../elements/times.ts';
import { FormDialog } from './form-dialog.ts';

/** Takes a conversation home: says what is in it, starts it, shows how far it is. The download is recorded. */
export class DownloadDialog extends FormDialog {
  static override properties = { conversationId: {}, started: { state: true } };
  declare conversationId: string;
  declare started: OutputOf<typeof startHistoryDownload> | undefined;

  constructor() {
    super();
    this.started = undefined;
    new StoreController(this, workspace.download);
  }

  static override styles: CSSResultGroup = [FormDialog.styles, css`
    progress { appearance: none; display: block; inline-size: 100%; block-size: 0.5rem; border: 0; border-radius: var(--round-full); background: var(--sunken); overflow: hidden; }
    progress::-webkit-progress-bar { background: var(--sunken); }
    progress::-webkit-progress-value { background: var(--accent); transition: inline-size var(--calm) linear; }
    progress::-moz-progress-bar { background: var(--accent); }
    .row { display: flex; justify-content: space-between; gap: var(--space-3); font-size: var(--text-s); color: var(--ink-2); margin-block-start: var(--space-2); }
  `];

  #start = async (): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    this.fault = '';
    const answer = await call(startHistoryDownload, { conversationId: this.conversationId });
    this.busy = false;
    if (!answer.ok) {
      this.fault = answer.sentence;
      return;
    }
    this.started = answer.output;
    const link = document.createElement('a');
    link.href = answer.output.url;
    link.download = '';
    link.click();
  };

  #progress() {
    const frame = workspace.download.value;
    const here = frame?.download === this.started?.download ? frame : undefined;
    const events = here?.events ?? this.started!.events;
    if (here?.state === 'failed') return html`<p class="fault" role="alert">${icon('circle-alert', 16)}<span>The download stopped before its end. Delete what arrived and start again; nothing here was changed.</span></p>`;
    const complete = here?.state === 'complete';
    return html`<div role="status"><progress aria-label="Download" max=${Math.max(1, events)} .value=${complete ? events : (here?.done ?? 0)}></progress>
      <p class="row"><span>${complete ? 'Complete' : here ? 'Your browser is saving it' : 'Starting'}</span><span>${count(here?.done ?? 0)} of ${count(events)} events</span></p></div>`;
  }

  override render() {
    const row = workspace.conversation(this.conversationId);
    const state = workspace.download.value?.download === this.started?.download ? workspace.download.value?.state : undefined;
    return html`<hansard-dialog heading="Download history">
      <div class="stack">${this.faultLine()}
        <p class="says">A zip with every message you may read${row ? html` in <bdi>${workspace.titleOf(row)}</bdi>` : nothing}, as text and as data. A retracted message is a mark without its words. The record notes that you took it.</p>
        ${this.started ? this.#progress() : nothing}</div>
      ${!this.started || state === 'failed'
        ? this.actions(this.started ? 'Start again' : 'Download', 'primary', this.#start)
        : html`<button slot="actions" class="button ${state === 'complete' ? 'primary' : ''}" @click=${this.close}>${state === 'complete' ? 'Done' : 'Close; it goes on'}</button>`}
    </hansard-dialog>`;
  }
}
customElements.define('download-dialog', DownloadDialog);
