import type { House } from '#appliance/house/house.ts';
import { openPage } from '#appliance/house/sealer.ts';
import { readLinkPicture, withdrawLinkPreview } from '#src/contract/links.ts';
import { serve, type Served } from '#src/doors/door.ts';
import type { Opened } from '#src/every-event.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import { linkPreviewNotFound } from '#src/links/refusals.ts';
import { withdrawLinkPreview as withdrawing } from '#src/links/withdraw-link-preview.ts';
import { permitToRead } from './membership.ts';
import { recordedOf } from './recorded.ts';

/** The picture that was recorded at this revision; undefined where there is none, or its key is gone. */
export const linkPictureAt = async ({ log, logId, keyring }: House, conversationId: string, revision: number): Promise<Buffer | undefined> => {
  for await (const page of log.readStream(streams.conversation(conversationId), { from: revision, limit: 1 })) {
    const [event] = (await openPage(page, logId, keyring)) as readonly Opened[];
    const picture = event?.revision === revision && event.type === 'LinkPreviewed' ? event.content.preview?.picture : undefined;
    return picture ? Buffer.from(picture.bytes, 'base64url') : undefined;
  }
  return undefined;
};

const headers = {
  // A preview never changes; who may see it does, so it is kept by nobody.
  'Cache-Control': 'no-store', 'Content-Disposition': 'inline', 'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'", 'Content-Type': 'image/webp', 'X-Content-Type-Options': 'nosniff',
};

/** What people do with previews of links; the appliance makes them by itself (`appliance/links`). */
export const linkEndpoints = (house: House): readonly Served[] => [
  serve(withdrawLinkPreview, async (input, call) => recordedOf(await house.command(withdrawing, input, call))),
  serve(readLinkPicture, async ({ conversationId, messageId, link }, call) => {
    const permit = await permitToRead(house, call, conversationId);
    if (isRefusal(permit)) return permit;
    const { value: preview } = await house.views.ask('timeline.preview', { account: call.caller.account, conversationId, messageId, link }, house.hub.position);
    const bytes = preview?.picture ? await linkPictureAt(house, conversationId, preview.revision) : undefined;
    return bytes ? new Response(new Uint8Array(bytes), { headers: { ...headers, 'Content-Length': String(bytes.length) } }) : linkPreviewNotFound;
  }),
];
