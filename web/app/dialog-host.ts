import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { StoreController } from '../client/store.ts';
import { workspace } from '../client/workspace.ts';
import { dialog, type DialogRequest } from './shell-state.ts';

/** Shows the dialog that was asked for; each brings its script with it. */
export class DialogHost extends LitElement {
  constructor() {
    super();
    new StoreController(this, dialog, workspace.session);
  }

  #closed = (): void => dialog.set(undefined);

  #content(_request: DialogRequest): TemplateResult | typeof nothing {
    return nothing;
  }

  override render() {
    const request = dialog.value;
    return request && workspace.me ? html`<div @closed=${this.#closed}>${this.#content(request)}</div>` : nothing;
  }
}
customElements.define('dialog-host', DialogHost);
