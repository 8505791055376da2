import { linksIn } from '../contract/markdown.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { conversationClosed } from '../conversations/refusals.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord, refuse } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { MentionPlace } from '../messages/events.ts';
import { messageNotFound, messageRetracted, notTheAuthor } from '../messages/refusals.ts';
import type { LinkPreviewed, PreviewContent } from './events.ts';
import { permitToPreview, type PreviewingPermit } from './permits.ts';

/** `author`, `text` and `mentions`: of the version of the message that holds the link. */
export type RecordLinkPreview = {
  readonly conversationId: string; readonly messageId: string; readonly author: string; readonly text: string; readonly mentions: readonly MentionPlace[]; readonly preview: PreviewContent;
};

const notInMessage = refuse('link-not-in-message', 'This message does not hold this link. Nothing was recorded.');

/** Once for each address in a message, whatever becomes of it: one that was withdrawn does not come back by an edit. */
export const recordLinkPreview: UseCase<RecordLinkPreview, ConversationState, PreviewingPermit, World> = {
  name: 'recordLinkPreview',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  wanted: ({ messageId }) => ({ messages: [messageId], previewsOf: [messageId] }),
  permit: (world, acting) => permitToPreview(world, acting),
  decide: (_permit, { messageId, author, text, mentions, preview }, state, { at }, known) => {
    if (state.closed) return conversationClosed;
    const message = known.message(messageId);
    if (!message) return messageNotFound;
    if (message.author !== author) return notTheAuthor;
    if (message.retracted) return messageRetracted;
    if (!linksIn(text, mentions).includes(preview.url)) return notInMessage;
    const there = known.previewsOf(messageId);
    if (there.some(({ url }) => url === preview.url)) return nothingToRecord;
    const previewed: LinkPreviewed = { type: 'LinkPreviewed', data: { at, author, link: there.length, messageId }, content: { preview } };
    return [previewed];
  },
  // Asked again after a crash, the page may say something else; what is on record is what people saw.
  isSameIntent: ({ messageId, preview }, recorded) =>
    recorded.some(({ type, data, content }) => type === 'LinkPreviewed' && data['messageId'] === messageId && (content['preview'] === undefined || content['preview']['url'] === preview.url)),
};
