import type { World } from '../accounts/standing.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { MeetingLinkRevoked } from './events.ts';
import { permitToHost, type HostingPermit } from './permits.ts';
import { notAMeeting } from './refusals.ts';

export type RevokeMeetingLink = { readonly conversationId: string };

/** Nobody comes in by it any more; who is in stays. */
export const revokeMeetingLink: UseCase<RevokeMeetingLink, ConversationState, HostingPermit, World> = {
  name: 'revokeMeetingLink',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitToHost(world, acting, state),
  decide: ({ account: by }, _input, { meeting }, { at }) => {
    if (!meeting || meeting.room !== null) return notAMeeting;
    if (meeting.link === null) return nothingToRecord;
    const revoked: MeetingLinkRevoked = { type: 'MeetingLinkRevoked', data: { at, by, link: meeting.link.link } };
    return [revoked];
  },
  isSameIntent: (_input, recorded) => recordsIntent(recorded, 'MeetingLinkRevoked', {}),
};
