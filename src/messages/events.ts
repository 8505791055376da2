import type { Imported } from '../accounts/events.ts';

/** What is said in `conversation-<id>`. `text` is never trimmed or normalised. */

/** Where in the text a mention stands, in UTF-16 units, `to` exclusive. `account` 'everyone' addresses all members. */
export type MentionPlace = { readonly account: string; readonly from: number; readonly to: number };
/** `action` is "/me": the text is told of the author. */
export type MessageForm = 'text' | 'action';

/** `ordinal`: dense number of counting lines in the conversation, from 1. `mentions`: account ids, at most 50, and 'everyone'. */
export type MessagePosted = {
  type: 'MessagePosted';
  data: { at: number; author: string; form: MessageForm; imported?: Imported; mentions: readonly string[]; messageId: string; ordinal: number; replyTo?: string };
  content: { text: { mentions: readonly MentionPlace[]; text: string } };
};
/** Mentions as they stand after the edit; nobody is alerted anew. */
export type MessageEdited = {
  type: 'MessageEdited';
  data: { at: number; author: string; mentions: readonly string[]; messageId: string };
  content: { text: { mentions: readonly MentionPlace[]; text: string } };
};
/** `ordinal` is that of the message, so that counts need no look-up. */
export type MessageRetracted = { type: 'MessageRetracted'; data: { at: number; author: string; by: string; messageId: string; ordinal: number } };
export type ReactionAdded = { type: 'ReactionAdded'; data: { at: number; author: string; messageId: string; reactionId: string }; content: { reaction: { emoji: string } } };
export type ReactionWithdrawn = { type: 'ReactionWithdrawn'; data: { at: number; author: string; messageId: string; reactionId: string } };

export type MessageEvent = MessagePosted | MessageEdited | MessageRetracted | ReactionAdded | ReactionWithdrawn;
