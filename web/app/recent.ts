import { workspace } from '../client/workspace.ts';
import { route } from './router.ts';

const mostRemembered = 50;
const storedUnder = (account: string): string => `hansard-recent-${account}`;

const isList = (value: unknown): value is string[] => Array.isArray(value) && value.every((entry) => typeof entry === 'string');

/** Conversations this person visited in this browser, the latest first. */
export const recentConversations = (): readonly string[] => {
  const { me } = workspace;
  const stored: unknown = me ? JSON.parse(localStorage.getItem(storedUnder(me.account)) ?? '[]') : [];
  return isList(stored) ? stored : [];
};

/** Remembers each visit, and forgets them at sign-out. Runs for the life of the page. */
export const watchVisits = (): void => {
  const visit = (): void => {
    const here = route.value;
    const { me } = workspace;
    if (here.screen !== 'conversation' || !me) return;
    const visited = [here.conversationId, ...recentConversations().filter((entry) => entry !== here.conversationId)];
    localStorage.setItem(storedUnder(me.account), JSON.stringify(visited.slice(0, mostRemembered)));
  };
  route.watch(visit);
  workspace.session.watch(visit);
  workspace.onSignedOut((account) => localStorage.removeItem(storedUnder(account)));
};
