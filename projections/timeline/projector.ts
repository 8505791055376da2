import type { FileLine } from '#src/contract/files.ts';
import type { LinkPreview } from '#src/contract/links.ts';
import type { LifeLine, MessageLine, TimelineChange } from '#src/contract/timeline.ts';
import type { LeaveCause } from '#src/conversations/events.ts';
import type { Opened } from '#src/every-event.ts';
import type { PreviewContent } from '#src/links/events.ts';
import { callLineOf } from './call-lines.ts';

type LifeEvent = Extract<Opened, { type: 'ConversationOpened' | 'MemberJoined' | 'MemberLeft' | 'ConversationTitled' | 'ConversationClosed' }>;

/** One event of a conversation in, what open timelines must hear out. Pure: the view store and the main thread's pushes both use it. */
export const projectTimeline = (event: Opened): readonly TimelineChange[] => {
  switch (event.type) {
    case 'MessagePosted':
      return [{ kind: 'line-added', line: messageLineOf(event) }];
    case 'MessageEdited': {
      const said = event.content.text;
      return [{ kind: 'line-edited', messageId: event.data.messageId, text: said?.text ?? null, mentions: [...(said?.mentions ?? [])], editedAt: event.data.at }];
    }
    case 'MessageRetracted':
      return [{ kind: 'line-retracted', messageId: event.data.messageId, retracted: { at: event.data.at, by: event.data.by } }];
    case 'ReactionAdded': {
      const { messageId, reactionId, author } = event.data;
      const emoji = event.content.reaction?.emoji;
      return emoji === undefined ? [] : [{ kind: 'reaction-added', messageId, reaction: { reactionId, account: author, emoji } }];
    }
    case 'ReactionWithdrawn':
      return [{ kind: 'reaction-withdrawn', messageId: event.data.messageId, reactionId: event.data.reactionId }];
    case 'LinkPreviewed': {
      const { messageId, link } = event.data;
      const { preview } = event.content;
      return preview === undefined ? [] : [{ kind: 'link-previewed', messageId, preview: linkPreviewOf(link, event.revision, preview) }];
    }
    case 'LinkPreviewWithdrawn':
      return [{ kind: 'link-preview-withdrawn', messageId: event.data.messageId, link: event.data.link }];
    case 'FileShared':
      return [{ kind: 'line-added', line: fileLineOf(event) }];
    case 'FileWithdrawn':
      return [{ kind: 'file-withdrawn', fileId: event.data.fileId, withdrawn: { at: event.data.at, by: event.data.by } }];
    case 'ConversationOpened':
    case 'MemberJoined':
    case 'MemberLeft':
    case 'ConversationTitled':
    case 'ConversationClosed':
      return [{ kind: 'line-added', line: lifeLineOf(event) }];
    case 'CallStarted':
    case 'CallJoined':
    case 'CallDeclined':
    case 'CallUnanswered':
    case 'CallLeft':
    case 'ScreenShared':
    case 'ScreenShareEnded':
    case 'CallMuted':
    case 'GuestAdmitted':
    case 'CallEnded':
      return [{ kind: 'line-added', line: callLineOf(event) }];
    default:
      return [];
  }
};

const messageLineOf = ({ revision, data, content }: Extract<Opened, { type: 'MessagePosted' }>): MessageLine => ({
  kind: 'message', revision, at: data.at, ordinal: data.ordinal, messageId: data.messageId, author: data.author, form: data.form, text: content.text?.text ?? null,
  mentions: [...(content.text?.mentions ?? [])], replyTo: data.replyTo ?? null, editedAt: null, retracted: null, reactions: [], previews: [], importedSaidAt: data.imported?.saidAt ?? null, gone: content.text === undefined,
});

/** The bytes of the picture are fetched when it comes into view. */
const linkPreviewOf = (link: number, revision: number, { url, title, site, description, picture }: PreviewContent): LinkPreview => ({ link, revision, url, title, site, description, picture: picture && { width: picture.width, height: picture.height, alt: picture.alt } });

const fileLineOf = ({ revision, data, content }: Extract<Opened, { type: 'FileShared' }>): FileLine => ({
  kind: 'file', revision, at: data.at, ordinal: data.ordinal, fileId: data.fileId, author: data.author, name: content.file?.name ?? null, size: data.size, type: data.type,
  width: data.width ?? null, height: data.height ?? null, messageId: data.messageId ?? null, withdrawn: null, importedSaidAt: null, gone: content.file === undefined,
});

const leftBy: Readonly<Record<LeaveCause, LifeLine['what']>> = { 'self': 'left', 'left-space': 'left', 'removed': 'removed', 'left-alone': 'left-alone', 'absent': 'absent', 'meeting-over': 'left-at-end' };

const lifeLineOf = (event: LifeEvent): LifeLine => {
  const { revision, data } = event;
  const by = data.by ?? null;
  const base = { kind: 'life', revision, at: data.at, by, account: by, title: null, importedSaidAt: null } as const;
  switch (event.type) {
    case 'ConversationOpened':
      return { ...base, what: 'opened', title: event.content.title?.title ?? null, importedSaidAt: event.data.imported?.saidAt ?? null };
    case 'MemberJoined':
      return { ...base, what: 'joined', account: event.data.account, importedSaidAt: event.data.imported?.saidAt ?? null };
    case 'MemberLeft':
      return { ...base, what: leftBy[event.data.cause], account: event.data.account, importedSaidAt: event.data.imported?.saidAt ?? null };
    case 'ConversationTitled':
      return { ...base, what: 'titled', title: event.content.title?.title ?? null };
    case 'ConversationClosed':
      return event.data.cause === 'meeting-over' ? { ...base, what: 'over', by: null, account: null } : { ...base, what: 'closed' };
  }
};
