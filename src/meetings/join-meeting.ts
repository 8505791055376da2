import type { ActivePermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import type { MemberJoined } from '../conversations/events.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { permitColleague } from './permits.ts';
import { meetingNotFound, meetingOver } from './refusals.ts';

/** `keyHash`: of the key in the link. */
export type JoinMeeting = { readonly conversationId: string; readonly keyHash: string };

/** Somebody of the house who was handed the link. */
export const joinMeeting: UseCase<JoinMeeting, ConversationState, ActivePermit, World> = {
  name: 'joinMeeting',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting) => permitColleague(world, acting),
  decide: ({ account }, { keyHash }, { meeting, members }, { at }) => {
    if (members.has(account)) return nothingToRecord;
    if (!meeting || meeting.link?.keyHash !== keyHash) return meetingNotFound;
    if (meeting.expired || meeting.over) return meetingOver;
    const joined: MemberJoined = { type: 'MemberJoined', data: { account, at, by: account } };
    return [joined];
  },
  isSameIntent: (_input, recorded) => recordsIntent(recorded, 'MemberJoined', {}),
};
