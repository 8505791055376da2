import type { World } from '../accounts/standing.ts';
import { limits } from '../contract/limits.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import type { MemberPermit } from '../conversations/permits.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { invitationMade, type OpenMeeting } from './open-meeting.ts';
import { permitSignedInMember } from './permits.ts';
import { meetingOver, notAMeeting, tooManyInvitations } from './refusals.ts';

export type InviteToMeeting = { readonly conversationId: string; readonly invitations: OpenMeeting['invitations'] };

/** Any member who is signed in invites more people by mail. */
export const inviteToMeeting: UseCase<InviteToMeeting, ConversationState, MemberPermit, World> = {
  name: 'inviteToMeeting',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitSignedInMember(world, acting, state),
  decide: ({ account: by }, { invitations }, { meeting }, { at }) => {
    if (!meeting || meeting.room === 'private') return notAMeeting;
    if (meeting.over || meeting.expired || (meeting.room === null && meeting.link === null)) return meetingOver;
    if (meeting.invitations + invitations.length > limits.meetingInvitesMax) return tooManyInvitations;
    return invitations.map((one) => invitationMade(one, by, at));
  },
  isSameIntent: ({ invitations }, recorded) => invitations.every(({ invitation, address }) => recordsIntent(recorded.filter(({ data }) => data['invitation'] === invitation), 'InvitationMade', {}, { invitation: { address } })),
};
