import { z } from 'zod';
import { endpoint, nothing, recorded } from './endpoint.ts';
import { limits } from './limits.ts';
import { linkPreview } from './links.ts';
import { at, id, line, revision } from './shapes.ts';

/** A hit of the exact search. `marks`: [from, to) in UTF-16 units of `text`. */
const marked = { text: z.string(), marks: z.array(z.tuple([z.int(), z.int()])) };
export const searchHit = z.strictObject({ conversationId: id, messageId: id, revision, at, author: id, ...marked });
export type SearchHit = z.infer<typeof searchHit>;
export const searchMessages = endpoint({
  name: 'searchMessages', kind: 'query', method: 'GET', path: '/search', policy: 'member',
  says: 'The exact search in one\'s own conversations: words, "phrase", prefix*, OR, -not, from:name, in:conversation, before:2026-11-01, after:2026-10-01. Newest first, exact count, complete to a position.',
  input: z.strictObject({ query: z.string().min(1).max(limits.queryMax), conversationId: id.optional(), before: z.coerce.number().int().optional() }),
  output: z.strictObject({ total: z.int(), hits: z.array(searchHit), position: z.int(), next: z.int().nullable() }), refusals: ['query-unreadable'],
});

/** Under whose name something is found: an account, or the appliance itself for what the clock did. */
const doer = z.union([id, z.literal('appliance')]);
export const eventKind = z.enum(['message', 'file', 'link', 'reaction', 'membership', 'life', 'call']);
export const textState = z.enum(['current', 'earlier', 'retracted']);
/** `kind`, `state`, `people`, `conversations`: any of these; empty means all. Times in ms UTC, `until` exclusive. */
export const archiveFilter = z.strictObject({
  kinds: z.array(eventKind).max(8).default([]), states: z.array(textState).max(3).default([]), people: z.array(doer).max(100).default([]), conversations: z.array(id).max(100).default([]),
  from: at.optional(), until: at.optional(),
});
export type ArchiveFilter = z.infer<typeof archiveFilter>;
/** `conversationTitle`: a channel's begins with its space's name. `directWith`: the other one, where it is a direct chat. */
export const archiveHit = z.strictObject({
  position: z.int(), conversationId: id, conversationTitle: z.string(), directWith: z.string().nullable(), revision, at, importedSaidAt: at.nullable(), kind: eventKind, state: textState, author: doer, authorName: z.string(), messageId: id.nullable(), ...marked,
  versions: z.int(), retractedAt: at.nullable(), before: z.string().nullable(), after: z.string().nullable(),
});
export type ArchiveHit = z.infer<typeof archiveHit>;
const facet = z.array(z.strictObject({ value: z.string(), name: z.string(), count: z.int() }));
export const archivePage = z.strictObject({
  look: id, total: z.int(), conversations: z.int(), position: z.int(), answeredAt: at, hits: z.array(archiveHit), next: z.string().nullable(),
  facets: z.strictObject({ kinds: facet, states: facet, people: facet, conversations: facet, months: facet }),
});
export type ArchivePage = z.infer<typeof archivePage>;

