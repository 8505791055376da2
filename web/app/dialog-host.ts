import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { StoreController } from '../client/store.ts';
import { workspace } from '../client/workspace.ts';
import { dialog, type DialogRequest } from './shell-state.ts';

const scriptOf: Readonly<Record<DialogRequest['is'], () => Promise<unknown>>> = {
  'switcher': () => import('../screens/switcher/switcher-dialog.ts'),
  'new-direct': () => import('../screens/switcher/switcher-dialog.ts'),
  'shortcuts': () => import('../screens/dialogs/shortcuts-dialog.ts'),
  'help': () => import('../screens/dialogs/help-dialog.ts'),
  'about': () => import('../screens/dialogs/about-dialog.ts'),
  'password': () => import('../screens/dialogs/password-dialog.ts'),
  'sign-out': () => import('../screens/dialogs/sign-out-dialog.ts'),
  'new-group': () => import('../screens/dialogs/new-group-dialog.ts'),
  'new-meeting': () => import('../screens/meeting/new-meeting-dialog.ts'),
  'meeting': () => import('../screens/meeting/meeting-dialog.ts'),
  'new-space': () => import('../screens/dialogs/new-space-dialog.ts'),
  'new-channel': () => import('../screens/dialogs/new-channel-dialog.ts'),
  'browse-channels': () => import('../screens/dialogs/browse-channels-dialog.ts'),
  'invite-to-group': () => import('../screens/dialogs/invite-dialog.ts'),
  'invite-to-space': () => import('../screens/dialogs/invite-dialog.ts'),
  'leave-conversation': () => import('../screens/dialogs/leave-dialog.ts'),
  'leave-space': () => import('../screens/dialogs/leave-dialog.ts'),
  'close-channel': () => import('../screens/dialogs/leave-dialog.ts'),
  'title-conversation': () => import('../screens/dialogs/title-dialog.ts'),
  'title-space': () => import('../screens/dialogs/title-dialog.ts'),
  'download-history': () => import('../screens/dialogs/download-dialog.ts'),
  'preview-file': () => import('../screens/preview/preview-dialog.ts'),
  'withdraw-file': () => import('../screens/files/withdraw-dialog.ts'),
};

const contentOf = (request: DialogRequest): TemplateResult => {
  switch (request.is) {
    case 'switcher': return html`<switcher-dialog></switcher-dialog>`;
    case 'new-direct': return html`<switcher-dialog only-people></switcher-dialog>`;
    case 'shortcuts': return html`<shortcuts-dialog></shortcuts-dialog>`;
    case 'help': return html`<help-dialog></help-dialog>`;
    case 'about': return html`<about-dialog></about-dialog>`;
    case 'password': return html`<password-dialog></password-dialog>`;
    case 'sign-out': return html`<sign-out-dialog .everywhere=${request.everywhere}></sign-out-dialog>`;
    case 'new-group': return html`<new-group-dialog></new-group-dialog>`;
    case 'new-meeting': return html`<new-meeting-dialog></new-meeting-dialog>`;
    case 'meeting': return html`<meeting-dialog .conversationId=${request.conversationId} .emails=${request.emails ?? []}></meeting-dialog>`;
    case 'new-space': return html`<new-space-dialog></new-space-dialog>`;
    case 'new-channel': return html`<new-channel-dialog .spaceId=${request.spaceId}></new-channel-dialog>`;
    case 'browse-channels': return html`<browse-channels-dialog .spaceId=${request.spaceId}></browse-channels-dialog>`;
    case 'invite-to-group': return html`<invite-dialog .conversationId=${request.conversationId}></invite-dialog>`;
    case 'invite-to-space': return html`<invite-dialog .spaceId=${request.spaceId}></invite-dialog>`;
    case 'leave-conversation':
    case 'close-channel': return html`<leave-dialog .what=${request.is} .subject=${request.conversationId}></leave-dialog>`;
    case 'leave-space': return html`<leave-dialog .what=${request.is} .subject=${request.spaceId}></leave-dialog>`;
    case 'title-conversation': return html`<title-dialog .conversationId=${request.conversationId}></title-dialog>`;
    case 'title-space': return html`<title-dialog .spaceId=${request.spaceId}></title-dialog>`;
    case 'preview-file': return html`<preview-dialog .file=${request.file}></preview-dialog>`;
    case 'withdraw-file': return html`<withdraw-dialog .conversationId=${request.conversationId} .fileId=${request.fileId} .name=${request.name}></withdraw-dialog>`;
    case 'download-history': return html`<download-dialog .conversationId=${request.conversationId}></download-dialog>`;
  }
};

/** Shows the dialog that was asked for, once its script is here. */
export class DialogHost extends LitElement {
  static override properties = { ready: { state: true } };
  declare ready: DialogRequest | undefined;

  constructor() {
    super();
    this.ready = undefined;
    new StoreController(this, workspace.session);
    dialog.watch(async (request) => {
      this.ready = undefined;
      if (!request) return;
      const script = await scriptOf[request.is]();
      if (dialog.value !== request) return;
      if (script) this.ready = request;
      else dialog.set(undefined); // It did not come; main.ts has said so.
    });
  }

  #closed = (): void => {
    if (dialog.value === this.ready) dialog.set(undefined);
  };

  override render() {
    return this.ready && workspace.me ? html`<div @closed=${this.#closed}>${keyed(this.ready, contentOf(this.ready))}</div>` : nothing;
  }
}
customElements.define('dialog-host', DialogHost);
