import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { limits } from '../contract/limits.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import type { ConversationClosed, MemberLeft } from '../conversations/events.ts';
import { isRefusal, nothingToRecord, type Refusal } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { Acting, UseCase } from '../kernel/use-case.ts';
import type { MeetingExpired } from './events.ts';
import { dueOf, type Meeting, type Patience } from './meeting.ts';

export type KeepMeeting = { readonly conversationId: string };
export type KeepingPermit = SystemPermit & { readonly patience: Patience };

export const permitToKeep = (world: World, acting: Acting): KeepingPermit | Refusal => {
  const permit = permitSystem(acting);
  return isRefusal(permit) ? permit : ({ ...permit, patience: patienceOf(world) } as KeepingPermit);
};

export const patienceOf = ({ standing }: World): Patience => ({ minutesAfterHost: standing.setting<number>('meetingMinutesAfterHost'), minutesUnbegun: limits.meetingMinutesUnbegun });

/** The appliance does what the clock asks for: lets a link die, and ends a meeting that everybody has left. */
export const keepMeeting: UseCase<KeepMeeting, ConversationState, KeepingPermit, World> = {
  name: 'keepMeeting',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting) => permitToKeep(world, acting),
  decide: ({ patience }, _input, { meeting, call }, { at }) => {
    const due = meeting && dueOf(meeting, call, at, patience);
    if (!meeting || !due) return nothingToRecord;
    const expired: MeetingExpired = { type: 'MeetingExpired', data: { at, since: meeting.awaySince ?? at } };
    const isEmpty = call === null || call.over;
    return [...(due === 'expire' ? [expired] : []), ...(isEmpty ? closing(meeting, at) : [])];
  },
  isSameIntent: (_input, recorded) => recorded.some(({ type }) => type === 'MeetingExpired' || type === 'ConversationClosed'),
};

/** The guests go with it. */
const closing = (meeting: Meeting, at: number): (MemberLeft | ConversationClosed)[] => {
  const gone = meeting.guests.filter(({ place }) => place === 'in').map(({ account }): MemberLeft => ({ type: 'MemberLeft', data: { account, at, cause: 'meeting-over' } }));
  return [...gone, { type: 'ConversationClosed', data: { at, cause: 'meeting-over' } }];
};
