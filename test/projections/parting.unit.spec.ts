import { describe, expect, it } from 'vitest';
import { aConversationOpened, alice, anAccountOpened, bob, general, gita, History } from '../support/makers.ts';
import { onShelf } from './shelf.ts';

const at = Date.UTC(2026, 10, 21, 9);
const stream = `conversation-${general}`;
const system = { kind: 'system', id: 'appliance' } as const;

/** `by`: as meetings that ended before this was told apart have it. */
const ended = (by?: string): History => {
  const history = new History();
  for (const [account, displayName] of [[alice, 'Alice'], [bob, 'Bob'], [gita, 'Gita']] as const) history.add(`account-${account}`, anAccountOpened({ account, displayName }));
  history.add(stream, aConversationOpened({ founders: [alice, bob, gita], kind: 'meeting' }));
  history.add(stream, { type: 'MemberLeft', data: { account: bob, at, by: alice, cause: 'removed' } });
  for (const cause of ['left-alone', 'absent', 'meeting-over'] as const) history.add(stream, { type: 'MemberLeft', data: { account: gita, at, cause } }, system);
  history.add(stream, { type: 'ConversationClosed', data: { at, ...(by !== undefined && { by }), cause: 'meeting-over' } }, system);
  return history;
};

describe('what the clock did to members of a meeting', () => {
  it('is nobody\'s act in the timeline', () =>
    onShelf((shelf) => {
      shelf.apply(ended().events);
      const page = shelf.ask('timeline.page', { account: alice, conversationId: general, where: 'latest', now: at });
      expect(page?.lines.flatMap((line) => (line.kind === 'life' ? [[line.what, line.account, line.by]] : []))).toEqual([
        ['opened', alice, alice], ['removed', bob, alice], ['left-alone', gita, null], ['absent', gita, null], ['left-at-end', gita, null], ['over', null, null],
      ]);
    }));

  it.each([['now', undefined], ['as it was recorded once, under the name of the host', alice]] as const)('is nobody\'s act in the archive, %s', (_when, by) =>
    onShelf((shelf) => {
      shelf.apply(ended(by).events);
      const found = shelf.ask('archive.search', { query: '', filter: { kinds: ['membership', 'life'], states: [], people: [], conversations: [] }, oldestFirst: true, limit: 50, facets: true });
      expect('hits' in found && found.hits.slice(1).map(({ text, authorName }) => [text, authorName])).toEqual([
        ['Bob was removed', 'Bob'], ['Gita was sent off by the appliance, because nobody of the house was there', 'Gita'], ['Gita was let go by the appliance, having been away for too long', 'Gita'],
        ['Gita left with the end of the meeting', 'Gita'], ['The meeting is over', 'The appliance'],
      ]);
    }));
});
