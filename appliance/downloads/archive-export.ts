import type { Opened } from '#src/every-event.ts';
import type { JsonObject } from '#src/kernel/event.ts';
import type { ArchiveJob } from './job.ts';
import { utc } from './history.ts';
import type { RecordReader } from './record-reader.ts';

export type ArchiveEntry = { readonly text: string; readonly json: JsonObject; readonly gone: boolean };

/** The hits, in log order. Neighbours are read together; a gap of more than a page is jumped. */
export async function* eventsAt(reader: RecordReader, positions: Float64Array): AsyncGenerator<Opened> {
  let next = 0;
  while (next < positions.length) {
    const from = positions[next]!;
    const ahead = positions.slice(next, next + 500).filter((position) => position < from + 1_000);
    const wanted = new Set(ahead);
    for await (const page of reader.all(from, ahead.at(-1)! - from + 1)) for (const recorded of page) if (wanted.has(recorded.position)) yield reader.open(recorded);
    next += ahead.length;
  }
}

/** One event with everything an officer may know of it, and its place in the record. */
export const archiveEntry = async (reader: RecordReader, event: Opened): Promise<ArchiveEntry> => {
  const data = event.data as unknown as JsonObject;
  const actor = String(data['author'] ?? data['account'] ?? data['by'] ?? event.metadata.actor.id);
  const name = await reader.nameOf(actor);
  const text = event.type === 'MessagePosted' || event.type === 'MessageEdited' ? (event.content.text?.text ?? null) : null;
  const sealed = Array.isArray(data['sealed']) && data['sealed'].length > 0;
  const gone = sealed && Object.keys(event.content).length === 0;
  const { sealed: _ciphertext, ...plain } = data;
  return {
    gone,
    text: `${utc(Number(data['at']))}  ${event.stream} revision ${event.revision}  ${name} ${event.type}${text === null ? (gone ? ': [disposed of]' : '') : `: ${text.replaceAll('\n', '\n    ')}`}`,
    json: { author: actor, authorName: name, content: event.content as JsonObject, data: plain, door: event.metadata.door, event: event.id, leaf: event.leafHash, position: event.position, revision: event.revision, stream: event.stream, type: event.type },
  };
};

/** What the export claims, and what a reader can hold it to. `files` name, bytes and SHA-256 of every other file in the zip. */
export const manifestOf = (job: ArchiveJob, officer: string, counts: { readonly included: number; readonly gone: number }, files: readonly JsonObject[]): string =>
  `${JSON.stringify({
    format: 'hansard-export/1', export: job.export, inquiry: job.inquiry, reason: job.reason, officer, officerAccount: job.by, madeAt: utc(job.at), query: job.query, filter: JSON.parse(job.filter) as JsonObject,
    completeToPosition: job.position, matched: job.positions.length, included: counts.included, contentGone: counts.gone, state: counts.included === job.positions.length ? 'complete' : 'complete with gaps', files,
  }, null, 2)}\n`;
