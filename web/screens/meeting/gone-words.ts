import type { Visit } from '#src/contract/meetings.ts';

export type GoneWords = { readonly title: string; readonly says: string };

const goneTitle = 'You are not in the meeting any more';
const kept = 'What was written in it is kept.';

/** What a guest is told whose visit is over: why, as far as their page has heard, and nothing else. Pure. */
export const goneWords = ({ place, left, over, title, organisation }: Visit): GoneWords => {
  if (place === 'turned-away') return { title: 'You were not let in', says: `The host of “${title}” did not let you in.` };
  if (over) return { title: 'The meeting is over', says: `“${title}” has ended. What was written in it is kept in the record of ${organisation}.` };
  switch (left) {
    case 'self': return { title: goneTitle, says: `You left “${title}”. ${kept}` };
    case 'removed': return { title: goneTitle, says: `The host took you out of “${title}”. ${kept}` };
    case 'left-alone': return { title: goneTitle, says: `Nobody of ${organisation} was in “${title}” for too long, so its guests were sent off. ${kept}` };
    case 'absent': return { title: goneTitle, says: `You were away from “${title}” for too long, so your place was given up. ${kept}` };
    // The session ended before this page could ask why: it was asleep, or without a connection.
    default: return { title: goneTitle, says: `Your visit to “${title}” has ended, and this page was not told why. ${kept}` };
  }
};
