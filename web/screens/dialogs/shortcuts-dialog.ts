import { css, html, type CSSResultGroup } from 'lit';
import { shortcuts } from '../../app/keys.ts';
import { FormDialog } from './form-dialog.ts';

/** Every key that does something, on one sheet. */
export class ShortcutsDialog extends FormDialog {
  static override styles: CSSResultGroup = [FormDialog.styles, css`
    .sheet { columns: 17rem 2; column-gap: var(--space-6); }
    section { break-inside: avoid; margin-block-end: var(--space-4); }
    h3 { font-size: var(--text-s); font-weight: 600; color: var(--ink-3); margin-block-end: var(--space-1); }
    dl > div { display: flex; justify-content: space-between; align-items: baseline; gap: var(--space-3); padding-block: 0.25rem; border-block-end: 1px solid var(--rule); }
    dd { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.25rem; }
    dt { color: var(--ink-2); }
  `];
  override render() {
    return html`<hansard-dialog heading="Keyboard shortcuts" wide><div class="sheet">${shortcuts.map(([heading, keys]) => html`<section><h3>${heading}</h3>
      <dl>${keys.map(([key, does]) => html`<div><dt>${does}</dt><dd>${key.split(' / ').map((one) => html`<kbd>${one}</kbd>`)}</dd></div>`)}</dl></section>`)}</div></hansard-dialog>`;
  }
}
customElements.define('shortcuts-dialog', ShortcutsDialog);
