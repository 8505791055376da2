import { z } from 'zod';
import { callLine } from './calls.ts';
import { endpoint, recorded } from './endpoint.ts';
import { fileLine, type FileLine } from './files.ts';
import { limits } from './limits.ts';
import { linkPreview, type LinkPreview } from './links.ts';
import { linksIn } from './markdown.ts';
import { at, id, mentionPlace, messageText, ranges, revision, type Ranges } from './shapes.ts';

export const reaction = z.strictObject({ reactionId: id, account: id, emoji: z.string() });
export type Reaction = z.infer<typeof reaction>;

/** A message in the main timeline. `text` is null once it is retracted, or its key is gone (`gone`). */
export const messageLine = z.strictObject({
  kind: z.literal('message'),
  revision, at, ordinal: z.int(), messageId: id, author: id,
  form: z.enum(['text', 'action']),
  text: z.string().nullable(),
  mentions: z.array(mentionPlace),
  replyTo: id.nullable(),
  editedAt: at.nullable(),
  retracted: z.strictObject({ at, by: id }).nullable(),
  reactions: z.array(reaction),
  /** Of links that stand in the text now, but those that the author took away. */
  previews: z.array(linkPreview),
  /** Time that the source of an import states. */
  importedSaidAt: at.nullable(),
  gone: z.boolean(),
});
export type MessageLine = z.infer<typeof messageLine>;

/**
 * Life of the conversation, shown small: `account` joined, left, gave a title, closed it. What the appliance did has null for `by`: it sent a
 * guest off whom the house had left alone, let one go who was away for too long, or those who were still there at the end of a meeting, and ended it (`over`, which is about nobody: `account` is null).
 */
export const lifeLine = z.strictObject({
  kind: z.literal('life'),
  revision, at,
  what: z.enum(['opened', 'joined', 'left', 'removed', 'left-alone', 'absent', 'left-at-end', 'titled', 'closed', 'over']),
  account: id.nullable(), by: id.nullable(),
  title: z.string().nullable(),
  importedSaidAt: at.nullable(),
});
export type LifeLine = z.infer<typeof lifeLine>;
export const timelineLine = z.discriminatedUnion('kind', [messageLine, fileLine, lifeLine, callLine]);
export type TimelineLine = z.infer<typeof timelineLine>;

/** `position`: the log position that this page is complete to. `quoted`: messages that lines in the page reply to but that are outside it. `viewed`: ranges of revisions that every other member has viewed. */
export const timelinePage = z.strictObject({
  position: z.int(),
  lines: z.array(timelineLine),
  quoted: z.array(messageLine),
  hasOlder: z.boolean(),
  hasNewer: z.boolean(),
  lastOrdinal: z.int(),
  viewed: ranges,
  /** The reader's own cursor. */
  cursor: z.strictObject({ revision, ordinal: z.int() }),
});
export type TimelinePage = z.infer<typeof timelinePage>;

/** What a projector makes of one event. Each change names the row it touches: `revision` of the line (added), else `messageId` or `fileId`. */
export type TimelineChange =
  | { readonly kind: 'line-added'; readonly line: TimelineLine }
  | { readonly kind: 'line-edited'; readonly messageId: string; readonly text: string | null; readonly mentions: readonly z.infer<typeof mentionPlace>[]; readonly editedAt: number }
  | { readonly kind: 'line-retracted'; readonly messageId: string; readonly retracted: { readonly at: number; readonly by: string } }
  | { readonly kind: 'reaction-added'; readonly messageId: string; readonly reaction: Reaction }
  | { readonly kind: 'reaction-withdrawn'; readonly messageId: string; readonly reactionId: string }
  | { readonly kind: 'link-previewed'; readonly messageId: string; readonly preview: LinkPreview }
  | { readonly kind: 'link-preview-withdrawn'; readonly messageId: string; readonly link: number }
  | { readonly kind: 'file-withdrawn'; readonly fileId: string; readonly withdrawn: { readonly at: number; readonly by: string } }
  | { readonly kind: 'viewed-by-all'; readonly ranges: Ranges };

/** Runs in the view store and in the browser, on one message line: a snapshot plus its pushes must equal a fresh snapshot. */
export const applyToLine = (line: MessageLine, change: TimelineChange): MessageLine => {
  switch (change.kind) {
    case 'line-edited':
      return line.retracted ? { ...line, editedAt: change.editedAt } : { ...line, text: change.text, mentions: [...change.mentions], editedAt: change.editedAt, gone: change.text === null, previews: stillLinked(line.previews, change) };
    case 'line-retracted':
      return { ...line, text: null, mentions: [], reactions: [], previews: [], retracted: change.retracted };
    case 'reaction-added':
      return line.reactions.some((r) => r.reactionId === change.reaction.reactionId) ? line : { ...line, reactions: [...line.reactions, change.reaction] };
    case 'reaction-withdrawn':
      return { ...line, reactions: line.reactions.filter((r) => r.reactionId !== change.reactionId) };
    case 'link-previewed':
      // It may have come after an edit that took the link away.
      return line.retracted || line.previews.some(({ link }) => link === change.preview.link) ? line : { ...line, previews: stillLinked([...line.previews, change.preview], line) };
    case 'link-preview-withdrawn':
      return { ...line, previews: line.previews.filter(({ link }) => link !== change.link) };
    case 'line-added':
    case 'file-withdrawn':
    case 'viewed-by-all':
      return line;
  }
};

