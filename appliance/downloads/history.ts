import { linksIn } from '#src/contract/markdown.ts';
import { meetingWords } from '#projections/calls/meeting-words.ts';
import { callWords } from '#projections/calls/words.ts';
import { closerOf, closingWords, leavingWords } from '#projections/conversations/parting-words.ts';
import { isCallEvent } from '#src/calls/call.ts';
import { isMeetingEvent } from '#src/meetings/meeting.ts';
import type { Opened } from '#src/every-event.ts';
import type { JsonObject, RecordedEvent } from '#src/kernel/event.ts';
import { streams } from '#src/kernel/streams.ts';
import type { PreviewContent } from '#src/links/events.ts';
import type { HistoryJob, Stretch } from './job.ts';
import type { LinePage } from './line-page.ts';
import type { RecordReader } from './record-reader.ts';
import { fileEntryOf, type FileEntry } from './shared-files.ts';

/** What later events did to a message, so that the transcript shows what the person may read now. */
export type Fates = {
  readonly edited: ReadonlyMap<string, { readonly revision: number; readonly at: number }>;
  readonly retracted: ReadonlyMap<string, { readonly at: number; readonly by: string }>;
  readonly withdrawn: ReadonlyMap<string, { readonly at: number; readonly by: string }>;
  /** Previews that were taken away, as `messageId/link`. */
  readonly takenAway: ReadonlySet<string>;
  /** Revisions, inclusive, that this person may see. */
  readonly visible: readonly (readonly [from: number, to: number])[];
};

/** First reading: plain data only, nothing is opened, and messages are not even read. Memory grows with edits and retractions, not with messages. */
export const readFates = (reader: RecordReader, { conversationId, account, upTo }: HistoryJob): Fates => {
  const edited = new Map<string, { revision: number; at: number }>();
  const retracted = new Map<string, { at: number; by: string }>();
  const withdrawn = new Map<string, { at: number; by: string }>();
  const takenAway = new Set<string>();
  const visible: [number, number][] = [];
  let sinceJoined = false;
  const parse = ({ data }: RecordedEvent): JsonObject => JSON.parse(data) as JsonObject;
  for (const recorded of reader.streamWithout('MessagePosted', streams.conversation(conversationId), 0, upTo + 1)) {
    const { type, revision } = recorded;
    if (type === 'MessageEdited') edited.set(String(parse(recorded)['messageId']), { revision, at: Number(parse(recorded)['at']) });
    else if (type === 'MessageRetracted') retracted.set(String(parse(recorded)['messageId']), { at: Number(parse(recorded)['at']), by: String(parse(recorded)['by']) });
    else if (type === 'FileWithdrawn') withdrawn.set(String(parse(recorded)['fileId']), { at: Number(parse(recorded)['at']), by: String(parse(recorded)['by']) });
    else if (type === 'LinkPreviewWithdrawn') takenAway.add(`${String(parse(recorded)['messageId'])}/${String(parse(recorded)['link'])}`);
    else if (type === 'ConversationOpened') {
      const data = parse(recorded);
      sinceJoined = data['historyVisibility'] === 'sinceJoined';
      if ((data['founders'] as readonly string[]).includes(account)) visible.push([revision, upTo]);
    } else if (type === 'MemberJoined' && parse(recorded)['account'] === account) visible.push([revision, upTo]);
    else if (type === 'MemberLeft' && parse(recorded)['account'] === account && visible.length > 0) visible.at(-1)![1] = revision;
  }
  return { edited, retracted, withdrawn, takenAway, visible: sinceJoined ? visible : [[0, upTo]] };
};

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

/** Makes the lines of revisions `from` to `to` (not included) as the person may read them. Returns where it stopped: at `to`, or before, because the page is full. */
export const writeHistory = (reader: RecordReader, { conversationId }: HistoryJob, fates: Fates, { from, to }: Stretch, page: LinePage): number => {
  for (const recorded of reader.stream(streams.conversation(conversationId), from, to)) {
    const entry = historyEntry(reader.open(recorded), fates, reader);
    if (entry) page.add(entry.text, JSON.stringify(entry.json));
    if (entry?.file) page.addFile(entry.file);
    if (page.isFull) return recorded.revision + 1;
  }
  return to;
};

type HistoryEntry = { readonly text: string; readonly json: JsonObject; readonly file?: FileEntry };

