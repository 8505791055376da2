import type { House } from '#appliance/house/house.ts';
import { findInstantly, type WhyExact } from '#src/contract/instant.ts';
import { holdsStill } from '#src/conversations/permits.ts';
import { serve, type Call, type Caller, type Served } from '#src/doors/door.ts';
import { refuse } from '#src/kernel/refusal.ts';
import { isPlainWords } from '#src/instant/plain-words.ts';

const shown = 8;
type Asking = { readonly text: string; readonly conversationId?: string | undefined };

/** Search-as-you-type, for people in their own conversations; no other endpoint knows of it. Where the index cannot answer, the exact search does, and says why. */
export const instantEndpoints = (house: House): readonly Served[] => [
  serve(findInstantly, async ({ text, conversationId }, call) => {
    const readable = (): Promise<readonly string[]> => readableBy(house, call.caller.account);
    if (!house.instant) return { messages: [], people: [], conversations: [], answeredBy: 'exact' as const, because: 'not-set-up' as const, position: house.hub.position, behind: 0 };
    const answer = await house.instant.ask({ account: call.caller.account, text, readable, ...(conversationId !== undefined && { conversationId }) });
    if ('because' in answer) return exactly(house, call, { text, conversationId }, answer.because);
    const { messages, people, conversations, position, behind } = answer;
    return { messages: [...messages], people: [...people], conversations: [...conversations], answeredBy: 'instant' as const, because: null, position, behind };
  }),
];

/** What somebody may read now: a channel counts while its space's join still holds. */
const readableBy = async (house: House, account: string): Promise<readonly string[]> => {
  const { value } = await house.views.ask('desk.readableBy', { account }, house.hub.position);
  return value.filter((one) => holdsStill(house.world, account, one)).map(({ conversation }) => conversation);
};

/** The last word is still being typed: it may go on. */
const asTyped = (text: string): string => (isPlainWords(text) && /[\p{L}\p{N}]{2}$/u.test(text) ? `${text}*` : text);

const exactly = async (house: House, { caller }: Call & { readonly caller: Caller }, { text, conversationId }: Asking, because: WhyExact) => {
  const conversations = await readableBy(house, caller.account);
  const { position, value } = await house.views.ask('search.messages', { account: caller.account, query: asTyped(text), limit: shown, conversations, ...(conversationId !== undefined && { conversationId }) }, house.hub.position);
  if ('unreadable' in value) return refuse('query-unreadable', `${value.says} At character ${value.at + 1}.`, value.at);
  return { messages: [...value.hits], people: [], conversations: [], answeredBy: 'exact' as const, because, position, behind: 0 };
};
