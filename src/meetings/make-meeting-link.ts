import type { World } from '../accounts/standing.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { MeetingLinkMade } from './events.ts';
import { permitToHost, type HostingPermit } from './permits.ts';
import { meetingOver, notAMeeting } from './refusals.ts';

export type MakeMeetingLink = { readonly conversationId: string; readonly link: string; readonly keyHash: string };

/** A new link; the one before is dead with it. */
export const makeMeetingLink: UseCase<MakeMeetingLink, ConversationState, HostingPermit, World> = {
  name: 'makeMeetingLink',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitToHost(world, acting, state),
  decide: ({ account: by }, { link, keyHash }, { meeting }, { at }) => {
    if (!meeting || meeting.room !== null) return notAMeeting;
    if (meeting.expired || meeting.over) return meetingOver;
    const made: MeetingLinkMade = { type: 'MeetingLinkMade', data: { at, by, keyHash, link } };
    return [made];
  },
  isSameIntent: ({ link }, recorded) => recordsIntent(recorded, 'MeetingLinkMade', { link }),
};
