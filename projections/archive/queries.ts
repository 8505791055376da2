import type { z } from 'zod';
import type { archiveVersion, listInquiries, openHit } from '#src/contract/archive.ts';
import { viewersOf } from '../timeline/queries.ts';
import { viewQuery, type Readers, type ViewReader } from '../view-queries.ts';
import { previewsOf } from './previews.ts';
import { nameOf, refsOf, searchArchive, titleOf, type ArchiveParams, type ArchiveRefs, type ArchiveValue } from './search-archive.ts';

export type HitParams = { readonly conversationId: string; readonly revision: number; readonly around: number };
/** What the contract's `openHit` answers, but for the look. */
export type HitValue = Omit<z.output<(typeof openHit)['output']>, 'look'>;
type Version = z.infer<typeof archiveVersion>;
export type InquiryRow = z.output<(typeof listInquiries)['output']>['inquiries'][number] & { readonly caseStream: string };

type EventRow = { position: number; revision: number; at: number; author: string; message: string | null; type: string; event: string; leaf: string; imported: string | null; text: string | null };

const hit = (read: Readers, p: HitParams): HitValue | null => {
  const archive = read('archive');
  const stream = `conversation-${p.conversationId}`;
  const ref = archive.get<{ ref: number }>('SELECT ref FROM names WHERE name = ?', stream)?.ref;
  const event = ref === undefined ? undefined : eventAt(archive, ref, p.revision);
  if (ref === undefined || !event) return null;
  const viewers = viewersOf(read('timeline'), p.conversationId, postedAt(archive, ref, event) ?? p.revision)?.viewed ?? [];
  return {
    conversationId: p.conversationId, conversationTitle: titleOf(archive, ref), members: membersAt(archive, ref, p.revision), context: contextOf(archive, ref, p), versions: versionsOf(archive, ref, event), previews: previewsOf(archive, event.message, ref).map((preview) => ({ ...preview, webp: null })),
    viewers: viewers.map(({ account, at }) => ({ account, name: nameOf(archive, account), at })),
    record: { stream, revision: event.revision, position: event.position, event: event.event, leaf: event.leaf, type: event.type, imported: event.imported === null ? null : (JSON.parse(event.imported) as HitValue['record']['imported']) },
  };
};

const eventAt = (archive: ViewReader, ref: number, revision: number): EventRow | undefined =>
  archive.get<EventRow>('SELECT d.* FROM lines l JOIN details d ON d.position = l.position WHERE l.conversation = ? AND l.revision = ?', ref, revision);

/** The revision at which the message of an event was posted: that is the line people viewed. */
const postedAt = (archive: ViewReader, ref: number, event: EventRow): number | undefined =>
  archive.get<{ revision: number }>('SELECT d.revision FROM versions v JOIN details d ON d.position = v.position WHERE v.message = ? AND v.conversation = ? ORDER BY v.position LIMIT 1', event.message, ref)?.revision;

const membersAt = (archive: ViewReader, ref: number, revision: number): HitValue['members'] =>
  archive
    .all<{ account: string }>('SELECT DISTINCT account FROM intervals WHERE conversation = ? AND joined <= ? AND (left_at IS NULL OR left_at > ?) ORDER BY account', ref, revision, revision)
    .map(({ account }) => ({ account, name: nameOf(archive, account) }));

const versionsOf = (archive: ViewReader, ref: number, event: EventRow): Version[] => {
  if (event.message === null) return [];
  const rows = archive.all<EventRow>('SELECT d.* FROM versions v JOIN details d ON d.position = v.position WHERE v.message = ? AND v.conversation = ? ORDER BY v.position', event.message, ref);
  const versions = rows.map((row): Version => ({ what: row.type === 'MessageEdited' ? 'edited' : 'posted', at: row.at, by: row.author, byName: nameOf(archive, row.author), text: row.text, revision: row.revision, position: row.position }));
  const retraction = archive.get<{ at: number; by: string; revision: number; position: number }>('SELECT at, by, revision, position FROM retractions WHERE message = ? AND conversation = ?', event.message, ref);
  return retraction ? [...versions, { what: 'retracted', ...retraction, byName: nameOf(archive, retraction.by), text: null }] : versions;
};

/** Messages and files (by their names) before and after, as people saw them last, and the hit as it was recorded. */
const contextOf = (archive: ViewReader, ref: number, p: HitParams): HitValue['context'] => {
  const rows = `SELECT d.*, (SELECT 1 FROM retractions r WHERE r.message = d.message AND r.conversation = l.conversation) AS retracted,
    (SELECT t.text FROM versions v JOIN details t ON t.position = v.position WHERE v.message = d.message AND v.conversation = l.conversation ORDER BY v.position DESC LIMIT 1) AS latest
    FROM lines l JOIN details d ON d.position = l.position WHERE l.conversation = ?`;
  type Row = EventRow & { retracted: number | null; latest: string | null };
  const before = archive.all<Row>(`${rows} AND l.revision < ? AND d.type IN ('MessagePosted', 'FileShared') ORDER BY l.revision DESC LIMIT ?`, ref, p.revision, p.around).reverse();
  const after = archive.all<Row>(`${rows} AND l.revision > ? AND d.type IN ('MessagePosted', 'FileShared') ORDER BY l.revision LIMIT ?`, ref, p.revision, p.around);
  const itself = archive.all<Row>(`${rows} AND l.revision = ?`, ref, p.revision);
  return [...before, ...itself, ...after].map((row) => {
    const isHit = row.revision === p.revision;
    return { revision: row.revision, at: row.at, author: row.author, authorName: nameOf(archive, row.author), text: isHit ? row.text : row.latest, retracted: row.retracted === 1, hit: isHit, previews: row.type === 'MessagePosted' || row.type === 'MessageEdited' ? previewsOf(archive, row.message, ref) : [] };
  });
};

const inquiries = (archive: ViewReader): InquiryRow[] =>
  archive
    .all<{ inquiry: string; case_stream: string; by: string; at: number; reason: string | null; open: number; looks: number }>('SELECT * FROM inquiries ORDER BY position DESC')
    .map((row) => ({ inquiry: row.inquiry, caseStream: row.case_stream, by: row.by, byName: nameOf(archive, row.by), at: row.at, reason: row.reason ?? '', open: row.open === 1, looks: row.looks }));

export const archiveQueries = {
  /** The officer's search: every version, retracted ones, membership and life; words also with NEAR and parentheses. */
  'archive.search': viewQuery<ArchiveParams, ArchiveValue>(['archive'], (read, p) => searchArchive(read('archive'), p)),
  /** The same result as references only, in order, page by page. */
  'archive.refs': viewQuery<Omit<ArchiveParams, 'facets'>, ArchiveRefs>(['archive'], (read, p) => refsOf(read('archive'), p)),
  /** Null where there is no such event of a conversation (retractions have no row of their own). */
  'archive.hit': viewQuery<HitParams, HitValue | null>(['archive', 'timeline'], hit),
  /** False too for an inquiry that this node has not heard of yet. */
  'archive.isClosed': viewQuery<{ readonly inquiry: string }, boolean>(['archive'], (read, p) => read('archive').get('SELECT 1 FROM inquiries WHERE inquiry = ? AND open = 0', p.inquiry) !== undefined),
  'archive.inquiries': viewQuery<Record<string, never>, readonly InquiryRow[]>(['archive'], (read) => inquiries(read('archive'))),
};
