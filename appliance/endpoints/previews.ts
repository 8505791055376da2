import type { Preview, Previews } from '#appliance/files/previews.ts';
import type { SharedFiles } from '#appliance/files/shared-files.ts';
import { damaged } from '#appliance/files/byte-answers.ts';
import type { House } from '#appliance/house/house.ts';
import { readOpenedPreview, readPreview } from '#src/contract/previews.ts';
import { serve, type Call, type Caller, type Served } from '#src/doors/door.ts';
import type { Opened } from '#src/every-event.ts';
import { fileGone } from '#src/files/refusals.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';

const noPreview = refuse('no-preview', 'There is no small picture of this file. The file itself can be opened or downloaded.');
const notOpened = refuse('not-found', 'You have not opened this file, it was more than ten minutes ago, or its inquiry is closed. Open it again; every look is recorded.');
const later = refuse('unavailable', 'Many pictures are being made small just now. Nothing was lost; ask again in a moment.');

type Asked = { readonly conversationId: string; readonly fileId: string };
/** How files are found, with the rules of reading them. */
export type FindsSharing = {
  readonly seen: (house: House, asked: Asked, call: Call & { readonly caller: Caller }) => Promise<Opened<'FileShared'> | Refusal>;
  readonly at: (house: House, conversationId: string, revision: number) => Promise<Opened<'FileShared'> | undefined>;
};

/** Small pictures of files, for whoever may read the files. */
export const previewEndpoints = (house: House, shared: SharedFiles, find: FindsSharing): readonly Served[] => [
  serve(readPreview, async (input, call) => {
    const event = await find.seen(house, input, call);
    return isRefusal(event) ? event : answer(house, shared.previews, event, call.request!);
  }),
  serve(readOpenedPreview, async ({ inquiry, look }, call) => {
    const opened = await shared.opened(look, inquiry, call.caller);
    const event = opened && (await find.at(house, opened.conversationId, opened.revision));
    return event ? answer(house, shared.previews, event, call.request!) : notOpened;
  }),
];

/** Kept by the browser, and asked for again at every look: whether it may still be seen is judged here alone. */
const headersOf = (tag: string) => ({
  'Cache-Control': 'private, no-cache, no-transform', ETag: tag, 'Content-Type': 'image/webp', 'Content-Disposition': 'inline', 'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'self'", 'X-Content-Type-Options': 'nosniff',
});

const answer = async (house: House, previews: Previews | undefined, { data, content }: Opened<'FileShared'>, request: Request): Promise<Response | Refusal> => {
  if (!content.file) return fileGone;
  const { blob, size, type } = data;
  const headers = headersOf(`"preview-${blob}"`);
  if (request.headers.get('if-none-match') === headers.ETag) return new Response(null, { status: 304, headers });
  const preview: Preview = (await previews?.of({ blob, key: content.file.key, size, type })) ?? 'none';
  if (typeof preview === 'object') return new Response(request.method === 'HEAD' ? null : preview.bytes, { headers: { ...headers, 'Content-Length': String(preview.bytes.length) } });
  if (preview === 'damaged') house.onFault(new Error(`The stored bytes ${blob} of the file ${data.fileId} are missing or damaged. Put them back from a backup of the files.`));
  return preview === 'none' ? noPreview : preview === 'later' ? later : damaged;
};
