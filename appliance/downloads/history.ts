import type { Opened } from '#src/every-event.ts';
import type { JsonObject, RecordedEvent } from '#src/kernel/event.ts';
import { streams } from '#src/kernel/streams.ts';
import type { HistoryJob } from './job.ts';
import type { RecordReader } from './record-reader.ts';

/** What later events did to a message, so that the transcript shows what the person may read now. */
export type Fates = {
  readonly edited: ReadonlyMap<string, { readonly revision: number; readonly at: number }>;
  readonly retracted: ReadonlyMap<string, { readonly at: number; readonly by: string }>;
  /** Revisions, inclusive, that this person may see. */
  readonly visible: readonly (readonly [from: number, to: number])[];
};

/** First reading: plain data only, nothing is opened. Memory grows with edits and retractions, not with messages. */
export const readFates = async (reader: RecordReader, { conversationId, account, upTo }: HistoryJob): Promise<Fates> => {
  const edited = new Map<string, { revision: number; at: number }>();
  const retracted = new Map<string, { at: number; by: string }>();
  const visible: [number, number][] = [];
  let sinceJoined = false;
  const parse = ({ data }: RecordedEvent): JsonObject => JSON.parse(data) as JsonObject;
  for await (const page of reader.stream(streams.conversation(conversationId), 0, upTo + 1)) {
    for (const recorded of page) {
      const { type, revision } = recorded;
      if (type === 'MessagePosted') continue;
      if (type === 'MessageEdited') edited.set(String(parse(recorded)['messageId']), { revision, at: Number(parse(recorded)['at']) });
      else if (type === 'MessageRetracted') retracted.set(String(parse(recorded)['messageId']), { at: Number(parse(recorded)['at']), by: String(parse(recorded)['by']) });
      else if (type === 'ConversationOpened') {
        const data = parse(recorded);
        sinceJoined = data['historyVisibility'] === 'sinceJoined';
        if ((data['founders'] as readonly string[]).includes(account)) visible.push([revision, upTo]);
      } else if (type === 'MemberJoined' && parse(recorded)['account'] === account) visible.push([revision, upTo]);
      else if (type === 'MemberLeft' && parse(recorded)['account'] === account && visible.length > 0) visible.at(-1)![1] = revision;
    }
  }
  return { edited, retracted, visible: sinceJoined ? visible : [[0, upTo]] };
};

export type HistoryEntry = { readonly text: string; readonly json: JsonObject };

let lastSecond = -1;
let lastUtc = '';
/** `2026-11-21 02:42:00 +00:00`. Neighbours often share their second. */
export const utc = (at: number): string => {
  const second = Math.floor(at / 1_000);
  if (second === lastSecond) return lastUtc;
  const text = new Date(at).toISOString();
  lastSecond = second;
  return (lastUtc = `${text.slice(0, 10)} ${text.slice(11, 19)} +00:00`);
};
const indented = (text: string): string => (text.includes('\n') ? text.replaceAll('\n', '\n    ') : text);

/** What a page's lines need besides the page: looked up once a page, so that the lines themselves are made without waiting. */
type Beside = { readonly nameOf: (account: string) => string; readonly editedTexts: ReadonlyMap<string, string | null> };

/** A page of the stream as the person may read it; events that show nothing of their own are left out (an edit stands at its message). */
export const historyEntries = async (reader: RecordReader, page: readonly RecordedEvent[], fates: Fates): Promise<readonly HistoryEntry[]> => {
  const events = page.map((recorded) => reader.open(recorded));
  const accounts = new Set(events.map(personOf));
  const editedTexts = new Map<string, string | null>();
  for (const account of accounts) if (account !== undefined) await reader.nameOf(account);
  for (const event of events) {
    if (event.type !== 'MessagePosted' || fates.retracted.has(event.data.messageId)) continue;
    const edit = fates.edited.get(event.data.messageId);
    if (edit) editedTexts.set(event.data.messageId, await textOfEdit(reader, event.stream, edit.revision));
  }
  const beside: Beside = { nameOf: (account) => reader.knownName(account), editedTexts };
  return events.flatMap((event) => historyEntry(event, fates, beside) ?? []);
};

