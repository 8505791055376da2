import { css, html, LitElement, nothing, type CSSResultGroup, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { Answer } from '../../client/answer.ts';
import { workspace } from '../../client/workspace.ts';
import type { HansardDialog } from '../../elements/hansard-dialog.ts';
import '../../elements/hansard-dialog.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';

/** What dialogs with a form share: one act at a time, a refusal said in the form, closing when it is done. */
export class FormDialog extends LitElement {
  static override properties: PropertyDeclarations = { busy: { state: true }, fault: { state: true } };
  declare busy: boolean;
  declare fault: string;

  constructor() {
    super();
    this.busy = false;
    this.fault = '';
  }

  static override styles: CSSResultGroup = [base, buttons, fields, surfaces, css`
    form, .stack { display: grid; gap: var(--space-4); }
    .says { color: var(--ink-2); }
    .kept { display: grid; gap: var(--space-2); }
    .kept li { display: flex; gap: var(--space-2); color: var(--ink-2); }
    .kept .icon { margin-block-start: 0.1875rem; color: var(--ink-3); }
    .optional { font-weight: 400; color: var(--ink-3); }
  `];

  close = (): void => this.renderRoot.querySelector<HansardDialog>('hansard-dialog')?.close();

  /** Runs an act, shows its refusal or closes. @returns whether it was done. */
  async act<T>(ask: () => Promise<Answer<T>>): Promise<T | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.fault = '';
    const answer = await ask();
    this.busy = false;
    if (!answer.ok) {
      this.fault = answer.sentence;
      return undefined;
    }
    this.close();
    return answer.output;
  }

  /** The form is in the dialog's body, its button in the footer: this joins them. */
  submit = (): void => this.renderRoot.querySelector('form')?.requestSubmit();

  faultLine(): TemplateResult | typeof nothing {
    return this.fault ? html`<p class="fault" role="alert">${icon('circle-alert', 16)}<span>${this.fault}</span></p>` : nothing;
  }
  /** Cancel, and the act with its name. */
  actions(label: string, kind: 'primary' | 'danger' = 'primary', does: () => void = this.submit, possible = true): TemplateResult {
    const waits = this.busy && workspace.connection.value !== 'connected';
    return html`<button slot="actions" class="button quiet" @click=${this.close}>Cancel</button>
      <button slot="actions" class="button ${kind}" ?disabled=${this.busy || !possible} @click=${does}>${waits ? 'Waiting for the connection' : label}</button>`;
  }
}
