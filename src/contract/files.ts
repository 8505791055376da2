import { z } from 'zod';
import { endpoint, recorded } from './endpoint.ts';
import { limits } from './limits.ts';
import { at, id, line, revision } from './shapes.ts';

/** Embeddings, overrides and isolates make `exe.gpj` of `jpg.exe`; names in right-to-left scripts need none of them. */
const directionControls = /[\u202a-\u202e\u2066-\u2069]/;

/** The last part of a path, as the person's machine called it. Recorded as given; what cannot be a name is refused, not mended. */
export const fileName = line(limits.fileNameMax)
  .refine((name) => !/[/\\]/.test(name) && name !== '.' && name !== '..', 'a name without its folders')
  .refine((name) => !directionControls.test(name), 'no characters that turn the direction of writing');

/** What people pick by; from the media type that the bytes show. */
export const fileKind = z.enum(['image', 'audio', 'video', 'document', 'other']);
export type FileKind = z.infer<typeof fileKind>;
export const fileKindOf = (type: string): FileKind => {
  const family = type.split('/')[0];
  if (family === 'image' || family === 'audio' || family === 'video') return family;
  return family === 'text' || type === 'application/pdf' || type === 'application/rtf' || /^application\/(vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-)|msword|x-cfb)/.test(type) ? 'document' : 'other';
};

/** Types that a browser may show on our origin: nothing in them is active, and the answer is sandboxed. Everything else is saved. */
export const inlineTypes: ReadonlySet<string> = new Set([
  'image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'audio/mpeg', 'audio/ogg', 'audio/wav', 'audio/flac', 'audio/aac', 'audio/mp4', 'audio/x-m4a', 'audio/webm', 'video/mp4', 'video/webm', 'video/ogg',
]);

/**
 * A file in the main timeline; it counts like a message. `name` is null once it is withdrawn, or its key is gone (`gone`). `type`: what the
 * bytes show, never what the sender said. `width` and `height`, in pixels, where it is a picture. `messageId`: the message it was written with.
 */
export const fileLine = z.strictObject({
  kind: z.literal('file'),
  revision, at, ordinal: z.int(), fileId: id, author: id,
  name: z.string().nullable(), size: z.int(), type: z.string(),
  width: z.int().nullable(), height: z.int().nullable(),
  messageId: id.nullable(),
  withdrawn: z.strictObject({ at, by: id }).nullable(),
  /** Time that the source of an import states. */
  importedSaidAt: at.nullable(),
  gone: z.boolean(),
});
export type FileLine = z.infer<typeof fileLine>;

/** Where the bytes of a file are, for a plain link; `inline` only shows what `inlineTypes` allows. */
export const fileUrl = (conversationId: string, fileId: string, inline = false): string => `/api/conversations/${conversationId}/files/${fileId}${inline ? '?inline=true' : ''}`;
/** Where the bytes of an upload go: tus 1.0, HEAD and PATCH. */
export const uploadUrl = (fileId: string): string => `/api/uploads/${fileId}`;

const upload = { fileId: id };
const file = { conversationId: id, fileId: id };

