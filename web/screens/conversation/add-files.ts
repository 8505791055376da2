import { filesOf, uploadQueue, type Upload } from '../../client/uploads.ts';
import { workspace } from '../../client/workspace.ts';
import { toast } from '../../elements/hansard-toasts.ts';

/** Adds files to what will be sent; their bytes flow at once. Says what could not be taken. */
export const addFiles = async (conversationId: string, files: readonly File[]): Promise<void> => {
  const account = workspace.me?.account;
  if (!account || files.length === 0) return;
  try {
    const left = (await uploadQueue()).add(account, conversationId, files);
    if (left > 0) toast(`${filesOf(left)} too many: 100 can be on their way at once. ${left === 1 ? 'It was' : 'They were'} not added; add ${left === 1 ? 'it' : 'them'} when these are through.`, { danger: true });
  } catch {
    toast('The files could not be taken while Hansard cannot be reached. They are where they were; add them again when the connection is back.', { danger: true });
  }
};

/** Another file was chosen than the one that was begun. */
export const notTheSame = ({ name }: Upload): void => toast(`That is another file: its name or size differs. Choose ${name} as it was, or remove it and add the other one.`, { danger: true });
