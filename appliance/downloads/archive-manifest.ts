import type { JsonObject } from '#src/kernel/event.ts';
import { utc } from './history.ts';
import type { ArchiveJob, FileSearchMade } from './job.ts';

type Counts = { readonly included: number; readonly gone: number };

/** Files of the scope where words may stand that nobody could look for: not read, or not all. */
const unreadIn = ({ inside }: FileSearchMade): number => inside?.states.reduce((sum, { state, count }) => sum + (state === 'read' ? 0 : count), 0) ?? 0;
/** Where words were looked for, what was not read may hold them: such a result is never called complete. */
const isPassedOver = ({ files }: ArchiveJob): boolean => files !== null && files.words.trim() !== '' && unreadIn(files) > 0;

const searchedInside = (files: FileSearchMade): JsonObject => ({
  searched: 'files', words: files.words,
  ...(files.inside && { readInside: { files: files.inside.of, notReadInFull: unreadIn(files), states: Object.fromEntries(files.inside.states.map(({ state, count }) => [state, count])) } }),
});

/** What the export claims, and what a reader can hold it to. `files` name, bytes and SHA-256 of every other file in the zip, shared files aside: those are in files.csv; `gaps`: those of them that are not here, or not whole. */
export const manifestOf = (job: ArchiveJob, officer: string, counts: Counts, files: readonly JsonObject[], gaps: readonly JsonObject[]): string =>
  `${JSON.stringify({
    format: 'hansard-export/1', export: job.export, inquiry: job.inquiry, reason: job.reason, officer, officerAccount: job.by, madeAt: utc(job.at), query: job.query, ...(job.files && searchedInside(job.files)), filter: JSON.parse(job.filter) as JsonObject,
    ...(job.after === null ? {} : { afterPosition: job.after }), completeToPosition: job.position, matched: job.positions.length, included: counts.included, contentGone: counts.gone,
    state: counts.included === job.positions.length && gaps.length === 0 && !isPassedOver(job) ? 'complete' : 'complete with gaps', files, sharedFilesMissing: gaps,
  }, null, 2)}\n`;

/** How the transcript begins: the same in sentences. */
export const headOf = (job: ArchiveJob, officer: string): string => {
  const { files, query, positions } = job;
  const searched = [query || (files?.words.trim() ? '' : '(everything)'), files?.words.trim() && `inside: ${files.words}`].filter(Boolean).join('; ');
  return `Export ${job.export}\nOfficer: ${officer}. Reason: ${job.reason}\nSearched${files ? ' files' : ''}: ${searched}\n${files ? insideText(files) : ''}${positions.length} ${files ? 'file' : 'event'}${positions.length === 1 ? '' : 's'}, complete to position ${job.position}. Made ${utc(job.at)}. Times are UTC.\n\n`;
};

const insideText = (files: FileSearchMade): string => {
  if (!files.inside) return '';
  const unread = files.inside.states.filter(({ state }) => state !== 'read').map(({ state, count }) => `${count} ${state}`);
  return unread.length === 0 ? `Read inside: all ${files.inside.of} files in question.\n` : `Read inside: ${files.inside.of - unreadIn(files)} of ${files.inside.of} files in question. Not read, or not all: ${unread.join(', ')}.\n`;
};
