import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { limits } from '#src/contract/limits.ts';
import type { Answer, Refusal } from '../../client/answer.ts';
import { newId } from '../../client/new-id.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { entrance } from './entrance.ts';

/** What pages behind a one-time link share: one form, one attempt at a time under one commandId, a refusal said in it, and an end once the link is spent. */
export abstract class EntranceForm extends LitElement {
  static override properties = { token: {}, notice: { state: true }, fault: { state: true }, spent: { state: true }, busy: { state: true } };
  declare token: string;
  declare notice: string;
  declare fault: string;
  declare spent: boolean;
  declare busy: boolean;
  /** Kept over every press, so that who lost the answer is answered as the first time. */
  protected readonly commandId = newId();

  constructor() {
    super();
    this.token = '';
    this.notice = '';
    this.fault = '';
    this.spent = false;
    this.busy = false;
  }

  static override styles = [base, buttons, fields, entrance];

  protected abstract readonly heading: string;
  protected abstract readonly says: string;
  protected abstract readonly act: string;
  /** What stands there once the link works no more. */
  protected abstract readonly over: { readonly heading: string; readonly says: string };
  protected abstract fields(): TemplateResult;
  /** Asks with what was written. Undefined where the form itself says what is wrong. */
  protected abstract ask(form: FormData): Promise<Answer<unknown>> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${this.heading} – Hansard`;
  }

  readonly #submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    this.fault = '';
    const asked = this.ask(new FormData(event.target as HTMLFormElement));
    if (!asked) return;
    this.busy = true;
    const answer = await asked;
    this.busy = false;
    if (!answer.ok) this.refused(answer);
  };
  protected refused({ sentence }: Refusal): void {
    this.fault = sentence;
  }

  protected newPassword(name: string): TemplateResult {
    return html`<label class="field"><span class="name">${name}</span><input class="input" name="password" type="password" autocomplete="new-password" required minlength=${limits.passwordMin} maxlength=${limits.passwordMax}>
      <span class="help">At least ${limits.passwordMin} characters. A sentence does well.</span></label>`;
  }

  override render() {
    const title = (words: string): TemplateResult => html`<div><p class="wordmark">Hansard</p><h1>${words}</h1></div>`;
    if (this.spent) return html`<main>${title(this.over.heading)}<p class="says">${this.over.says}</p><a class="button" href="/sign-in">Sign in</a></main>`;
    return html`<main>
      ${title(this.heading)}
      <p class="says">${this.says}</p>
      <form @submit=${this.#submit}>
        ${this.fault ? html`<p class="fault" role="alert">${icon('circle-alert', 17)}<span>${this.fault}</span></p>` : nothing}
        ${this.fields()}
        <button class="button primary wide" ?disabled=${this.busy}>${this.act}</button>
      </form>
      ${this.notice ? html`<p class="notice">${icon('landmark', 16)}<span dir="auto">${this.notice}</span></p>` : nothing}
    </main>`;
  }
}
