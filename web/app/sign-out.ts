import { workspace } from '../client/workspace.ts';
import { toast } from '../elements/hansard-toasts.ts';
import { openDialog } from './shell-state.ts';

// It is wanted most when there is no connection to fetch it over.
globalThis.requestIdleCallback?.(() => void import('../screens/dialogs/sign-out-dialog.ts'));

/** Signs out; where that would lose messages, asks first. */
export const signOut = async (): Promise<void> => {
  const answer = await workspace.signOut();
  if (answer.ok || answer.code === 'signed-out') return;
  if (answer.code === 'unsent') openDialog({ is: 'sign-out', everywhere: false });
  else toast(`You are still signed in. ${answer.sentence}`, { danger: true });
};
