import type { Opened } from '#src/every-event.ts';

type MeetingFact = Extract<Opened, { type: 'MeetingArranged' | 'MeetingLinkMade' | 'MeetingLinkRevoked' | 'MeetingExpired' | 'GuestEntered' | 'InvitationMade' | 'InvitationSent' | 'InvitationFailed' }>;

const failures = { refused: 'the mail server refused it', unreachable: 'the mail server could not be reached', over: 'the meeting was over by then' } as const;

/** Under whose name a fact of a meeting is found; the appliance's own have nobody's. */
export const keeperOf = (event: MeetingFact): string => {
  if (event.type === 'GuestEntered') return event.data.account;
  return 'by' in event.data ? event.data.by : 'appliance';
};

/** A fact of a meeting as a sentence without its full stop, for transcripts and the archive. */
export const meetingWords = (event: MeetingFact, nameOf: (account: string) => string): string => {
  const who = nameOf(keeperOf(event));
  switch (event.type) {
    case 'MeetingArranged': {
      const { room, guests, admit, invited } = event.data;
      const whom = invited.length === 0 ? '' : ` and invited ${invited.map(nameOf).join(', ')}`;
      return `${who} opened a ${room === null ? 'meeting' : `${room} room`}${whom}; guests ${guests ? (admit ? 'are let in one by one' : 'may come') : 'may not come'}`;
    }
    case 'MeetingLinkMade':
      return `${who} made a link to the meeting`;
    case 'MeetingLinkRevoked':
      return `${who} took the link to the meeting back`;
    case 'MeetingExpired':
      return 'The link to the meeting died, because the host was away for too long';
    case 'GuestEntered':
      return `The guest ${who} came to the door of the meeting`;
    case 'InvitationMade':
      return `${who} invited ${event.content.invitation?.address ?? 'somebody whose address is gone'} by mail`;
    case 'InvitationSent':
      return 'An invitation was handed to the mail server';
    case 'InvitationFailed':
      return `An invitation was not sent, because ${failures[event.data.reason]}`;
  }
};
