import type { World } from '../accounts/standing.ts';
import type { openMeeting as endpoint } from '../contract/meetings.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, isOpened, type ConversationState } from '../conversations/conversation.ts';
import type { ConversationOpened } from '../conversations/events.ts';
import type { GatheringPermit } from '../conversations/permits.ts';
import type { Opened } from '../every-event.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { InvitationMade, MeetingArranged, MeetingLinkMade } from './events.ts';
import { permitToMeet } from './permits.ts';
import { meetingIdTaken } from './refusals.ts';

/** `keyHash` of the first link; `invitations`: one for each address, with an id of its own. */
export type OpenMeeting = ParsedInputOf<typeof endpoint> & { readonly link: string; readonly keyHash: string; readonly invitations: readonly { readonly invitation: string; readonly account: string | null; readonly address: string }[] };

/** Whoever is invited from the directory is a member at once, so that it stands in their list; everybody sees what was said since they joined. */
export const openMeeting: UseCase<OpenMeeting, ConversationState, GatheringPermit, World> = {
  name: 'openMeeting',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, { invited }) => permitToMeet(world, acting, invited),
  decide: ({ account: host }, { conversationId, title, invited, admit, guests, link, keyHash, invitations }, state, { at }) => {
    if (isOpened(state)) return meetingIdTaken;
    const people = othersOf(invited, host);
    const opened: ConversationOpened = {
      type: 'ConversationOpened',
      data: { at, by: host, conversation: conversationId, founders: [host, ...people], historyVisibility: 'sinceJoined', kind: 'meeting', space: null },
      content: { title: { title, topic: '' } },
    };
    const arranged: MeetingArranged = { type: 'MeetingArranged', data: { admit, at, by: host, guests, invited: people, room: null } };
    const linked: MeetingLinkMade = { type: 'MeetingLinkMade', data: { at, by: host, keyHash, link } };
    return [opened, arranged, linked, ...invitations.map((one) => invitationMade(one, host, at))];
  },
  isSameIntent: ({ conversationId, title, invited, admit, guests, emails }, recorded) => {
    const by = (recorded as readonly Opened[]).find((event) => event.type === 'MeetingArranged')?.data.by ?? '';
    return (
      recordsIntent(recorded, 'ConversationOpened', { conversation: conversationId, kind: 'meeting' }, { title: { title, topic: '' } }) &&
      recordsIntent(recorded, 'MeetingArranged', { admit, guests, invited: othersOf(invited, by), room: null }) &&
      invitedThose(recorded, emails)
    );
  },
};

const othersOf = (invited: readonly string[], host: string): string[] => [...new Set(invited)].filter((account) => account !== host);

/**
 * Whether the addresses on record are those of a command. Beside them there are those of the directory, and none at all where no mail was
 * sent then; one whose key is gone may be any.
 */
const invitedThose = (recorded: readonly OpenedEvent[], emails: readonly string[]): boolean => {
  const made = (recorded as readonly Opened[]).filter((event) => event.type === 'InvitationMade');
  const addresses = made.map(({ content }) => content.invitation?.address);
  const isAsked = made.every(({ data }, index) => data.account !== null || addresses[index] === undefined || emails.includes(addresses[index]));
  return isAsked && (made.length === 0 || addresses.includes(undefined) || emails.every((address) => addresses.includes(address)));
};

export const invitationMade = ({ invitation, account, address }: OpenMeeting['invitations'][number], by: string, at: number): InvitationMade => ({
  type: 'InvitationMade', data: { account, at, by, invitation }, content: { invitation: { address } },
});
