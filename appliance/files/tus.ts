import { refuse, type Refusal } from '#src/kernel/refusal.ts';
import { noUpload, type Files } from './files.ts';

/** What of tus 1.0 (https://tus.io/protocols/resumable-upload) an upload needs once it is reserved: HEAD and PATCH. */
const version = '1.0.0';

const unlikeTus = refuse('unlike-tus', 'An upload goes on with Upload-Offset, a whole number, and the content type application/offset+octet-stream (tus 1.0.0). Nothing was changed.');

const headersOf = ({ offset, size }: { readonly offset: number; readonly size: number }) => ({ 'Tus-Resumable': version, 'Upload-Offset': String(offset), 'Upload-Length': String(size), 'Cache-Control': 'no-store' });

/** How far it has come, as headers, and for who asks with GET as JSON too. */
export const readUploadOf = async (files: Files, account: string, fileId: string, request: Request): Promise<Response | Refusal> => {
  const known = await files.offset(account, fileId);
  if (!known) return noUpload;
  return request.method === 'HEAD' ? new Response(null, { headers: headersOf(known) }) : Response.json(known, { headers: headersOf(known) });
};

export const appendUploadTo = async (files: Files, account: string, fileId: string, { headers, body }: Request): Promise<Response | Refusal> => {
  const offset = headers.get('upload-offset') ?? '';
  const spoken = headers.get('tus-resumable') ?? version;
  if (!/^\d{1,15}$/.test(offset) || headers.get('content-type') !== 'application/offset+octet-stream' || spoken !== version) return unlikeTus;
  const now = await files.append(account, fileId, Number(offset), body ?? new ReadableStream({ start: (controller) => controller.close() }));
  return 'refused' in now ? now : new Response(null, { status: 204, headers: headersOf(now) });
};
