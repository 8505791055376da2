import { Store } from '../client/store.ts';
import type { PreviewedFile } from '../screens/preview/preview-kind.ts';

/** A dialog that somebody asked for. One is open at a time. */
export type DialogRequest =
  | { readonly is: 'switcher' | 'shortcuts' | 'new-group' | 'new-direct' | 'new-space' | 'new-meeting' | 'password' | 'help' | 'about' }
  | { readonly is: 'preview-file'; readonly file: PreviewedFile }
  | { readonly is: 'withdraw-file'; readonly conversationId: string; readonly fileId: string; readonly name: string }
  | { readonly is: 'sign-out'; readonly everywhere: boolean }
  | { readonly is: 'new-channel' | 'browse-channels' | 'leave-space' | 'title-space' | 'invite-to-space'; readonly spaceId: string }
  | { readonly is: 'invite-to-group' | 'leave-conversation' | 'title-conversation' | 'download-history' | 'close-channel'; readonly conversationId: string }
  /** `emails`: who is to be written to by the person's own mail program. */
  | { readonly is: 'meeting'; readonly conversationId: string; readonly emails?: readonly string[] };

export const dialog = new Store<DialogRequest | undefined>(undefined);
export const openDialog = (request: DialogRequest): void => dialog.set(request);

const storedUnder = 'hansard-details';
const wide = matchMedia('(min-width: 1100px)');

/** Is the details panel open? From 1100 px it stays as it was left; below it slides over and starts closed. */
export const detailsOpen = new Store(wide.matches && localStorage.getItem(storedUnder) !== 'closed');
export const toggleDetails = (open = !detailsOpen.value): void => {
  if (wide.matches) localStorage.setItem(storedUnder, open ? 'open' : 'closed');
  detailsOpen.set(open);
};
wide.addEventListener('change', () => detailsOpen.set(wide.matches && localStorage.getItem(storedUnder) !== 'closed'));
