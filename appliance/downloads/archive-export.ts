import { createHash } from 'node:crypto';
import { meetingWords } from '#projections/calls/meeting-words.ts';
import { callWords } from '#projections/calls/words.ts';
import { closerOf, closingWords, leavingWords } from '#projections/conversations/parting-words.ts';
import { isCallEvent } from '#src/calls/call.ts';
import { isMeetingEvent } from '#src/meetings/meeting.ts';
import type { Opened } from '#src/every-event.ts';
import type { JsonObject } from '#src/kernel/event.ts';
import { previewWords, utc } from './history.ts';
import type { ArchiveJob, Stretch } from './job.ts';
import type { LinePage } from './line-page.ts';
import type { RecordReader } from './record-reader.ts';
import { fileEntryOf } from './shared-files.ts';

/** Makes the lines of the hits from one index to another (not included), in log order. Returns where it stopped: at the end, or before, because the page is full. */
export const writeArchive = (reader: RecordReader, { positions }: ArchiveJob, { from, to }: Stretch, page: LinePage): number => {
  for (let index = from; index < to; index += 1) {
    const event = reader.at(positions[index]!);
    if (event) addEntry(reader, event, page);
    if (page.isFull) return index + 1;
  }
  return to;
};

/** One event with everything an officer may know of it, and its place in the record. */
const addEntry = (reader: RecordReader, event: Opened, page: LinePage): void => {
  const data = event.data as unknown as JsonObject;
  const actor = event.type === 'ConversationClosed' ? closerOf(event) : String(data['author'] ?? data['account'] ?? data['by'] ?? event.metadata.actor.id);
  const name = reader.nameOf(actor);
  const file = event.type === 'FileShared' ? fileEntryOf(event, event.position, { at: utc(event.data.at), author: name, withdrawn: reader.withdrawnAt(event.stream, event.data.fileId) !== undefined }) : undefined;
  const text = file ? (file.name && `${file.name} (${file.size} bytes, ${file.entry})`) : saidBy(event, (account) => reader.nameOf(account));
  const sealed = Array.isArray(data['sealed']) && data['sealed'].length > 0;
  const gone = sealed && Object.keys(event.content).length === 0;
  const { sealed: _ciphertext, ...plain } = data;
  const says = text === null ? (gone ? ': [disposed of]' : '') : `: ${text.replaceAll('\n', '\n    ')}`;
  page.add(
    `${utc(Number(data['at']))}  ${event.stream} revision ${event.revision}  ${name} ${event.type}${says}`,
    JSON.stringify({ author: actor, authorName: name, content: contentOf(event), data: plain, ...(file && { entry: file.entry }), door: event.metadata.door, event: event.id, leaf: event.leafHash, position: event.position, revision: event.revision, stream: event.stream, type: event.type }),
    gone,
  );
  if (file) page.addFile(file);
};

/** What an event says, in a sentence, in words of people or of a page; null where it says nothing, or its key is gone. */
const saidBy = (event: Opened, nameOf: (account: string) => string): string | null => {
  if (isCallEvent(event)) return callWords(event, nameOf);
  if (isMeetingEvent(event)) return meetingWords(event, nameOf);
  if (event.type === 'MemberLeft') return leavingWords(event, nameOf);
  if (event.type === 'ConversationClosed') return closingWords(event, nameOf);
  if (event.type === 'MessagePosted' || event.type === 'MessageEdited') return event.content.text?.text ?? null;
  return event.type === 'LinkPreviewed' && event.content.preview ? previewWords(event.content.preview) : null;
};

/** A file's key opens what is in the store for ever, so it leaves in no export: the file itself does. A picture is named by its hash. */
const contentOf = (event: Opened): JsonObject => {
  if (event.type === 'LinkPreviewed' && event.content.preview?.picture) {
    const { bytes, ...picture } = event.content.preview.picture;
    return { preview: { ...event.content.preview, picture: { ...picture, sha256: createHash('sha256').update(Buffer.from(bytes, 'base64url')).digest('hex') } } };
  }
  if (event.type !== 'FileShared' || !event.content.file) return event.content as JsonObject;
  const { hash, name } = event.content.file;
  return { file: { name, sha256: Buffer.from(hash, 'base64url').toString('hex') } };
};
