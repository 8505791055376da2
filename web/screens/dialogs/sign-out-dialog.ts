import { css, html, nothing, type CSSResultGroup, type PropertyDeclarations } from 'lit';
import type { Answer } from '../../client/answer.ts';
import { outbox } from '../../client/outbox.ts';
import { countOf, isPost, type Outgoing } from '../../client/outgoing.ts';
import { StoreController } from '../../client/store.ts';
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
    new StoreController(this, outbox.waiting, workspace.connection);
  }

  #leave = (): Promise<unknown> => this.act(async (): Promise<Answer<unknown>> => {
    const answer = await workspace.signOut({ discard: outbox.unsent.length > 0, everywhere: this.everywhere });
    return answer.ok || answer.code === 'signed-out' ? { ok: true, output: undefined } : answer;
  });

  override render() {
    const { unsent } = outbox;
    const many = unsent.length > 1;
    const act = this.everywhere ? 'Sign out everywhere' : 'Sign out';
    return html`<hansard-dialog heading=${act}>
      <div class="stack">${this.faultLine()}
        ${this.everywhere ? html`<p class="says">Every session of yours ends at once, on every device, this one too. Nothing that was said is lost.</p>` : nothing}
        ${unsent.length === 0 ? (this.everywhere ? nothing : html`<p class="says">Everything you wrote has gone out.</p>`) : html`
          <p class="says">${many ? 'These are' : 'This is'} on this device alone and nobody has seen ${many ? 'them' : 'it'}. Signing out takes ${many ? 'them' : 'it'} away for good; while you stay, ${many ? 'they go out' : 'it goes out'} as soon as ${many ? 'they' : 'it'} can.</p>
          <ul class="unsent" aria-label="Not sent">${unsent.slice(0, shown).map((one) => html`<li class="one-line" dir="auto">${wordsOf(one)}</li>`)}
            ${unsent.length > shown ? html`<li class="more">and ${unsent.length - shown} more</li>` : ''}</ul>`}</div>
      <button slot="actions" class="button quiet" @click=${this.close}>Stay signed in</button>
      <button slot="actions" class="button ${unsent.length === 0 ? 'primary' : 'danger'}" ?disabled=${this.busy} @click=${this.#leave}>${unsent.length === 0 ? act : `${act} and discard ${countOf(unsent)}`}</button>
    </hansard-dialog>`;
  }
}
customElements.define('sign-out-dialog', SignOutDialog);
