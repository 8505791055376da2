import type { ConversationRow } from '#src/contract/conversations.ts';
import type { WhyExact } from '#src/contract/instant.ts';
import type { Found } from '../../client/instant-finder.ts';
import { workspace } from '../../client/workspace.ts';
import { count } from '../../elements/times.ts';

/** Where something was said, as people call it. */
export const whereSaid = (row: ConversationRow | undefined): string => {
  if (!row) return 'a conversation';
  if (row.kind === 'direct') return `direct, with ${workspace.titleOf(row)}`;
  const space = row.space ? workspace.conversations.value?.spaces.find(({ spaceId }) => spaceId === row.space)?.name : undefined;
  return space && !row.general ? `${space} / ${row.title}` : workspace.titleOf(row);
};

const reasons: Readonly<Record<WhyExact, string>> = {
  'not-set-up': 'nothing else is set up',
  'asked-exactly': 'this is written in its language',
  'behind': 'the instant index is behind',
  'down': 'the instant index cannot be reached',
  'slow': 'the instant index took too long',
  'wrong': 'the instant index cannot be used',
  'being-made': 'the instant index is being made',
};

/** Who answered, and how much it knows. */
export const whoAnswered = ({ because, position, behind, messages }: Found): string => {
  if (because !== null) return `The exact search answered, because ${reasons[because]}. As of position ${count(position)}.`;
  const newer = behind === 0 ? '' : `; ${count(behind)} newer ${behind === 1 ? 'event is' : 'events are'} not in it yet`;
  return `${messages.length > 0 ? 'The best few, as' : 'As'} of position ${count(position)}${newer}.`;
};

/** For those who listen, when typing has paused. */
export const foundAloud = ({ messages, people, conversations }: Pick<Found, 'messages' | 'people' | 'conversations'>): string => {
  const parts = ([['message', messages.length], ['person', people.length], ['conversation', conversations.length]] as const).filter(([, n]) => n > 0);
  if (parts.length === 0) return 'Nothing found yet.';
  const named = parts.map(([what, n]) => `${n} ${n === 1 ? what : what === 'person' ? 'people' : `${what}s`}`);
  return `${named.join(', ')} found.`;
};