export const reserveUpload = endpoint({
  name: 'reserveUpload', kind: 'command', method: 'PUT', path: '/uploads/:fileId', policy: 'member',
  says: 'Before any byte flows: whether this file may be shared here, by size, quota and membership. The client picks the id. The bytes then go to the same path (tus 1.0), in parts of at most `partBytes`; `expiresAt` is when an upload that was not shared is forgotten.',
  input: z.strictObject({ ...file, name: fileName, size: z.int().min(0) }),
  output: z.strictObject({ revision: z.int(), partBytes: z.int(), expiresAt: at }),
  refusals: ['not-a-member', 'too-large', 'over-quota', 'file-type-forbidden', 'file-id-taken', 'disk-reserve', 'files-not-set-up'],
});
export const readUpload = endpoint({
  name: 'readUpload', kind: 'query', method: 'GET', path: '/uploads/:fileId', policy: 'member', httpOnly: true, raw: true,
  says: 'How far an upload of one\'s own has come. HEAD, as tus asks, gives the same in Upload-Offset and Upload-Length. What is told is on stable storage, sealed.',
  input: z.strictObject(upload), output: z.strictObject({ offset: z.int(), size: z.int() }), refusals: ['not-found'],
});
export const appendUpload = endpoint({
  name: 'appendUpload', kind: 'query', method: 'PATCH', path: '/uploads/:fileId', policy: 'member', httpOnly: true, raw: true,
  says: 'Bytes of an upload, from Upload-Offset on (tus 1.0, application/offset+octet-stream). The answer is 204 with how far it has come: short of the end always a multiple of 64 KiB, so that all that is told is kept.',
  input: z.strictObject(upload), output: z.strictObject({}), refusals: ['unlike-tus', 'not-found', 'upload-elsewhere', 'too-large', 'disk-reserve', 'files-not-set-up'],
});
export const cancelUpload = endpoint({
  name: 'cancelUpload', kind: 'command', method: 'DELETE', path: '/uploads/:fileId', policy: 'member',
  says: 'Gives an upload up: its bytes are removed and its quota is free again.', input: z.strictObject(upload), output: recorded, refusals: [],
});
export const shareFile = endpoint({
  name: 'shareFile', kind: 'command', method: 'PUT', path: '/conversations/:conversationId/files/:fileId', policy: 'member',
  says: 'Shares a file whose bytes are all here. They are on stable storage before it is recorded, and checked for viruses where that is set up (`file-not-checked`: ask again later). Again for the same file: nothing is added.',
  input: z.strictObject({ ...file, name: fileName, messageId: id.optional() }), output: recorded,
  refusals: ['not-a-member', 'conversation-closed', 'upload-incomplete', 'file-id-taken', 'not-the-author', 'file-type-forbidden', 'file-not-checked', 'file-not-checkable', 'file-infected', 'files-not-set-up'],
});
export const withdrawFile = endpoint({
  name: 'withdrawFile', kind: 'command', method: 'DELETE', path: '/conversations/:conversationId/files/:fileId', policy: 'member',
  says: 'Takes a file of one\'s own from everybody\'s view; a note stays in its place. The record keeps it, and it keeps counting against the quota.',
  input: z.strictObject(file), output: recorded, refusals: ['not-a-member', 'conversation-closed', 'file-not-found', 'not-the-author', 'file-withdrawn'],
});
export const readFile = endpoint({
  name: 'readFile', kind: 'query', method: 'GET', path: '/conversations/:conversationId/files/:fileId', policy: 'member', httpOnly: true, raw: true,
  says: 'The bytes of a file, to be saved under its name; with `inline`, to be shown where its type allows. One range at a time. Membership is judged at every read.',
  input: z.strictObject({ ...file, inline: z.enum(['true', 'false']).default('false') }), output: z.strictObject({}), refusals: ['not-a-member', 'file-not-found', 'file-withdrawn', 'file-gone', 'file-damaged'],
});

export const sharedFile = z.strictObject({
  conversationId: id, fileId: id, revision, at, author: id, name: z.string().nullable(), size: z.int(), type: z.string(), kind: fileKind,
  width: z.int().nullable(), height: z.int().nullable(), withdrawn: z.boolean(),
});
export type SharedFile = z.infer<typeof sharedFile>;
const page = { name: z.string().max(limits.queryMax).default(''), kind: fileKind.optional(), before: z.coerce.number().int().optional() };
const found = { total: z.int(), files: z.array(sharedFile), position: z.int(), next: z.int().nullable() };

/** `used`: bytes of everything shared and not disposed of, withdrawn files too; `reserved`: of uploads under way. */
export const quota = z.strictObject({ used: z.int(), reserved: z.int(), max: z.int(), fileMax: z.int() });
export const listMyFiles = endpoint({
  name: 'listMyFiles', kind: 'query', method: 'GET', path: '/me/files', policy: 'member', says: 'What one has shared, newest first, withdrawn files marked; narrowed by words of the name (the last one may be begun) and by kind. With the quota.',
  input: z.strictObject(page), output: z.strictObject({ ...found, quota }), refusals: [],
});
export const findFiles = endpoint({
  name: 'findFiles', kind: 'query', method: 'GET', path: '/files', policy: 'member', says: 'Files in one\'s own conversations by words of their names, newest first; withdrawn ones are not found.',
  input: z.strictObject({ ...page, conversationId: id.optional() }), output: z.strictObject(found), refusals: [],
});

/**
 * What became of reading the words inside a file. `read`: all of them are searched; `partly`: it broke off, or is longer than what is kept; `waiting`: not yet. The rest say why
 * there are none: `no-text` are pictures of pages, or nothing; `too-complex` asks for more memory or work than one file may; `missing`: the stored bytes; `gone`: its key was destroyed.
 */
export const wordsState = z.enum(['read', 'partly', 'waiting', 'encrypted', 'damaged', 'too-large', 'too-complex', 'timed-out', 'no-text', 'unsupported', 'missing', 'gone']);
export type WordsState = z.infer<typeof wordsState>;

