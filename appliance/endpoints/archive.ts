import type { House } from '#appliance/house/house.ts';
import type { Downloads } from '#appliance/web/download-routes.ts';
import { closeInquiry as closing } from '#src/archive/close-inquiry.ts';
import { exportInquiry as exporting } from '#src/archive/export-inquiry.ts';
import { openHit as openingHit } from '#src/archive/open-hit.ts';
import { openInquiry as opening } from '#src/archive/open-inquiry.ts';
import { recordAnswer } from '#src/archive/record-answer.ts';
import { searchArchive as searching } from '#src/archive/search-archive.ts';
import type { ParsedInputOf } from '#src/contract/endpoint.ts';
import { closeInquiry, exportInquiry, listInquiries, openHit, openInquiry, searchArchive, type ArchiveFilter } from '#src/contract/archive.ts';
import { limits } from '#src/contract/limits.ts';
import { serve, type Call, type Caller, type Served } from '#src/doors/door.ts';
import { canonical } from '#src/kernel/canonical.ts';
import { causedId, uuidv4 } from '#src/kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import type { Handled } from '#src/log/desk/stream-desk.ts';
import { offerExport, reasonOf } from './export-offer.ts';
import { linkPictureAt } from './links.ts';
import { recordedOf } from './recorded.ts';
import { startDigest, type Ref } from './refs-digest.ts';

type Signed = Call & { readonly caller: Caller };

const essential = { appendClass: 'essential' } as const;
const refsPage = 5_000;
const noSuchEvent = refuse('not-found', 'There is no such event in this conversation.');

const digestOf = (refs: readonly Ref[]): string => {
  const given = startDigest();
  given.add(refs);
  return given.digest();
};
export const unreadable = ({ says, at }: { readonly says: string; readonly at: number }): Refusal => refuse('query-unreadable', `${says} At character ${at + 1}.`, at);

/** The officer's looks: each is recorded, and durable, before anything is given; what was given is recorded after. */
export const archiveEndpoints = (house: House, downloads: Downloads): readonly Served[] => [
  serve(openInquiry, async (input, call) => recordedOf(await house.command(opening, input, call, essential))),
  serve(closeInquiry, async (input, call) => recordedOf(await house.command(closing, input, call, essential))),
  serve(listInquiries, async () => ({ inquiries: (await house.views.ask('archive.inquiries', {}, house.hub.position)).value.map(({ caseStream: _case, ...row }) => row) })),
  serve(searchArchive, async (input, call) => {
    const looked = await house.command(searching, { ...input, look: causedId(call.commandId, 0), from: Number.parseInt(input.next ?? '0', 10) || 0 }, call, essential);
    if (isRefusal(looked)) return looked;
    const { query, filter, oldestFirst, next } = input;
    const { position, value } = await house.views.ask('archive.search', { query, filter: filter as ArchiveFilter, oldestFirst, limit: limits.archivePage, facets: true, ...(next !== undefined && { next }) }, house.hub.position);
    if ('unreadable' in value) return unreadable(value);
    const look = await answered(house, call, looked, input.inquiry, value.total, value.hits.map(({ conversationId, revision }) => [streams.conversation(conversationId), revision]), position);
    return isRefusal(look) ? look : { look, position, answeredAt: house.clock(), total: value.total, conversations: value.conversations, hits: [...value.hits], next: value.next, facets: value.facets };
  }),
  serve(openHit, async (input, call) => {
    const looked = await house.command(openingHit, { ...input, look: causedId(call.commandId, 0) }, call, essential);
    if (isRefusal(looked)) return looked;
    const { position, value } = await house.views.ask('archive.hit', { conversationId: input.conversationId, revision: input.revision, around: input.around }, house.hub.position);
    const given: readonly Ref[] = value ? value.context.map(({ revision }) => [streams.conversation(input.conversationId), revision] as const) : [];
    const look = await answered(house, call, looked, input.inquiry, value ? 1 : 0, given, position);
    if (isRefusal(look)) return look;
    if (!value) return noSuchEvent;
    const previews = value.previews.map(async (preview) => ({ ...preview, webp: preview.picture && ((await linkPictureAt(house, input.conversationId, preview.revision))?.toString('base64url') ?? null) }));
    return { look, ...value, previews: await Promise.all(previews) };
  }),
  serve(exportInquiry, (input, call) => exportAll(house, downloads, input, call)),
];

/** Records what is about to be given; the look's id. */
export const answered = async (house: House, call: Signed, looked: Handled, inquiry: string, count: number, refs: readonly Ref[], position: number): Promise<string | Refusal> => {
  const [event] = looked.events;
  const look = String(event!.data['look']);
  // A look asked again, after a lost answer, is answered from the index of now: what is given then is on record too.
  const result = await house.command(recordAnswer, { inquiry, look, count, digest: digestOf(refs), position }, { ...call, commandId: uuidv4() }, { ...essential, causation: event!.id });
  return isRefusal(result) ? result : look;
};

const exportAll = async (house: House, downloads: Downloads, { inquiry, query, filter, after }: ParsedInputOf<typeof exportInquiry>, call: Signed) => {
  const found = await gather(house, query, filter, after);
  if (isRefusal(found)) return found;
  const { positions, digest, position } = found;
  const reason = await reasonOf(house, inquiry);
  if (isRefusal(reason)) return reason;
  const made = await house.command(exporting, { inquiry, query, filter, ...(after !== undefined && { after }), export: causedId(call.commandId, 0), count: positions.length, digest, position }, call, essential);
  return isRefusal(made) ? made : offerExport(downloads, call, made, { inquiry, reason, query, filter: canonical(filter), after: after ?? null, positions: Float64Array.from(positions).sort(), files: null });
};

/** The whole result as log positions, and the digest over its canonical list, page by page. */
const gather = async (house: House, query: string, filter: ArchiveFilter, after = -1): Promise<{ readonly positions: readonly number[]; readonly digest: string; readonly position: number } | Refusal> => {
  const positions: number[] = [];
  const given = startDigest();
  let position = house.hub.position;
  for (let next: string | null | undefined; next !== null; ) {
    const answer: Awaited<ReturnType<typeof refsPageOf>> = await refsPageOf(house, query, filter, next, house.hub.position);
    if ('unreadable' in answer.value) return unreadable(answer.value);
    const found = answer.value.refs.filter(([, , at]) => at > after);
    for (const [, , at] of found) positions.push(at);
    given.add(found.map(([stream, revision]) => [stream, revision]));
    position = answer.position;
    next = answer.value.next;
  }
  return { positions, digest: given.digest(), position };
};

const refsPageOf = (house: House, query: string, filter: ArchiveFilter, next: string | undefined, atLeast: number) =>
  house.views.ask('archive.refs', { query, filter, oldestFirst: true, limit: refsPage, ...(next !== undefined && { next }) }, atLeast);