export const openInquiry = endpoint({ name: 'openInquiry', kind: 'command', method: 'PUT', path: '/inquiries/:inquiry', policy: ['officer'], says: 'Opens an inquiry with its reason, in the case Unfiled. Nothing can be looked at without one.', input: z.strictObject({ inquiry: id, reason: line(limits.reasonMax) }), output: recorded, refusals: ['inquiry-id-taken'] });
export const closeInquiry = endpoint({ name: 'closeInquiry', kind: 'command', method: 'DELETE', path: '/inquiries/:inquiry', policy: ['officer'], says: 'Closes one\'s inquiry.', input: z.strictObject({ inquiry: id }), output: recorded, refusals: ['inquiry-not-open'] });
export const listInquiries = endpoint({ name: 'listInquiries', kind: 'query', method: 'GET', path: '/inquiries', policy: ['officer'], says: 'Inquiries, newest first; one\'s own open ones can be taken up again.', input: nothing, output: z.strictObject({ inquiries: z.array(z.strictObject({ inquiry: id, by: id, byName: z.string(), at, reason: z.string(), open: z.boolean(), looks: z.int() })) }), refusals: [] });
export const searchArchive = endpoint({
  name: 'searchArchive', kind: 'command', method: 'POST', path: '/inquiries/:inquiry/searches', policy: ['officer'],
  says: 'Searches everything ever said, first versions and retracted ones too. The look is recorded before the answer is given, the count and digest after.',
  input: z.strictObject({ inquiry: id, query: z.string().max(limits.queryMax).default(''), filter: archiveFilter, oldestFirst: z.boolean().default(false), next: z.string().max(200).optional() }), output: archivePage, refusals: ['inquiry-not-open', 'query-unreadable'],
});
export const archiveVersion = z.strictObject({ what: z.enum(['posted', 'edited', 'retracted']), at, by: id, byName: z.string(), text: z.string().nullable(), revision, position: z.int() });
/** A preview as it was recorded, withdrawn ones too. */
export const archivedPreview = z.strictObject({ ...linkPreview.shape, position: z.int(), at, withdrawnAt: at.nullable() });
export type ArchivedPreview = z.infer<typeof archivedPreview>;
export const openHit = endpoint({
  name: 'openHit', kind: 'command', method: 'POST', path: '/inquiries/:inquiry/hits', policy: ['officer'],
  says: 'One event with its context, every version, who had seen it and when, and its place in the record. Recorded before it is given.',
  input: z.strictObject({ inquiry: id, conversationId: id, revision: z.int().min(0), around: z.int().min(1).max(50).default(10) }),
  output: z.strictObject({
    look: id, conversationId: id, conversationTitle: z.string(), members: z.array(z.strictObject({ account: id, name: z.string() })),
    context: z.array(z.strictObject({ revision, at, author: doer, authorName: z.string(), text: z.string().nullable(), retracted: z.boolean(), hit: z.boolean(), previews: z.array(archivedPreview) })),
    /** `webp`: the picture as people saw it, base64url. */
    versions: z.array(archiveVersion), previews: z.array(z.strictObject({ ...archivedPreview.shape, webp: z.string().nullable() })), viewers: z.array(z.strictObject({ account: id, name: z.string(), at })),
    record: z.strictObject({ stream: z.string(), revision, position: z.int(), event: id, leaf: z.string(), type: z.string(), imported: z.strictObject({ batch: id, line: z.int(), saidAt: at }).nullable() }),
  }), refusals: ['inquiry-not-open'],
});
export const exportInquiry = endpoint({
  name: 'exportInquiry', kind: 'command', method: 'POST', path: '/inquiries/:inquiry/exports', policy: ['officer'],
  says: 'Records an export of a search\'s whole result and returns where to fetch the zip, once, within a minute. Asked again after a lost answer, under the same id, it is the same address while nobody fetched it; later it is refused (`export-ended`), and under a closed inquiry always. With `after`, the position that an earlier export was complete to: only what was recorded since, so that the two together hold everything, and nothing twice.',
  input: z.strictObject({ inquiry: id, query: z.string().max(limits.queryMax).default(''), filter: archiveFilter, after: z.int().min(0).optional() }), output: z.strictObject({ export: id, count: z.int(), position: z.int(), url: z.string() }), refusals: ['inquiry-not-open', 'query-unreadable', 'export-ended'],
});
/** Raw: streams `application/zip`; not for the socket. */
export const downloads = { history: '/api/downloads/history/:download', archive: '/api/downloads/archive/:download', audit: '/api/downloads/audit/:download' } as const;
export const startHistoryDownload = endpoint({
  name: 'startHistoryDownload', kind: 'command', method: 'POST', path: '/conversations/:conversationId/history', policy: 'member',
  says: 'Records the download and returns where to fetch the zip, once. Progress comes as `download` frames to this person\'s sockets.',
  input: z.strictObject({ conversationId: id }), output: z.strictObject({ download: id, url: z.string(), events: z.int() }), refusals: ['not-a-member'],
});

export const auditKind = z.enum(['sign-in', 'refusal', 'role', 'account', 'inquiry', 'export', 'download', 'setting', 'custody', 'space']);
export const auditRow = z.strictObject({ position: z.int(), at, kind: auditKind, type: z.string(), by: z.string(), byName: z.string(), subject: z.string().nullable(), subjectName: z.string().nullable(), says: z.string(), door: z.string(), address: z.string().nullable() });
export type AuditRow = z.infer<typeof auditRow>;
const auditFilter = { kinds: z.array(auditKind).max(20).default([]), person: id.optional(), from: at.optional(), until: at.optional() };
export const readAudit = endpoint({
  name: 'readAudit', kind: 'command', method: 'POST', path: '/audit', policy: ['officer', 'administrator'], says: 'The audit log, newest first: who did what to whom, when, from where. An administrator sees no reasons and no queries.',
  input: z.strictObject({ ...auditFilter, before: z.int().optional() }), output: z.strictObject({ position: z.int(), total: z.int(), rows: z.array(auditRow), next: z.int().nullable() }), refusals: [],
});
export const exportAudit = endpoint({ name: 'exportAudit', kind: 'command', method: 'POST', path: '/audit/exports', policy: ['officer', 'administrator'], says: 'Records the export and returns where to fetch it, once.', input: z.strictObject(auditFilter), output: z.strictObject({ url: z.string(), count: z.int() }), refusals: [] });