/**
 * `senders`, `types`: any of these; a type may be a family (`image/`). Sizes in bytes, inclusive. `hash`: SHA-256 of the file itself, hexadecimal. Times in ms UTC, `until` exclusive.
 * `unread`: only files whose words were not read, or not all.
 */
export const fileFilter = z.strictObject({
  senders: z.array(id).max(100).default([]), conversations: z.array(id).max(100).default([]), types: z.array(z.string().max(127)).max(20).default([]),
  sizeFrom: z.int().min(0).optional(), sizeTo: z.int().min(0).optional(), hash: z.string().regex(/^[0-9a-f]{64}$/, 'SHA-256 as 64 hexadecimal digits').optional(), from: at.optional(), until: at.optional(), unread: z.literal(true).optional(),
});
export type FileFilter = z.infer<typeof fileFilter>;
/** `conversationTitle`: a channel's begins with its space's name. `withMessage`: which of how many files of one message it is. `excerpt`: words inside, around the first that was looked for; `marks` as [from, to) in UTF-16 units. */
export const archivedFile = z.strictObject({
  ...sharedFile.shape, position: z.int(), authorName: z.string(), conversationTitle: z.string(), sha256: z.string().nullable(), withdrawnAt: at.nullable(),
  withMessage: z.strictObject({ messageId: id, n: z.int(), of: z.int() }).nullable(), words: wordsState,
  excerpt: z.strictObject({ text: z.string(), marks: z.array(z.tuple([z.int(), z.int()])) }).nullable(),
});
export type ArchivedFile = z.infer<typeof archivedFile>;
/** How complete a search inside is: of every file that the other conditions leave, by what became of reading it. `of` is their sum, so that none is left out without a word. */
export const readInside = z.strictObject({ of: z.int(), states: z.array(z.strictObject({ state: wordsState, count: z.int() })) });
export type ReadInside = z.infer<typeof readInside>;
export const searchFiles = endpoint({
  name: 'searchFiles', kind: 'command', method: 'POST', path: '/inquiries/:inquiry/file-searches', policy: ['officer'],
  says: 'Every file ever shared, withdrawn ones too, by words of the name, words inside (the language of the archive: "phrase", prefix*, OR, -not, NEAR), sender, place, type, size, hash and time. `inside` is given with words or `unread`, and says how much was read. The look is recorded before the answer is given, the count and digest after.',
  input: z.strictObject({ inquiry: id, name: z.string().max(limits.queryMax).default(''), words: z.string().max(limits.queryMax).default(''), filter: fileFilter, next: z.int().min(0).optional() }),
  output: z.strictObject({ look: id, position: z.int(), total: z.int(), bytes: z.int(), files: z.array(archivedFile), next: z.int().nullable(), inside: readInside.nullable() }), refusals: ['inquiry-not-open', 'query-unreadable'],
});
export const exportFiles = endpoint({
  name: 'exportFiles', kind: 'command', method: 'POST', path: '/inquiries/:inquiry/file-exports', policy: ['officer'],
  says: 'Records an export of the whole result of a search for files and returns where to fetch the zip, once, within a minute: the files, a table of their names and hashes, and a manifest. With words, the manifest counts the files of the scope that could not be read inside, by reason. Asked again after a lost answer, under the same id, it is the same address while nobody fetched it; later it is refused (`export-ended`), and under a closed inquiry always.',
  input: z.strictObject({ inquiry: id, name: z.string().max(limits.queryMax).default(''), words: z.string().max(limits.queryMax).default(''), filter: fileFilter }),
  output: z.strictObject({ export: id, count: z.int(), position: z.int(), url: z.string() }), refusals: ['inquiry-not-open', 'query-unreadable', 'export-ended'],
});
export const openFile = endpoint({
  name: 'openFile', kind: 'command', method: 'POST', path: '/inquiries/:inquiry/files', policy: ['officer'],
  says: 'Records the look at one file, withdrawn or not, and returns where this officer reads it for the next ten minutes, while the inquiry is open.',
  input: z.strictObject({ inquiry: id, conversationId: id, fileId: id }), output: z.strictObject({ look: id, url: z.string(), expiresAt: at }), refusals: ['inquiry-not-open', 'file-not-found'],
});
export const readOpenedFile = endpoint({
  name: 'readOpenedFile', kind: 'query', method: 'GET', path: '/inquiries/:inquiry/files/:look', policy: ['officer'], httpOnly: true, raw: true,
  says: 'The bytes of a file that this officer has opened. One range at a time.',
  input: z.strictObject({ inquiry: id, look: id, inline: z.enum(['true', 'false']).default('false') }), output: z.strictObject({}), refusals: ['not-found', 'file-gone', 'file-damaged'],
});