const personOf = ({ data }: Opened): string | undefined => {
  const facts = data as { readonly author?: string; readonly account?: string; readonly by?: string };
  return facts.author ?? facts.account ?? facts.by;
};

const historyEntry = (event: Opened, fates: Fates, beside: Beside): HistoryEntry | undefined => {
  const { revision } = event;
  const { nameOf } = beside;
  switch (event.type) {
    case 'MessagePosted':
      return messageEntry(event, fates, beside);
    case 'ReactionAdded': {
      const emoji = event.content.reaction?.emoji ?? '?';
      return { text: `${utc(event.data.at)}  ${nameOf(event.data.author)} reacted ${emoji}`, json: { at: event.data.at, author: event.data.author, emoji, kind: 'reaction', messageId: event.data.messageId, reactionId: event.data.reactionId, revision } };
    }
    case 'ReactionWithdrawn':
      return { text: `${utc(event.data.at)}  ${nameOf(event.data.author)} took back a reaction`, json: { at: event.data.at, author: event.data.author, kind: 'reaction-withdrawn', messageId: event.data.messageId, reactionId: event.data.reactionId, revision } };
    case 'ConversationOpened':
      return life(event, 'opened', `${nameOf(event.data.by)} opened this conversation`, event.data.by);
    case 'MemberJoined':
      return life(event, 'joined', `${nameOf(event.data.account)} joined`, event.data.account);
    case 'MemberLeft':
      return life(event, 'left', `${nameOf(event.data.account)} left`, event.data.account);
    case 'ConversationTitled':
      return life(event, 'titled', `${nameOf(event.data.by)} named this "${event.content.title?.title ?? ''}"`, event.data.by);
    case 'ConversationClosed':
      return life(event, 'closed', 'This conversation was closed', event.data.by);
    default:
      return undefined;
  }
};

const messageEntry = (event: Opened<'MessagePosted'>, { edited, retracted }: Fates, { nameOf, editedTexts }: Beside): HistoryEntry => {
  const { revision } = event;
  const { at, author, form, imported, messageId, ordinal, replyTo } = event.data;
  const name = nameOf(author);
  const edit = edited.get(messageId);
  const gone = retracted.get(messageId);
  const said = gone ? null : edit ? (editedTexts.get(messageId) ?? null) : (event.content.text?.text ?? null);
  const shown = gone ? `[retracted ${utc(gone.at)}]` : said === null ? '[disposed of]' : indented(said);
  const marks = `${edit && !gone ? ` (edited ${utc(edit.at)})` : ''}${imported ? ` (imported; said ${utc(imported.saidAt)})` : ''}`;
  return {
    text: `${utc(at)}  #${ordinal} ${form === 'action' ? `* ${name} ${shown}` : `${name}: ${shown}`}${marks}`,
    json: {
      at, author, authorName: name, editedAt: edit?.at ?? null, form, kind: 'message', mentions: event.data.mentions, messageId, ordinal, replyTo: replyTo ?? null, retractedAt: gone?.at ?? null, revision, text: said,
      ...(imported ? { imported: { ...imported } } : {}),
    },
  };
};

const textOfEdit = async (reader: RecordReader, stream: string, revision: number): Promise<string | null> => {
  const event = await reader.at(stream, revision);
  return event?.type === 'MessageEdited' ? (event.content.text?.text ?? null) : null;
};

const life = (event: Opened & { readonly data: { readonly at: number } }, what: string, says: string, account: string): HistoryEntry => ({
  text: `${utc(event.data.at)}  ${says}`,
  json: { account, at: event.data.at, kind: what, revision: event.revision },
});
