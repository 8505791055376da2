import type { Opened } from '#src/every-event.ts';
import type { JsonObject } from '#src/kernel/event.ts';
import { utc } from './history.ts';
import type { ArchiveJob, Stretch } from './job.ts';
import type { LinePage } from './line-page.ts';
import type { RecordReader } from './record-reader.ts';

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
  const actor = String(data['author'] ?? data['account'] ?? data['by'] ?? event.metadata.actor.id);
  const name = reader.nameOf(actor);
  const text = event.type === 'MessagePosted' || event.type === 'MessageEdited' ? (event.content.text?.text ?? null) : null;
  const sealed = Array.isArray(data['sealed']) && data['sealed'].length > 0;
  const gone = sealed && Object.keys(event.content).length === 0;
  const { sealed: _ciphertext, ...plain } = data;
  const says = text === null ? (gone ? ': [disposed of]' : '') : `: ${text.replaceAll('\n', '\n    ')}`;
  page.add(
    `${utc(Number(data['at']))}  ${event.stream} revision ${event.revision}  ${name} ${event.type}${says}`,
    JSON.stringify({ author: actor, authorName: name, content: event.content as JsonObject, data: plain, door: event.metadata.door, event: event.id, leaf: event.leafHash, position: event.position, revision: event.revision, stream: event.stream, type: event.type }),
    gone,
  );
};

/** What the export claims, and what a reader can hold it to. `files` name, bytes and SHA-256 of every other file in the zip. */
export const manifestOf = (job: ArchiveJob, officer: string, counts: { readonly included: number; readonly gone: number }, files: readonly JsonObject[]): string =>
  `${JSON.stringify({
    format: 'hansard-export/1', export: job.export, inquiry: job.inquiry, reason: job.reason, officer, officerAccount: job.by, madeAt: utc(job.at), query: job.query, filter: JSON.parse(job.filter) as JsonObject,
    ...(job.after === null ? {} : { afterPosition: job.after }), completeToPosition: job.position, matched: job.positions.length, included: counts.included, contentGone: counts.gone, state: counts.included === job.positions.length ? 'complete' : 'complete with gaps', files,
  }, null, 2)}\n`;
