import type { Concern, ConversationsApplier } from '../conversations/view.ts';
import { conversationRowOf, spaceRowOf } from '../conversations/queries.ts';
import type { Derived, ViewName } from '../view.ts';
import type { ViewReader } from '../view-queries.ts';
import type { RunningView } from './running-view.ts';

/** What live screens must hear of the batch that every view has just committed: rows of lists first, then counts and marks. */
export const derivedOf = (running: ReadonlyMap<ViewName, RunningView>, wanted: boolean): readonly Derived[] => {
  const derived: Derived[] = [];
  const conversations = running.get('conversations');
  const unread = running.get('unread');
  const concerns = (conversations?.applier as ConversationsApplier | undefined)?.takeConcerns() ?? [];
  if (wanted && conversations && unread && concerns.length > 0) derived.push(...listsFrom(concerns, conversations.reader, unread.reader, unread.checkpoint.position));
  for (const one of running.values()) derived.push(...one.derive(wanted));
  return derived;
};

/** Turns what happened to conversations and spaces into rows for the lists of the people concerned, as of `position`. */
const listsFrom = (concerns: readonly Concern[], conversations: ViewReader, unread: ViewReader, position: number): Derived[] => {
  const derived: Derived[] = [];
  const told = new Set<string>();
  const tell = (key: string, change: Extract<Derived, { view: 'conversations' }>['change']): void => void derived.push({ view: 'conversations', key, position, change });
  const set = (conversationId: string, account: string): void => {
    if (told.has(`${conversationId} ${account}`)) return;
    told.add(`${conversationId} ${account}`);
    const row = conversationRowOf(unread, conversations, account, conversationId);
    if (row) tell(account, { kind: 'conversation-set', row: { ...row, countedTo: position } });
  };
  const audible = (sql: string, key: string): string[] => conversations.all<{ account: string }>(sql, key).map((row) => row.account);
  for (const concern of concerns) {
    switch (concern.is) {
      case 'conversation': {
        const members = concern.account === null ? audible('SELECT account FROM members WHERE conversation = (SELECT ref FROM conversations WHERE id = ?) AND account NOT IN (SELECT account FROM silent)', concern.conversationId) : [concern.account];
        for (const account of members) set(concern.conversationId, account);
        break;
      }
      case 'conversation-left':
        tell(concern.account, { kind: 'conversation-removed', conversationId: concern.conversationId });
        break;
      case 'space': {
        const space = spaceRowOf(conversations, concern.space);
        if (!space) break;
        const members = concern.account === null ? audible('SELECT account FROM space_members WHERE space = ?', concern.space) : [concern.account];
        for (const account of members) tell(account, { kind: 'space-set', space });
        break;
      }
      case 'space-left':
        tell(concern.account, { kind: 'space-removed', spaceId: concern.space });
        break;
    }
  }
  return derived;
};
