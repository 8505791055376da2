import { css, html, LitElement, nothing } from 'lit';
import type { AccountRow } from '#src/contract/accounts.ts';
import { classOfServiceName, setClass } from '#src/contract/classes.ts';
import { limits } from '#src/contract/limits.ts';
import { call } from '../../client/call.ts';
import '../../elements/hansard-dialog.ts';
import type { HansardDialog } from '../../elements/hansard-dialog.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { archiveStyles } from '../archive/archive-styles.ts';

/** The class of service of one person: one that others have, a new one, or none. Fires `changed` with the field that is different now, and `closed`. */
export class ClassDialog extends LitElement {
  static override properties = { row: { attribute: false }, classes: { attribute: false }, name: { state: true }, saving: { state: true }, failed: { state: true } };
  declare row: AccountRow | undefined;
  /** Those that are known here, to choose from. */
  declare classes: readonly string[];
  declare name: string | undefined;
  declare saving: boolean;
  declare failed: string;

  constructor() {
    super();
    this.row = undefined;
    this.classes = [];
    this.name = undefined;
    this.saving = false;
    this.failed = '';
  }

  static override styles = [base, buttons, fields, archiveStyles, css`form { display: grid; gap: var(--space-4); }`];

  get #name(): string {
    return (this.name ?? this.row?.classOfService ?? '').trim();
  }
  get #fault(): string {
    if (this.failed) return this.failed;
    return this.#name === '' || classOfServiceName.safeParse(this.#name).success ? '' : `At most ${limits.classOfServiceMax} characters, without commas.`;
  }

  #save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { row } = this;
    if (!row || this.saving || this.#fault) return;
    const classOfService = this.#name === '' ? null : this.#name;
    this.saving = true;
    const answer = await call(setClass, { account: row.account, classOfService }, { once: true });
    this.saving = false;
    if (!answer.ok) {
      this.failed = answer.sentence;
      return;
    }
    this.dispatchEvent(new CustomEvent<Partial<AccountRow>>('changed', { detail: { classOfService } }));
    toast(classOfService === null ? `${row.displayName} is in no class of service.` : `${row.displayName} is in the class ${classOfService} now.`);
    this.renderRoot.querySelector<HansardDialog>('hansard-dialog')?.close();
  };
  #typed = (event: Event): void => {
    this.name = (event.target as HTMLInputElement).value;
    this.failed = '';
  };
  #closed = (event: Event): void => {
    event.stopPropagation();
    this.dispatchEvent(new CustomEvent('closed'));
  };

  override render() {
    const { row, classes } = this;
    if (!row) return nothing;
    const fault = this.#fault;
    return html`<hansard-dialog heading="Class of service" @closed=${this.#closed}>
      <form id="form" @submit=${this.#save}>
        <p class="small">What a class may do, and which relays its calls use, is said by settings and ICE servers that name it. A name that nobody has yet begins a class.</p>
        <label class="field"><span class="name">Class of <bdi>${row.displayName}</bdi></span>
          <input class="input" name="class" dir="auto" autocomplete="off" autofocus list="classes" placeholder="None" .value=${this.name ?? row.classOfService ?? ''} aria-invalid=${fault ? 'true' : 'false'} aria-describedby="about-class" @input=${this.#typed}>
          <span id="about-class" class=${fault ? 'fault' : 'help'} role=${fault ? 'alert' : nothing}>${fault ? html`${icon('circle-alert', 16)}<span>${fault}</span>` : 'Empty for none.'}</span></label>
        <datalist id="classes">${classes.map((one) => html`<option value=${one}></option>`)}</datalist>
      </form>
      <button slot="actions" class="button primary" form="form" ?disabled=${this.saving || fault !== ''} @click=${this.#save}>Save</button></hansard-dialog>`;
  }
}
customElements.define('class-dialog', ClassDialog);
