import type { Opened } from '#src/every-event.ts';

/** How somebody came to be no member any more, as a sentence without its full stop, for transcripts and the archive. What the appliance did names nobody else. */
export const leavingWords = ({ data: { account, cause } }: Opened<'MemberLeft'>, nameOf: (account: string) => string): string => {
  const who = nameOf(account);
  switch (cause) {
    case 'self':
    case 'left-space':
      return `${who} left`;
    case 'removed':
      return `${who} was removed`;
    case 'left-alone':
      return `${who} was sent off by the appliance, because nobody of the house was there`;
    case 'absent':
      return `${who} was let go by the appliance, having been away for too long`;
    case 'meeting-over':
      return `${who} left with the end of the meeting`;
  }
};

/** Under whose name the end of a conversation is found; that of a meeting, which the clock ends, has nobody's. */
export const closerOf = ({ data: { by, cause } }: Opened<'ConversationClosed'>): string => (cause === 'meeting-over' ? 'appliance' : (by ?? 'appliance'));

/** The same of the end of a conversation. */
export const closingWords = (event: Opened<'ConversationClosed'>, nameOf: (account: string) => string): string =>
  event.data.cause === 'meeting-over' ? 'The meeting is over' : `${nameOf(closerOf(event))} closed this conversation`;
