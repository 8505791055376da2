import { inlineTypes } from '#src/contract/files.ts';
import type { Opened } from '#src/every-event.ts';
import { fileGone } from '#src/files/refusals.ts';
import { refuse, type Refusal } from '#src/kernel/refusal.ts';
import type { Files } from './files.ts';

export const damaged = refuse('file-damaged', 'The bytes of this file are missing or damaged in the store. That it was shared stays on record; tell an administrator.');

/** RFC 6266: a plain name for old clients, and the name as it is (RFC 8187). */
const dispositionOf = (how: 'attachment' | 'inline', name: string): string => {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${how}; filename="${plain}"; filename*=UTF-8''${exact}`;
};

/** [from, to) of the one range asked for; undefined where none is, or where it is of another version. RFC 9110, section 14. */
export const rangeOf = (headers: Headers, size: number, tag: string): { readonly from: number; readonly to: number } | 'unsatisfiable' | undefined => {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(headers.get('range') ?? '');
  const condition = headers.get('if-range');
  if (!asked || (asked[1] === '' && asked[2] === '') || (condition !== null && condition !== tag)) return undefined;
  const [first, last] = [asked[1]!, asked[2]!];
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  // "-500" are the last 500.
  const [from, to] = first === '' ? [Math.max(0, size - Number(last)), size] : [Number(first), last === '' ? size : Math.min(size, Number(last) + 1)];
  return from >= size || to <= from ? 'unsatisfiable' : { from, to };
};

/** The bytes of a file as an answer: to be saved, or to be shown where its type is harmless. Nothing in it runs on our origin. `onDamaged` is told before the refusal, so that health shows it. */
export const answerWithBytes = async (files: Files, { data, content }: Opened<'FileShared'>, request: Request, inline: boolean, onDamaged: (cause: Error) => void): Promise<Response | Refusal> => {
  if (!content.file) return fileGone;
  const { blob, size, type } = data;
  const isInline = inline && inlineTypes.has(type);
  const tag = `"${blob}"`;
  const headers = {
    'Accept-Ranges': 'bytes', 'Cache-Control': 'no-store, no-transform', 'Content-Disposition': dispositionOf(isInline ? 'inline' : 'attachment', content.file.name),
    'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'self'", 'Content-Type': isInline ? type : 'application/octet-stream', ETag: tag, 'X-Content-Type-Options': 'nosniff',
  };
  const range = rangeOf(request.headers, size, tag);
  if (range === 'unsatisfiable') return new Response(null, { status: 416, headers: { ...headers, 'Content-Range': `bytes */${size}` } });
  const { from, to } = range ?? { from: 0, to: size };
  const sized = { ...headers, 'Content-Length': String(to - from), ...(range && { 'Content-Range': `bytes ${from}-${to - 1}/${size}` }) };
  const status = range ? 206 : 200;
  if (request.method === 'HEAD') return new Response(null, { status, headers: sized });
  const body = await files.read({ blob, key: content.file.key, size }, from, to);
  if (body !== 'damaged') return new Response(body, { status, headers: sized });
  onDamaged(new Error(`The stored bytes ${blob} of the file ${data.fileId} are missing or damaged. Put them back from a backup of the folder of files.`));
  return damaged;
};
