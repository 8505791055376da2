import type { Imported } from '../accounts/events.ts';
import type { World } from '../accounts/standing.ts';
import { conversationFold, isOpened, type ConversationState } from '../conversations/conversation.ts';
import type { MemberJoined, MemberLeft } from '../conversations/events.ts';
import { conversationClosed, notAMember } from '../conversations/refusals.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { MessagePosted } from '../messages/events.ts';
import { permitImport, type ImportPermit } from './permits.ts';

export type ImportedKind = 'message' | 'action' | 'joined' | 'left';

/** One line of the source. `text` as the source has it: empty, untrimmed, with its control characters. `messageId` is derived from batch and line. */
export type ImportLine = { readonly conversationId: string; readonly kind: ImportedKind; readonly author: string; readonly text: string; readonly messageId: string; readonly imported: Imported };

/**
 * Records the line as it is, in the order of the file. Who speaks or leaves without having been seen joining gets an assumed
 * join first, marked as such; who is seen joining twice has joined twice.
 */
export const importLine: UseCase<ImportLine, ConversationState, ImportPermit, World> = {
  name: 'importLine',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (_world, acting) => permitImport(acting),
  decide: (_permit, { kind, author, text, messageId, imported }, state, { at }) => {
    if (!isOpened(state)) return notAMember;
    if (state.closed) return conversationClosed;
    if (kind === 'joined') return [joinOf(author, at, imported, false)];
    const before = state.members.has(author) ? [] : [joinOf(author, at, imported, true)];
    if (kind === 'left') {
      const left: MemberLeft = { type: 'MemberLeft', data: { account: author, at, by: author, cause: 'self', imported } };
      return [...before, left];
    }
    const posted: MessagePosted = {
      type: 'MessagePosted',
      data: { at, author, form: kind === 'action' ? 'action' : 'text', imported, mentions: [], messageId, ordinal: state.lastOrdinal + 1 },
      content: { text: { mentions: [], text } },
    };
    return [...before, posted];
  },
  isSameIntent: ({ kind, author, text, messageId }, recorded) => {
    if (kind === 'joined') return recordsIntent(recorded, 'MemberJoined', { account: author });
    if (kind === 'left') return recordsIntent(recorded, 'MemberLeft', { account: author });
    return recordsIntent(recorded, 'MessagePosted', { author, messageId }, { text: { mentions: [], text } });
  },
};

const joinOf = (account: string, at: number, imported: Imported, assumed: boolean): MemberJoined => ({
  type: 'MemberJoined',
  data: assumed ? { account, assumed: true, at, by: account, imported } : { account, at, by: account, imported },
});