/** Those of previews whose link stands in a text, in its order. */
const stillLinked = (previews: readonly LinkPreview[], { text, mentions }: { readonly text: string | null; readonly mentions: readonly z.infer<typeof mentionPlace>[] }): LinkPreview[] => {
  if (previews.length === 0 || text === null) return [];
  const links = linksIn(text, mentions);
  return previews.filter(({ url }) => links.includes(url)).sort((one, other) => links.indexOf(one.url) - links.indexOf(other.url));
};

/** The same for a file's line. */
export const applyToFileLine = (line: FileLine, change: TimelineChange): FileLine => (change.kind === 'file-withdrawn' ? { ...line, name: null, withdrawn: change.withdrawn } : line);

/** The line that a change names, changed; every other line as it is. */
export const applyToNamed = (line: TimelineLine, change: TimelineChange): TimelineLine => {
  if (line.kind === 'message') return 'messageId' in change && change.messageId === line.messageId ? applyToLine(line, change) : line;
  return line.kind === 'file' && 'fileId' in change && change.fileId === line.fileId ? applyToFileLine(line, change) : line;
};

/** Unites two ascending lists of inclusive ranges; touching ranges become one. */
export const uniteRanges = (one: Ranges, other: Ranges): Ranges => {
  const result: Ranges = [];
  for (const [from, to] of [...one, ...other].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
};

const inConversation = { conversationId: id };
const message = { ...inConversation, messageId: id };
const said = { text: messageText, mentions: z.array(mentionPlace).max(limits.mentionsMax).default([]) };

export const postMessage = endpoint({
  name: 'postMessage', kind: 'command', method: 'PUT', path: '/conversations/:conversationId/messages/:messageId', policy: 'guest',
  says: 'Posts a message. The client picks the id, so a retry after a lost answer is harmless. The text is recorded as it was said.',
  input: z.strictObject({ ...message, ...said, form: z.enum(['text', 'action']).default('text'), replyTo: id.optional() }),
  output: recorded,
  refusals: ['not-a-member', 'conversation-closed', 'message-id-taken', 'reply-not-found', 'mention-not-a-member', 'mention-misplaced'],
});
export const editMessage = endpoint({
  name: 'editMessage', kind: 'command', method: 'PATCH', path: '/conversations/:conversationId/messages/:messageId', policy: 'guest',
  says: 'Gives a message of one\'s own another text. The first version stays in the record.',
  input: z.strictObject({ ...message, ...said }), output: recorded,
  refusals: ['not-a-member', 'conversation-closed', 'message-not-found', 'not-the-author', 'message-retracted', 'mention-not-a-member', 'mention-misplaced'],
});
export const retractMessage = endpoint({
  name: 'retractMessage', kind: 'command', method: 'DELETE', path: '/conversations/:conversationId/messages/:messageId', policy: 'guest',
  says: 'Takes a message of one\'s own from everybody\'s view. The record keeps it.',
  input: z.strictObject(message), output: recorded,
  refusals: ['not-a-member', 'conversation-closed', 'message-not-found', 'not-the-author', 'message-retracted'],
});
export const addReaction = endpoint({
  name: 'addReaction', kind: 'command', method: 'PUT', path: '/conversations/:conversationId/messages/:messageId/reactions/:reactionId', policy: 'member',
  says: 'Reacts to a message with one emoji.',
  input: z.strictObject({ ...message, reactionId: id, emoji: z.string().min(1).max(limits.emojiMax).refine((t) => /\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\ufe0f?\u20e3/u.test(t), 'an emoji') }),
  output: recorded,
  refusals: ['not-a-member', 'conversation-closed', 'message-not-found', 'message-retracted', 'reaction-already-there', 'reaction-id-taken', 'too-many-reactions'],
});
export const withdrawReaction = endpoint({
  name: 'withdrawReaction', kind: 'command', method: 'DELETE', path: '/conversations/:conversationId/messages/:messageId/reactions/:reactionId', policy: 'member',
  says: 'Takes back a reaction of one\'s own.',
  input: z.strictObject({ ...message, reactionId: id }), output: recorded,
  refusals: ['not-a-member', 'conversation-closed', 'reaction-not-found'],
});
export const readTimeline = endpoint({
  name: 'readTimeline', kind: 'query', method: 'GET', path: '/conversations/:conversationId/timeline', policy: 'guest',
  says: 'A page of the timeline. `opening`: around the first unread line, else the end: the latest 75 lines or 30 days, whichever is more. `latest`, `before`, `after`, `around` a revision, or `date` (the first line at or after it).',
  input: z.strictObject({ ...inConversation, where: z.enum(['opening', 'latest', 'before', 'after', 'around', 'date']).default('opening'), revision: z.coerce.number().int().optional(), date: z.coerce.number().int().optional(), messageId: id.optional(), limit: z.coerce.number().int().min(1).max(limits.timelinePageMax).optional() }),
  output: timelinePage, refusals: ['not-a-member'],
});
export const whoViewed = endpoint({
  name: 'whoViewed', kind: 'query', method: 'GET', path: '/conversations/:conversationId/lines/:revision/viewers', policy: 'member',
  says: 'Who has viewed a line, and when; and which members at that time have not.',
  input: z.strictObject({ ...inConversation, revision: z.coerce.number().int().min(0) }),
  output: z.strictObject({ viewed: z.array(z.strictObject({ account: id, at })), notYet: z.array(id) }), refusals: ['not-a-member', 'receipts-off'],
});
