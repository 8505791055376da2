import type { House } from '#appliance/house/house.ts';
import { addReaction, editMessage, postMessage, readTimeline, retractMessage, whoViewed, withdrawReaction } from '#src/contract/timeline.ts';
import { serve, type Served } from '#src/doors/door.ts';
import { refuse } from '#src/kernel/refusal.ts';
import { addReaction as adding } from '#src/messages/add-reaction.ts';
import { editMessage as editing } from '#src/messages/edit-message.ts';
import { postMessage as posting } from '#src/messages/post-message.ts';
import { retractMessage as retracting } from '#src/messages/retract-message.ts';
import { withdrawReaction as withdrawing } from '#src/messages/withdraw-reaction.ts';
import { notAMember } from '#src/conversations/refusals.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { permitToRead } from './membership.ts';
import { recordedOf } from './recorded.ts';

const receiptsOff = refuse('receipts-off', 'Receipts are off in a conversation of this size.');

/** What is said, and who has seen it. */
export const messageEndpoints = (house: House): readonly Served[] => [
  serve(postMessage, async (input, call) => recordedOf(await house.command(posting, input, call))),
  serve(editMessage, async (input, call) => recordedOf(await house.command(editing, input, call))),
  serve(retractMessage, async (input, call) => recordedOf(await house.command(retracting, input, call))),
  serve(addReaction, async (input, call) => recordedOf(await house.command(adding, input, call))),
  serve(withdrawReaction, async (input, call) => recordedOf(await house.command(withdrawing, input, call))),
  serve(readTimeline, async ({ conversationId, where, revision, date, messageId, limit }, call) => {
    const permit = await permitToRead(house, call, conversationId);
    if (isRefusal(permit)) return permit;
    const asked = { ...(revision !== undefined && { revision }), ...(date !== undefined && { date }), ...(messageId !== undefined && { messageId }), ...(limit !== undefined && { limit }) };
    const { position, value } = await house.views.ask('timeline.page', { account: call.caller.account, conversationId, where, now: call.at, ...asked }, house.hub.position);
    return value ? { position, ...value } : notAMember;
  }),
  serve(whoViewed, async ({ conversationId, revision }, call) => {
    const permit = await permitToRead(house, call, conversationId);
    if (isRefusal(permit)) return permit;
    const { value } = await house.views.ask('timeline.viewers', { conversationId, revision });
    if (!value) return notAMember;
    if (value.memberCount > house.standing.setting<number>('receiptsMembersMax')) return receiptsOff;
    return { viewed: [...value.viewed], notYet: [...value.notYet] };
  }),
];
