import { exportInquiry, type ArchiveFilter } from '#src/contract/archive.ts';
import type { InputOf, OutputOf } from '#src/contract/endpoint.ts';
import { exportFiles, type ReadInside } from '#src/contract/files.ts';
import type { Answer } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { bytesOf } from '../../elements/file-size.ts';
import { count } from '../../elements/times.ts';
import { completenessOf, completenessWords } from './inside-words.ts';
import { countOf } from './record-times.ts';

export type ExportMade = OutputOf<typeof exportInquiry>;
/** The result of a search, as it can be taken home. */
export type Exportable = {
  readonly total: number;
  /** One of it, and several. */
  readonly called: readonly [one: string, many: string];
  /** What the zip holds, once it holds so many. */
  readonly holds: (total: number) => readonly string[];
  /** What may belong to it and is not there; null where it lacks nothing. */
  readonly lacks: string | null;
  readonly whole: (made: ExportMade) => string;
  /** Whether an earlier export can be continued from its position on. */
  readonly continues: boolean;
  /** Records the export. `after`: the position that an earlier one was complete to. */
  readonly make: (after?: number) => Promise<Answer<ExportMade>>;
};

export const eventsToExport = (inquiry: string, asked: { readonly query: string; readonly filter: ArchiveFilter }, total: number): Exportable => ({
  total, called: ['event', 'events'], lacks: null, continues: true,
  holds: (of) => [`${countOf(of, 'event', 'events')} with every version, as readable text and as JSON Lines`, 'who said it, where and when (UTC), its revision, log position and leaf', 'your reason, the query, the filters and the position it is complete to'],
  whole: (made) => `The zip holds all ${countOf(made.count, 'event', 'events')}, complete to position ${count(made.position)}.`,
  make: (after) => call(exportInquiry, { inquiry, ...asked, ...(after !== undefined && { after }) }, { once: true }),
});

/** What is found inside follows how far files were read, not the log alone: an export of files is always of all of them. */
export const filesToExport = (inquiry: string, asked: Omit<InputOf<typeof exportFiles>, 'inquiry'>, { total, bytes, inside }: { readonly total: number; readonly bytes: number; readonly inside: ReadInside | null }): Exportable => ({
  total, called: ['file', 'files'], continues: false,
  lacks: asked.words && inside && isReadInPart(inside) ? `${completenessWords(inside)} Whether the words stand in the others is not known; the manifest counts them, by reason.` : null,
  holds: (of) => [
    `${countOf(of, 'file', 'files')}${of === total ? `, ${bytesOf(bytes)}` : ''}, as shared; withdrawn ones too`,
    'a table of their names and SHA-256 hashes; who shared each, where and when (UTC), its revision, log position and leaf',
    'your reason, the words, the filters and the position it is complete to',
  ],
  whole: (made) => `The zip was sent whole, with what is kept of ${countOf(made.count, 'file', 'files')}, complete to position ${count(made.position)}. Its manifest names each that is missing or damaged.`,
  make: () => call(exportFiles, { inquiry, ...asked }, { once: true }),
});

const isReadInPart = (inside: ReadInside): boolean => {
  const { of, searched, partly } = completenessOf(inside);
  return searched - partly < of;
};
