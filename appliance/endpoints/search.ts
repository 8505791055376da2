import type { House } from '#appliance/house/house.ts';
import type { Downloads } from '#appliance/web/download-routes.ts';
import { recordHistoryDownload } from '#src/accounts/record-history-download.ts';
import { searchMessages, startHistoryDownload } from '#src/contract/archive.ts';
import { holdsStill } from '#src/conversations/permits.ts';
import { serve, type Served } from '#src/doors/door.ts';
import { isRefusal, refuse } from '#src/kernel/refusal.ts';
import { permitToRead } from './membership.ts';

const page = 30;

/** One's own conversations: the exact search, and taking them home. */
export const searchEndpoints = (house: House, downloads: Downloads): readonly Served[] => [
  serve(searchMessages, async ({ query, conversationId, before }, call) => {
    const { account } = call.caller;
    const { value: mine } = await house.views.ask('desk.readableBy', { account }, house.hub.position);
    // Only where reading is permitted now: a channel counts while its space's join still holds.
    const conversations = mine.filter((one) => holdsStill(house.world, account, one)).map((one) => one.conversation);
    const { position, value } = await house.views.ask('search.messages', { account, query, limit: page, conversations, ...(conversationId !== undefined && { conversationId }), ...(before !== undefined && { before }) }, house.hub.position);
    if ('unreadable' in value) return refuse('query-unreadable', `${value.says} At character ${value.at + 1}.`, value.at);
    return { position, total: value.total, hits: [...value.hits], next: value.next };
  }),
  serve(startHistoryDownload, async ({ conversationId }, call) => {
    const permit = await permitToRead(house, call, conversationId);
    if (isRefusal(permit)) return permit;
    // Recorded before the first byte leaves; it says how far the download reaches.
    const result = await house.command(recordHistoryDownload, { conversationId, membership: permit, upTo: permit.head }, call, { appendClass: 'essential' });
    if (isRefusal(result)) return result;
    const { at, upTo } = result.events[0]!.data as { readonly at: number; readonly upTo: number };
    const title = await titleFor(house, conversationId, call.caller.account);
    const offered = downloads.offer({ account: call.caller.account, policy: startHistoryDownload.policy }, `hansard-${new Date(at).toISOString().slice(0, 10)}-${conversationId.slice(0, 8)}.zip`, upTo + 1, { job: { kind: 'history', conversationId, account: call.caller.account, upTo, at, title } });
    return { ...offered, events: upTo + 1 };
  }),
];

/** A direct chat is called by its people. */
const titleFor = async (house: House, conversationId: string, account: string): Promise<string> => {
  const { value } = await house.views.ask('conversations.one', { conversationId, account });
  if (!value) return conversationId;
  const { kind, title, members } = value.conversation;
  if (kind !== 'direct') return title;
  const names = await house.views.ask('directory.names', { accounts: members });
  return `Direct chat of ${names.value.map(([, name]) => name).join(' and ')}`;
};
