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
import { causedId } from '#src/kernel/ids.ts';
import { isRefusal, type Refusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import { unreadable } from './archive.ts';
import { offerExport, reasonOf } from './export-offer.ts';
import { startDigest } from './refs-digest.ts';

// What is gathered comes in parts, so that the event loop never holds still for all of it.
const scopePage = 20_000;
const refsPage = 5_000;

type Asked = ParsedInputOf<typeof exportFiles>;
type Scope = { readonly position: number; readonly positions: Float64Array; readonly sizes: Float64Array };
/** Every file found, oldest first, as log positions, and the digest over where they are on record. `position`: how far the view of files had come. */
type Found = { readonly position: number; readonly positions: Float64Array; readonly digest: string; readonly inside: FileSearchMade['inside'] };

/** The whole result, as the search gives it page by page. */
const everyFound = async (house: House, asked: Asked): Promise<Found | Refusal> => {
  const { words, filter: { unread = false } } = asked;
  const { position, positions, sizes } = await scopeOf(house, asked);
  if (words.trim() === '' && !unread) return { position, ...(await onRecord(house, positions, position)), inside: null };
  const found = await fileWordsOf(house).find({ positions, sizes, words, unread, limit: positions.length });
  if (isUnreadable(found)) return unreadable(found);
  return { position, ...(await onRecord(house, Float64Array.from(found.page).sort(), position)), inside: found.inside };
};

/** Every file that the other conditions leave. What is shared meanwhile belongs to it too: it is complete to the position of its last part. */
const scopeOf = async (house: House, { name, filter }: Asked): Promise<Scope> => {
  const [positions, sizes]: [number[], number[]] = [[], []];
  for (;;) {
    const { position, value } = await house.views.ask('files.scope', { name, filter, part: { after: positions.at(-1) ?? -1, limit: scopePage } }, house.hub.position);
    positions.push(...value.positions);
    sizes.push(...value.sizes);
    if (value.positions.length < scopePage) return { position, positions: Float64Array.from(positions), sizes: Float64Array.from(sizes) };
  }
};

const onRecord = async (house: House, ascending: Float64Array, atLeast: number): Promise<Pick<Found, 'positions' | 'digest'>> => {
  const positions: number[] = [];
  const given = startDigest();
  for (let from = 0; from < ascending.length; from += refsPage) {
    const { value } = await house.views.ask('files.at', { positions: [...ascending.subarray(from, from + refsPage)] }, atLeast);
    for (const { position } of value) positions.push(position);
    given.add(value.map(({ conversationId, revision }) => [streams.conversation(conversationId), revision]));
  }
  return { positions: Float64Array.from(positions), digest: given.digest() };
};

/** A search for files, taken home: recorded, durable, before its address is given. */
export const fileExportEndpoints = (house: House, downloads: Downloads): readonly Served[] => [serve(exportFiles, (input, call) => exportAll(house, downloads, input, call))];

const exportAll = async (house: House, downloads: Downloads, input: Asked, call: Call & { readonly caller: Caller }) => {
  const found = await everyFound(house, input);
  if (isRefusal(found)) return found;
  const { position, positions, digest, inside } = found;
  const { inquiry, name: query, words } = input;
  const reason = await reasonOf(house, inquiry);
  if (isRefusal(reason)) return reason;
  const made = await house.command(exporting, { ...input, export: causedId(call.commandId, 0), count: positions.length, digest, position }, call, { appendClass: 'essential' });
  return isRefusal(made) ? made : offerExport(downloads, call, made, { inquiry, reason, query, filter: filterOfFiles(input), after: null, positions, files: { words, inside } });
};
