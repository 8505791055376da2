import type { ParsedInputOf } from '../contract/endpoint.ts';
import type { withdrawFile as endpoint } from '../contract/files.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { conversationClosed } from '../conversations/refusals.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { FileWithdrawn } from './events.ts';
import { fileNotFound, fileWithdrawn, notTheSharer } from './refusals.ts';

export type WithdrawFile = ParsedInputOf<typeof endpoint>;

export const withdrawFile: UseCase<WithdrawFile, ConversationState, MemberPermit, World> = {
  name: 'withdrawFile',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  wanted: ({ fileId }) => ({ files: [fileId] }),
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: (permit, { fileId }, state, { at }, known) => {
    if (state.closed) return conversationClosed;
    const file = known.file(fileId);
    if (!file) return fileNotFound;
    if (file.author !== permit.account) return notTheSharer;
    if (file.withdrawn) return fileWithdrawn;
    const event: FileWithdrawn = { type: 'FileWithdrawn', data: { at, author: file.author, by: permit.account, fileId, ordinal: file.ordinal } };
    return [event];
  },
  isSameIntent: ({ fileId }, recorded) => recordsIntent(recorded, 'FileWithdrawn', { fileId }),
};
