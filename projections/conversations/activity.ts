import type { z } from 'zod';
import type { Activity, lastLine } from '#src/contract/conversations.ts';
import type { Opened } from '#src/every-event.ts';
import { lengthOf } from '../calls/words.ts';
import { secondsOf } from '../timeline/call-lines.ts';

export type LastLine = z.infer<typeof lastLine>;

const excerptMax = 120;

/** A plain excerpt of at most 120 UTF-16 units that never cuts a character in two; null stays null. */
export const excerptOf = (text: string | null | undefined): string | null => {
  if (text === null || text === undefined) return null;
  if (text.length <= excerptMax) return text;
  const cut = text.slice(0, excerptMax);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
};

/** Where a conversation stands before some events: its last ordinal and the last thing said. */
export type Standing = { readonly lastOrdinal: number; readonly last: LastLine | null };

type Gathered = { lastOrdinal: number; last: LastLine | null; readonly counts: [string, number][]; readonly mentioned: [number, string, readonly string[]][]; readonly retracted: [number, string, number][] };

/**
 * The one frame for everybody's lists, from a conversation's events in order, and where it stands after them. Pure. Undefined
 * where nothing was said or taken back. `before`: as `conversations.standing` or the call before gave it.
 */
export const activityOf = (conversationId: string, before: Standing, events: readonly Opened[]): { readonly activity: Activity; readonly after: Standing } | undefined => {
  const gathered: Gathered = { lastOrdinal: before.lastOrdinal, last: before.last, counts: [], mentioned: [], retracted: [] };
  let any = false;
  for (const event of events) any = gather(gathered, event) || any;
  if (!any) return undefined;
  const { lastOrdinal, last, mentioned, retracted } = gathered;
  return { activity: { conversationId, lastOrdinal, last, counts: gathered.counts, mentioned, retracted }, after: { lastOrdinal, last } };
};

/** A file as the last thing said: its name, and its id in place of a message's. */
export const lastOfFile = ({ revision, data, content }: Opened<'FileShared'>): LastLine => ({ revision, at: data.at, author: data.author, messageId: data.fileId, text: excerptOf(content.file?.name), form: 'file' });

/** A call that ended as the last thing that was: how long it was held, or that nobody took it. It counts as nothing said. */
export const lastOfCall = ({ revision, data }: Opened<'CallEnded'>): LastLine => {
  const what = data.audioOnly ? 'Voice call' : 'Video call';
  return { revision, at: data.at, author: data.startedBy, messageId: data.callId, text: data.people.length > 1 ? `${what}, ${lengthOf(secondsOf(data))}` : `${what}, not answered`, form: 'call' };
};

const count = (gathered: Gathered, author: string, ordinal: number): void => {
  gathered.lastOrdinal = ordinal;
  const run = gathered.counts.at(-1);
  if (run?.[0] === author) run[1] += 1;
  else gathered.counts.push([author, 1]);
};

const gather = (gathered: Gathered, event: Opened): boolean => {
  switch (event.type) {
    case 'MessagePosted': {
      const { at, author, form, mentions, messageId, ordinal } = event.data;
      gathered.last = { revision: event.revision, at, author, messageId, text: excerptOf(event.content.text?.text), form };
      count(gathered, author, ordinal);
      if (mentions.length > 0) gathered.mentioned.push([ordinal, author, mentions]);
      return true;
    }
    case 'FileShared': {
      const { author, ordinal } = event.data;
      gathered.last = lastOfFile(event);
      count(gathered, author, ordinal);
      return true;
    }
    case 'CallEnded':
      gathered.last = lastOfCall(event);
      return true;
    case 'FileWithdrawn':
      gathered.retracted.push([event.data.ordinal, event.data.author, event.position]);
      if (gathered.last?.messageId === event.data.fileId) gathered.last = { ...gathered.last, text: null };
      return true;
    case 'MessageEdited':
      if (gathered.last?.messageId !== event.data.messageId) return false;
      gathered.last = { ...gathered.last, text: excerptOf(event.content.text?.text) };
      return true;
    case 'MessageRetracted':
      gathered.retracted.push([event.data.ordinal, event.data.author, event.position]);
      if (gathered.last?.messageId === event.data.messageId) gathered.last = { ...gathered.last, text: null };
      return true;
    default:
      return false;
  }
};
