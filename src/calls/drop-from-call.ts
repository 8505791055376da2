import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { causedId } from '../kernel/ids.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { partyOf } from './call.ts';
import { leaving, standingCall } from './facts.ts';

/** `joined`: revision of the join that brought the device in. Who came back meanwhile is in under another one. */
export type DropFromCall = { readonly conversationId: string; readonly callId: string; readonly account: string; readonly joined: number; readonly cause: 'connection' | 'not-a-member' };

/** Takes somebody out of a call who is not heard of any more, or may not be in it any more. */
export const dropFromCall: UseCase<DropFromCall, ConversationState, SystemPermit, World> = {
  name: 'dropFromCall',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { callId, account, joined, cause }, state, { at }) => {
    const call = standingCall(state, callId);
    const party = call && partyOf(call, account);
    return call && party?.joined === joined ? leaving(call, party, { at, cause }) : nothingToRecord;
  },
  isSameIntent: ({ callId, account, cause }, recorded) => recordsIntent(recorded, 'CallLeft', { account, callId, cause }),
};

/** The same from every node that finds them gone. */
export const dropFromCallId = ({ conversationId, joined, cause }: DropFromCall): string => causedId(`${streams.conversation(conversationId)}/${joined}/${cause}`, 0);
