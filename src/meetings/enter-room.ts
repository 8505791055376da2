import type { World } from '../accounts/standing.ts';
import { conversationFold, isOpened, type ConversationState } from '../conversations/conversation.ts';
import type { ConversationOpened, MemberJoined } from '../conversations/events.ts';
import type { GatheringPermit } from '../conversations/permits.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { MeetingArranged } from './events.ts';
import { permitColleague, permitToMeet } from './permits.ts';
import { isRefusal } from '../kernel/refusal.ts';

/** `conversationId` comes from the name, so that who knows the exact name meets the others there, and nobody else finds it. */
export type EnterRoom = { readonly conversationId: string; readonly name: string; readonly isPublic: boolean };

/** Where nobody has been before, the room comes to be. */
export const enterRoom: UseCase<EnterRoom, ConversationState, GatheringPermit, World> = {
  name: 'enterRoom',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => {
    const colleague = permitColleague(world, acting);
    if (isRefusal(colleague)) return colleague;
    return isOpened(state) ? (colleague as unknown as GatheringPermit) : permitToMeet(world, acting, []);
  },
  decide: ({ account }, { conversationId, name, isPublic }, state, { at }) => {
    if (isOpened(state)) {
      if (state.members.has(account)) return nothingToRecord;
      const joined: MemberJoined = { type: 'MemberJoined', data: { account, at, by: account } };
      return [joined];
    }
    const opened: ConversationOpened = {
      type: 'ConversationOpened',
      data: { at, by: account, conversation: conversationId, founders: [account], historyVisibility: 'sinceJoined', kind: 'meeting', space: null },
      content: { title: { title: name, topic: '' } },
    };
    const arranged: MeetingArranged = { type: 'MeetingArranged', data: { admit: false, at, by: account, guests: isPublic, invited: [], room: isPublic ? 'public' : 'private' } };
    return [opened, arranged];
  },
  isSameIntent: (_input, recorded) => recorded.some(({ type }) => type === 'ConversationOpened' || type === 'MemberJoined'),
};
