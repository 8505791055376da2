import type { ParsedInputOf } from '../contract/endpoint.ts';
import type { shareFile as endpoint } from '../contract/files.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { conversationClosed } from '../conversations/refusals.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { notTheAuthor } from '../messages/refusals.ts';
import type { FileShared } from './events.ts';
import { forbiddenIn } from './forbidden-types.ts';
import { permitToShare, type SharingPermit } from './permits.ts';
import { fileIdTaken, fileTypeForbidden, uploadIncomplete } from './refusals.ts';

/** Bytes that are sealed, whole and on stable storage under their address; as in FileShared. `ending`: what files of that type are commonly called by. */
export type StoredFile = { readonly blob: string; readonly hash: string; readonly key: string; readonly size: number; readonly type: string; readonly ending?: string; readonly width?: number; readonly height?: number };

/** `stored`: undefined while bytes are missing, and after the file was shared. */
export type ShareFile = ParsedInputOf<typeof endpoint> & { readonly stored: StoredFile | undefined };

/** Bytes first, then the event: whoever reads of a file in the record finds it. */
export const shareFile: UseCase<ShareFile, ConversationState, SharingPermit, World> = {
  name: 'shareFile',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  wanted: ({ fileId, messageId }) => ({ files: [fileId], ...(messageId !== undefined && { messages: [messageId] }) }),
  permit: (world, acting, _input, state) => permitToShare(world, acting, state),
  decide: (permit, { fileId, name, messageId, stored }, state, { at }, known) => {
    const shared = known.file(fileId);
    if (shared) return shared.author === permit.account ? nothingToRecord : fileIdTaken;
    if (state.closed) return conversationClosed;
    // A message that has not come yet is its author's to send.
    const author = messageId === undefined ? undefined : known.message(messageId)?.author;
    if (author !== undefined && author !== permit.account) return notTheAuthor;
    if (!stored) return uploadIncomplete;
    const { blob, hash, key, size, type, ending, width, height } = stored;
    const word = forbiddenIn(permit.forbidden, { name, type, ending });
    if (word !== undefined) return fileTypeForbidden(word, permit.forbidden);
    const event: FileShared = {
      type: 'FileShared',
      data: {
        at, author: permit.account, blob, fileId, ...(height !== undefined && { height }), ...(messageId !== undefined && { messageId }), ordinal: state.lastOrdinal + 1, size, type, ...(width !== undefined && { width }),
      },
      content: { file: { hash, key, name } },
    };
    return [event];
  },
  isSameIntent: ({ fileId, name, messageId }, recorded) =>
    recordsIntent(recorded, 'FileShared', { fileId, messageId }) && recorded.every(({ content }) => content['file'] === undefined || content['file']['name'] === name),
};
