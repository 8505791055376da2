import { listCalls, type CallRoster } from '#src/contract/calls.ts';
import type { CallHappened } from '#src/contract/socket.ts';
import { call, socket } from '../client/call.ts';
import { Store } from '../client/store.ts';
import { workspace } from '../client/workspace.ts';
import type { CallState } from './call-state.ts';
import { hasKeptPlace } from './place-kept.ts';
import { shownRing, stillIgnored, withRoster, type Rosters } from './ringing.ts';

/** Calls in progress in one's conversations, by conversation. */
export const rosters = new Store<Rosters>(new Map());
/** This tab's own part in a call. Only `live-call.ts` sets it. */
export const callNow = new Store<CallState>({ phase: 'idle' });
/** The call that rings here and was not ignored here. */
export const ring = new Store<CallRoster | undefined>(undefined);
export const callIn = (conversationId: string): CallRoster | undefined => rosters.value.get(conversationId);

type Heard = { readonly conversationId: string; readonly roster: CallRoster | null; readonly happened: CallHappened | undefined };
const listeners = new Set<(heard: Heard) => void>();
/** Every change of a call, in order, after `rosters` took it in. */
export const onCall = (listener: (heard: Heard) => void): void => void listeners.add(listener);

/** Position of the last frame about each conversation: a snapshot that is older has nothing to say about it. */
const heardAt = new Map<string, number>();
/** Kept in the tab, so that a reload rings no second time. */
const ignoredUnder = 'hansard-ignored-rings';
let ignored: ReadonlySet<string> = new Set(sessionStorage.getItem(ignoredUnder)?.split(' '));

const judgeRing = (): void => {
  const me = workspace.me?.account ?? '';
  ignored = stillIgnored(rosters.value, me, ignored);
  sessionStorage.setItem(ignoredUnder, [...ignored].join(' '));
  ring.set(shownRing(rosters.value, me, ignored));
};
/** The ring goes on elsewhere; here it is silent, and the caller is not told. */
export const ignoreRing = (callId: string): void => {
  ignored = new Set([...ignored, callId]);
  judgeRing();
};

const take = (heard: Heard): void => {
  rosters.set(withRoster(rosters.value, heard.conversationId, heard.roster));
  judgeRing();
  for (const listener of listeners) listener(heard);
};

/** Calls as they are now. What is known and not in the snapshot is over. */
export const readCalls = async (): Promise<void> => {
  const answer = await call(listCalls, {});
  if (!answer.ok) return;
  const { position, calls } = answer.output;
  const isNews = (conversationId: string): boolean => (heardAt.get(conversationId) ?? -1) <= position;
  for (const conversationId of rosters.value.keys()) if (isNews(conversationId) && !calls.some((one) => one.conversationId === conversationId)) take({ conversationId, roster: null, happened: undefined });
  for (const roster of calls) if (isNews(roster.conversationId)) take({ conversationId: roster.conversationId, roster, happened: undefined });
};

/** Listens for calls and rings, for the life of the page. The parts that show and sound come when they are needed. */
export const watchCalls = (): void => {
  socket.listen('call', ({ conversationId, position, call: roster, happened }) => {
    heardAt.set(conversationId, position);
    take({ conversationId, roster, happened });
  });
  socket.connection.watch((state) => {
    // After what follows the conversations has been registered anew: frames come from then on.
    if (state === 'connected') queueMicrotask(() => void readCalls());
  });
  workspace.session.watch(({ state }) => {
    if (state !== 'signed-out') return;
    heardAt.clear();
    rosters.set(new Map());
    ring.set(undefined);
  });
  ring.watch((rings) => rings && void import('../screens/call/call-incoming.ts'));
  workspace.session.watch(({ state }) => state === 'signed-in' && hasKeptPlace() && void comeBack());
};

const comeBack = async (): Promise<void> => {
  const { liveCall } = await import('./live-call.ts');
  await liveCall.comeBack();
};

/** Opens the lobby of a conversation's call, or of a new one; false where one is in a call. Its script comes with it. */
export const enterLobby = async (conversationId: string): Promise<boolean> => (await import('./live-call.ts')).liveCall.enterLobby(conversationId);
