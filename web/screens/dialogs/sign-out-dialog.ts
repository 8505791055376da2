import { css, html, nothing, type CSSResultGroup, type PropertyDeclarations } from 'lit';
import type { Answer } from '../../client/answer.ts';
import { outbox } from '../../client/outbox.ts';
import { countOf, isPost, type Outgoing } from '../../client/outgoing.ts';
import { StoreController } from '../../client/store.ts';
import { filesOf, underWay, uploading } from '../../client/uploads.ts';
import { workspace } from '../../client/workspace.ts';
import { FormDialog } from './form-dialog.ts';

const shown = 5;
const wordsOf = (one: Outgoing): string => {
  if (isPost(one)) return one.text;
  if (one.what.is === 'edit') return one.what.text;
  return one.what.is === 'retract' ? 'A message retracted' : one.what.is === 'react' ? `A reaction, ${one.what.emoji}` : 'A reaction taken back';
};

/** Signing out, here or `everywhere`; where it would lose messages or changes of them: which ones, and to stay or to let them go. */
export class SignOutDialog extends FormDialog {
  static override styles: CSSResultGroup = [FormDialog.styles, css`
    .unsent { display: grid; gap: var(--space-1); padding: var(--space-2) var(--space-3); border-inline-start: 2px solid var(--rule-strong); }
    .more { color: var(--ink-3); font-size: var(--text-s); }
  `];

  static override properties: PropertyDeclarations = { ...FormDialog.properties, everywhere: { type: Boolean } };
  declare everywhere: boolean;

  constructor() {
    super();
    this.everywhere = false;
    new StoreController(this, outbox.waiting, uploading, workspace.connection);
  }

  #leave = (): Promise<unknown> => this.act(async (): Promise<Answer<unknown>> => {
    const answer = await workspace.signOut({ discard: outbox.unsent.length + underWay().length > 0, everywhere: this.everywhere });
    return answer.ok || answer.code === 'signed-out' ? { ok: true, output: undefined } : answer;
  });

  override render() {
    const { unsent } = outbox;
    const files = underWay();
    const lost = [...(unsent.length > 0 ? [countOf(unsent)] : []), ...(files.length > 0 ? [filesOf(files.length)] : [])].join(' and ');
    const many = unsent.length > 1;
    const act = this.everywhere ? 'Sign out everywhere' : 'Sign out';
    return html`<hansard-dialog heading=${act}>
      <div class="stack">${this.faultLine()}
        ${this.everywhere ? html`<p class="says">Every session of yours ends at once, on every device, this one too. Nothing that was said is lost.</p>` : nothing}
        ${unsent.length === 0 ? (this.everywhere || files.length > 0 ? nothing : html`<p class="says">Everything you wrote has gone out.</p>`) : html`
          <p class="says">${many ? 'These are' : 'This is'} on this device alone and nobody has seen ${many ? 'them' : 'it'}. Signing out takes ${many ? 'them' : 'it'} away for good; while you stay, ${many ? 'they go out' : 'it goes out'} as soon as ${many ? 'they' : 'it'} can.</p>
          <ul class="unsent" aria-label="Not sent">${unsent.slice(0, shown).map((one) => html`<li class="one-line" dir="auto">${wordsOf(one)}</li>`)}
            ${unsent.length > shown ? html`<li class="more">and ${unsent.length - shown} more</li>` : ''}</ul>`}
        ${files.length === 0 ? nothing : html`<p class="says">${files.length === 1 ? html`<bdi>${files[0]!.name}</bdi> is` : `${filesOf(files.length)} are`} not shared yet, and signing out gives ${files.length === 1 ? 'it' : 'them'} up. What lies on your own disk stays there.</p>`}</div>
      <button slot="actions" class="button quiet" @click=${this.close}>Stay signed in</button>
      <button slot="actions" class="button ${lost === '' ? 'primary' : 'danger'}" ?disabled=${this.busy} @click=${this.#leave}>${lost === '' ? act : `${act} and discard ${lost}`}</button>
    </hansard-dialog>`;
  }
}
customElements.define('sign-out-dialog', SignOutDialog);