/** Events that show nothing of their own are left out (an edit stands at its message). */
const historyEntry = (event: Opened, fates: Fates, reader: RecordReader): HistoryEntry | undefined => {
  const { revision } = event;
  const nameOf = (account: string): string => reader.nameOf(account);
  switch (event.type) {
    case 'MessagePosted':
      return messageEntry(event, fates, reader);
    case 'FileShared':
      return sharedEntry(event, fates, reader);
    case 'LinkPreviewed':
      return previewEntry(event, fates, reader);
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
      return life(event, 'left', leavingWords(event, nameOf), event.data.account, event.data.cause);
    case 'ConversationTitled':
      return life(event, 'titled', `${nameOf(event.data.by)} named this "${event.content.title?.title ?? ''}"`, event.data.by);
    case 'ConversationClosed':
      return life(event, 'closed', event.data.cause === 'meeting-over' ? closingWords(event, nameOf) : 'This conversation was closed', closerOf(event), event.data.cause);
    default:
      if (isCallEvent(event)) return callEntry(event, nameOf);
      return isMeetingEvent(event) && !event.type.startsWith('Invitation') ? meetingEntry(event, nameOf) : undefined;
  }
};

const messageEntry = (event: Opened<'MessagePosted'>, { edited, retracted }: Fates, reader: RecordReader): HistoryEntry => {
  const { revision } = event;
  const { at, author, form, imported, messageId, ordinal, replyTo } = event.data;
  const name = reader.nameOf(author);
  const edit = edited.get(messageId);
  const gone = retracted.get(messageId);
  const said = gone ? null : edit ? textOfEdit(reader, event.stream, edit.revision) : (event.content.text?.text ?? null);
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

/** The words of a preview on one line. */
export const previewWords = ({ title, site, description, url }: PreviewContent): string => `${title}${site === '' ? '' : ` (${site})`}${description === '' ? '' : `: ${description}`} <${url}>`;

/** Only what people see under the message now. */
const previewEntry = (event: Opened<'LinkPreviewed'>, { edited, retracted, takenAway }: Fates, reader: RecordReader): HistoryEntry | undefined => {
  const { at, author, link, messageId } = event.data;
  const { preview } = event.content;
  const edit = edited.get(messageId);
  if (!preview || retracted.has(messageId) || takenAway.has(`${messageId}/${link}`)) return undefined;
  if (edit && !linksIn(textOfEdit(reader, event.stream, edit.revision) ?? '', []).includes(preview.url)) return undefined;
  const { title, site, description, url } = preview;
  return { text: `${utc(at)}  A link of ${reader.nameOf(author)} leads to ${previewWords(preview)}`, json: { at, author, description, kind: 'link-preview', link, messageId, revision: event.revision, site, title, url } };
};

/** A withdrawn file is gone from people's view, and from what they take home. */
const sharedEntry = (event: Opened<'FileShared'>, { withdrawn }: Fates, reader: RecordReader): HistoryEntry => {
  const { at, author, fileId, messageId, ordinal, size, type } = event.data;
  const name = reader.nameOf(author);
  const gone = withdrawn.get(fileId);
  const file = gone ? undefined : fileEntryOf(event, ordinal, { at: utc(at), author: name, withdrawn: false });
  const shown = gone ? `[file withdrawn ${utc(gone.at)}]` : `shared ${file?.name ?? '[a file that was disposed of]'} (${size} bytes, ${file!.entry})`;
  return {
    text: `${utc(at)}  #${ordinal} ${name}: ${shown}`, ...(file && { file }),
    json: { at, author, authorName: name, entry: file?.entry ?? null, fileId, kind: 'file', messageId: messageId ?? null, name: file?.name ?? null, ordinal, revision: event.revision, sha256: file?.sha256 ?? null, size, type, withdrawnAt: gone?.at ?? null },
  };
};

const callEntry = (event: Extract<Opened, { data: { callId: string } }>, nameOf: (account: string) => string): HistoryEntry => {
  const { at, callId, ...facts } = event.data as unknown as JsonObject & { readonly at: number };
  const { device: _ofABrowserTab, ...rest } = facts as JsonObject;
  return { text: `${utc(at)}  ${callWords(event, nameOf)}`, json: { ...rest, at, callId: callId as string, kind: 'call', revision: event.revision, type: event.type } };
};

/** Whom others invited, and by which address, is for officers alone. */
const meetingEntry = (event: Parameters<typeof meetingWords>[0], nameOf: (account: string) => string): HistoryEntry => ({
  text: `${utc(event.data.at)}  ${meetingWords(event, nameOf)}`, json: { at: event.data.at, kind: 'meeting', revision: event.revision, type: event.type },
});

const textOfEdit = (reader: RecordReader, stream: string, revision: number): string | null => {
  const event = reader.of(stream, revision);
  return event?.type === 'MessageEdited' ? (event.content.text?.text ?? null) : null;
};

const life = (event: Opened & { readonly data: { readonly at: number } }, what: string, says: string, account: string, cause?: string): HistoryEntry => ({
  text: `${utc(event.data.at)}  ${says}`,
  json: { account, at: event.data.at, ...(cause !== undefined && { cause }), kind: what, revision: event.revision },
});
