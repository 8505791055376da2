import { fileWordsOf } from '#appliance/file-words/file-words.ts';
import { answerWithBytes } from '#appliance/files/byte-answers.ts';
import type { SharedFiles } from '#appliance/files/shared-files.ts';
import type { House } from '#appliance/house/house.ts';
import type { ArchivedRow } from '#projections/files/archived-files.ts';
import { isUnreadable } from '#projections/search/query.ts';
import type { OutputOf, ParsedInputOf } from '#src/contract/endpoint.ts';
import { openFile, readOpenedFile, searchFiles, type ArchivedFile } from '#src/contract/files.ts';
import { limits } from '#src/contract/limits.ts';
import { serve, type Served } from '#src/doors/door.ts';
import type { Opened } from '#src/every-event.ts';
import { openFile as opening, searchFiles as searching } from '#src/files/look-at-files.ts';
import { fileNotFound } from '#src/files/refusals.ts';
import { causedId } from '#src/kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import { answered, unreadable } from './archive.ts';

const essential = { appendClass: 'essential' } as const;
const notOpened = refuse('not-found', 'You have not opened this file, it was more than ten minutes ago, or its inquiry is closed. Open it again; every look is recorded.');

type SharingAt = (house: House, conversationId: string, revision: number) => Promise<Opened<'FileShared'> | undefined>;

type Found = Omit<OutputOf<typeof searchFiles>, 'look'>;

/** By what the record says, and, where it is asked for, by what stands inside; then with how much of it was read. */
const foundFiles = async (house: House, { name, words, filter, next }: ParsedInputOf<typeof searchFiles>): Promise<Found | Refusal> => {
  const page = { limit: limits.filesPage, ...(next !== undefined && { before: next }) };
  const upTo = house.hub.position;
  const inside = fileWordsOf(house);
  const described = async (rows: readonly ArchivedRow[]): Promise<ArchivedFile[]> => {
    const read = new Map((await inside.insides(rows.map(({ position }) => position), words)).map((one) => [one.position, one]));
    return rows.map((row) => ({ ...row, words: read.get(row.position)!.words, excerpt: read.get(row.position)!.excerpt }));
  };
  if (words.trim() === '' && !filter.unread) {
    const { position, value } = await house.views.ask('files.archived', { name, filter, ...page }, upTo);
    return { position, total: value.total, bytes: value.bytes, files: await described(value.files), next: value.next, inside: null };
  }
  const { position, value: { positions, sizes } } = await house.views.ask('files.scope', { name, filter }, upTo);
  const found = await inside.find({ positions: Float64Array.from(positions), sizes: Float64Array.from(sizes), words, unread: filter.unread ?? false, ...page });
  if (isUnreadable(found)) return unreadable(found);
  const { value: rows } = await house.views.ask('files.rows', { positions: found.page }, position);
  return { position, total: found.total, bytes: found.bytes, files: await described(rows), next: found.next, inside: found.inside };
};

/** The officer's looks at files: each is recorded, and durable, before anything is given. */
export const fileArchiveEndpoints = (house: House, shared: SharedFiles, sharingAt: SharingAt): readonly Served[] => [
  serve(searchFiles, async (input, call) => {
    const looked = await house.command(searching, { ...input, look: causedId(call.commandId, 0) }, call, essential);
    if (isRefusal(looked)) return looked;
    const found = await foundFiles(house, input);
    if (isRefusal(found)) return found;
    const { position, files, ...counts } = found;
    const look = await answered(house, call, looked, input.inquiry, counts.total, files.map(({ conversationId, revision }) => [streams.conversation(conversationId), revision]), position);
    return isRefusal(look) ? look : { look, position, ...counts, files: [...files] };
  }),
  serve(openFile, async ({ inquiry, conversationId, fileId }, call) => {
    const { position, value: place } = await house.views.ask('files.one', { conversationId, fileId, account: call.caller.account }, house.hub.position);
    if (!place) return fileNotFound;
    const looked = await house.command(opening, { inquiry, look: causedId(call.commandId, 0), conversationId, revision: place.revision }, call, essential);
    if (isRefusal(looked)) return looked;
    const look = await answered(house, call, looked, inquiry, 1, [[streams.conversation(conversationId), place.revision]], position);
    if (isRefusal(look)) return look;
    const expiresAt = shared.remember(look, { account: call.caller.account, inquiry, conversationId, revision: place.revision });
    return { look, url: `/api/inquiries/${inquiry}/files/${look}`, expiresAt };
  }),
  serve(readOpenedFile, async ({ inquiry, look, inline }, call) => {
    const opened = await shared.opened(look, inquiry, call.caller);
    const event = opened && (await sharingAt(house, opened.conversationId, opened.revision));
    const { files } = shared;
    return event && files ? shared.reads.answer(call.caller.account, () => answerWithBytes(files, event, call.request!, inline === 'true', house.onFault)) : notOpened;
  }),
];
