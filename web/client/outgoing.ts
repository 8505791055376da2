import type { MentionPlace } from '#src/contract/shapes.ts';
import { applyToLine, type MessageLine, type TimelineChange, type TimelineLine } from '#src/contract/timeline.ts';
import type { Refusal } from './answer.ts';

type OnItsWay = {
  readonly account: string;
  readonly key: string;
  readonly conversationId: string;
  readonly commandId: string;
  /** Grows with everything written on this device. */
  readonly order: number;
  readonly writtenAt: number;
  readonly state: 'waiting' | 'recorded' | 'refused';
  readonly refusal: Refusal | null;
};
/** A message on its way; `key` is its messageId. `recorded`: answered, its line has not come yet. `refused`: stays until the writer decides. */
export type Waiting = OnItsWay & { readonly kind: 'post'; readonly text: string; readonly mentions: readonly MentionPlace[]; readonly replyTo: string | null };
export type WhatChanges =
  | { readonly is: 'edit'; readonly text: string; readonly mentions: readonly MentionPlace[] }
  | { readonly is: 'retract' }
  | { readonly is: 'react'; readonly reactionId: string; readonly emoji: string }
  | { readonly is: 'withdraw'; readonly reactionId: string };
/** What was done to a message that is in the log, and is on its way there itself. */
export type ChangeWaiting = OnItsWay & { readonly kind: 'change'; readonly messageId: string; readonly what: WhatChanges };
export type Outgoing = Waiting | ChangeWaiting;

export const isPost = (outgoing: Outgoing): outgoing is Waiting => outgoing.kind === 'post';
export const isChange = (outgoing: Outgoing): outgoing is ChangeWaiting => outgoing.kind === 'change';

const asPushed = ({ account, messageId, writtenAt, what }: ChangeWaiting): TimelineChange => {
  switch (what.is) {
    case 'edit': return { kind: 'line-edited', messageId, text: what.text, mentions: what.mentions, editedAt: writtenAt };
    case 'retract': return { kind: 'line-retracted', messageId, retracted: { at: writtenAt, by: account } };
    case 'react': return { kind: 'reaction-added', messageId, reaction: { reactionId: what.reactionId, account, emoji: what.emoji } };
    case 'withdraw': return { kind: 'reaction-withdrawn', messageId, reactionId: what.reactionId };
  }
};

/** Whether the push of an answered change has come: the line says the same without it. */
export const isInLine = (line: MessageLine, { what }: ChangeWaiting): boolean => {
  switch (what.is) {
    case 'edit': return line.retracted !== null || (line.editedAt !== null && line.text === what.text);
    case 'retract': return line.retracted !== null;
    case 'react': return line.reactions.some(({ reactionId }) => reactionId === what.reactionId);
    case 'withdraw': return !line.reactions.some(({ reactionId }) => reactionId === what.reactionId);
  }
};

/** The lines as whoever made the changes sees them: done at once, like a message that is shown before it is sent. What was refused is not. */
export const withChanges = (lines: readonly TimelineLine[], outgoing: readonly Outgoing[]): readonly TimelineLine[] => {
  const changes = outgoing.filter((one): one is ChangeWaiting => isChange(one) && one.state !== 'refused');
  if (changes.length === 0) return lines;
  return lines.map((line) => (line.kind === 'message' ? changes.filter(({ messageId }) => messageId === line.messageId).reduce((now, change) => applyToLine(now, asPushed(change)), line) : line));
};

const counted = (n: number, what: string): readonly string[] => (n === 0 ? [] : [`${n} unsent ${what}${n === 1 ? '' : 's'}`]);

/** `1 unsent message and 2 unsent changes`: for sentences about what would be lost. */
export const countOf = (outgoing: readonly Outgoing[]): string => {
  const posts = outgoing.filter(isPost).length;
  return [...counted(posts, 'message'), ...counted(outgoing.length - posts, 'change')].join(' and ');
};
