import { answerWithBytes } from '#appliance/files/byte-answers.ts';
import type { SharedFiles } from '#appliance/files/shared-files.ts';
import type { House } from '#appliance/house/house.ts';
import { openFile, readOpenedFile, searchFiles } from '#src/contract/files.ts';
import { limits } from '#src/contract/limits.ts';
import { serve, type Served } from '#src/doors/door.ts';
import type { Opened } from '#src/every-event.ts';
import { openFile as opening, searchFiles as searching } from '#src/files/look-at-files.ts';
import { fileNotFound } from '#src/files/refusals.ts';
import { causedId } from '#src/kernel/ids.ts';
import { isRefusal, refuse } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import { answered } from './archive.ts';

const essential = { appendClass: 'essential' } as const;
const notOpened = refuse('not-found', 'You have not opened this file, or it was more than ten minutes ago. Open it again; every look is recorded.');

type SharingAt = (house: House, conversationId: string, revision: number) => Promise<Opened<'FileShared'> | undefined>;

/** The officer's looks at files: each is recorded, and durable, before anything is given. */
export const fileArchiveEndpoints = (house: House, shared: SharedFiles, sharingAt: SharingAt): readonly Served[] => [
  serve(searchFiles, async (input, call) => {
    const looked = await house.command(searching, { ...input, look: causedId(call.commandId, 0) }, call, essential);
    if (isRefusal(looked)) return looked;
    const { position, value } = await house.views.ask('files.archived', { name: input.name, filter: input.filter, limit: limits.filesPage, ...(input.next !== undefined && { before: input.next }) }, house.hub.position);
    const look = await answered(house, call, looked, input.inquiry, value.total, value.files.map(({ conversationId, revision }) => [streams.conversation(conversationId), revision]), position);
    return isRefusal(look) ? look : { look, position, total: value.total, bytes: value.bytes, files: [...value.files], next: value.next };
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
    const opened = shared.opened(look, inquiry, call.caller);
    const event = opened && (await sharingAt(house, opened.conversationId, opened.revision));
    return event && shared.files ? answerWithBytes(shared.files, event, call.request!, inline === 'true', house.onFault) : notOpened;
  }),
];
