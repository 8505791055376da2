import { limits } from '../contract/limits.ts';
import { refuse, type Refusal } from '../kernel/refusal.ts';
import type { MentionPlace } from './events.ts';

const misplaced = refuse('mention-misplaced', 'A mention does not stand on words of the text, or two stand on the same. Nothing was recorded.');
const tooMany = refuse('mention-misplaced', `A message mentions at most ${limits.mentionsMax} times. Nothing was recorded.`, limits.mentionsMax);
const notAMember = refuse('mention-not-a-member', 'Somebody who is mentioned is not in this conversation, and would not see it. Nothing was recorded.');

/** Who is mentioned, each once, in the order of the text's places as given; or why the mentions are unfit. Places are UTF-16 units, `to` exclusive. */
export const mentioned = (text: string, places: readonly MentionPlace[], isMember: (account: string) => boolean): readonly string[] | Refusal => {
  if (places.length > limits.mentionsMax) return tooMany;
  let free = 0;
  for (const { from, to } of places.toSorted((one, other) => one.from - other.from)) {
    if (from < free || to <= from || to > text.length) return misplaced;
    free = to;
  }
  const accounts = [...new Set(places.map((place) => place.account))];
  return accounts.every((account) => account === 'everyone' || isMember(account)) ? accounts : notAMember;
};

/** The places as they are recorded: fields in code-unit order. */
export const placesOf = (places: readonly MentionPlace[]): readonly MentionPlace[] => places.map(({ account, from, to }) => ({ account, from, to }));
