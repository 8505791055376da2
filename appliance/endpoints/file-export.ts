import type { FileSearchMade } from '#appliance/downloads/job.ts';
import { fileWordsOf } from '#appliance/file-words/file-words.ts';
import type { House } from '#appliance/house/house.ts';
import type { Downloads } from '#appliance/web/download-routes.ts';
import { isUnreadable } from '#projections/search/query.ts';
import type { ParsedInputOf } from '#src/contract/endpoint.ts';
import { exportFiles } from '#src/contract/files.ts';
import { serve, type Call, type Caller, type Served } from '#src/doors/door.ts';
import { exportFiles as exporting } from '#src/files/export-files.ts';
import { filterOfFiles } from '#src/files/look-at-files.ts';
import { resultChanged } from '#src/files/refusals.ts';
import { causedId } from '#src/kernel/ids.ts';
import { isRefusal, type Refusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import { digestOf, unreadable, type Ref } from './archive.ts';
import { exportOnRecord, offerExport } from './export-offer.ts';

const refsPage = 5_000;

/** Every file found, oldest first. `position`: how far the view of files had come, for all of them. */
type Found = { readonly position: number; readonly files: readonly { readonly position: number; readonly ref: Ref }[]; readonly inside: FileSearchMade['inside'] };

/** The whole result, of files shared up to a log position, as the search gives it page by page. What decides is the view at one position, and what had been read inside when it was asked. */
const everyFound = async (house: House, { name, words, filter }: ParsedInputOf<typeof exportFiles>, upTo = Number.MAX_SAFE_INTEGER): Promise<Found | Refusal> => {
  const { position, value: scope } = await house.views.ask('files.scope', { name, filter }, house.hub.position);
  const isBefore = (_: number, n: number): boolean => scope.positions[n]! <= upTo;
  const [positions, sizes] = [scope.positions.filter(isBefore), scope.sizes.filter(isBefore)];
  if (words.trim() === '' && !filter.unread) return { position, files: await refsOf(house, positions, position), inside: null };
  const found = await fileWordsOf(house).find({ positions: Float64Array.from(positions), sizes: Float64Array.from(sizes), words, unread: filter.unread ?? false, limit: positions.length });
  if (isUnreadable(found)) return unreadable(found);
  return { position, files: await refsOf(house, found.page, position), inside: found.inside };
};

const refsOf = async (house: House, positions: readonly number[], atLeast: number): Promise<Found['files']> => {
  const ascending = [...positions].sort((a, b) => a - b);
  const files: Found['files'][number][] = [];
  for (let from = 0; from < ascending.length; from += refsPage) {
    const { value } = await house.views.ask('files.at', { positions: ascending.slice(from, from + refsPage) }, atLeast);
    for (const { position, conversationId, revision } of value) files.push({ position, ref: [streams.conversation(conversationId), revision] });
  }
  return files;
};

const digestOfFiles = (files: Found['files']): string => digestOf(files.map(({ ref }) => ref));

/** A search for files, taken home: recorded, durable, before its address is given. */
export const fileExportEndpoints = (house: House, downloads: Downloads): readonly Served[] => [serve(exportFiles, (input, call) => exportAll(house, downloads, input, call))];

const exportAll = async (house: House, downloads: Downloads, input: ParsedInputOf<typeof exportFiles>, call: Call & { readonly caller: Caller }) => {
  const found = await everyFound(house, input);
  if (isRefusal(found)) return found;
  const made = await house.command(exporting, { ...input, export: causedId(call.commandId, 0), count: found.files.length, digest: digestOfFiles(found.files), position: found.position }, call, { appendClass: 'essential' });
  if (isRefusal(made)) return made;
  // Asked again after a lost answer, it is still the one on record. What stands inside files is found by how far they were read, which no position of the log says: the digest does.
  const recorded = exportOnRecord(made);
  const given = recorded.position < found.position ? await everyFound(house, input, recorded.position) : found;
  if (isRefusal(given)) return given;
  if (digestOfFiles(given.files) !== recorded.digest) return resultChanged;
  return offerExport(house, downloads, call, made, { inquiry: input.inquiry, query: input.name, filter: filterOfFiles(input), after: null, positions: Float64Array.from(given.files, (file) => file.position), files: { words: input.words, inside: given.inside } });
};
