import { describe, expect, it } from 'vitest';
import { auditView } from '#projections/audit/view.ts';
import type { HansardEvent } from '#src/every-event.ts';
import type { DecidedEvent } from '#src/kernel/event.ts';
import { aConversationOpened, aConversationTitled, alice, anAccountOpened, aSpaceFounded, bob, general, gita, History, idFor, olive } from '../support/makers.ts';
import { onShelf } from './shelf.ts';

type Of<T extends HansardEvent['type']> = Extract<HansardEvent, { type: T }>;
type Case = Of<'Looked'>['content']['case'];

const at = Date.UTC(2026, 10, 21, 9);
const [chat, room, inquiry, look, space] = [idFor(1), idFor(2), idFor(3), idFor(4), idFor(0x59ace)];
const [by, unfiled] = [{ kind: 'account', id: olive } as const, 'case-unfiled'];
const everything = JSON.stringify({ conversations: [], kinds: [], people: [], states: [] });
const search = (content: Case): DecidedEvent => ({ type: 'Looked', data: { at, by: olive, inquiry, kind: 'search', look }, content: { case: content } });
const hit = (conversation: string, revision: number): DecidedEvent => ({ type: 'Looked', data: { at, by: olive, inquiry, kind: 'hit', look }, content: { case: { around: 10, conversation, revision } } });
const readAudit = (filter: object): DecidedEvent => ({ type: 'AuditLooked', data: { at, by: olive, export: false, filter: JSON.stringify(filter) } });

const story = (): History => {
  const history = new History();
  for (const [account, displayName] of [[alice, 'Alice Ames'], [bob, 'Bob Bell'], [gita, 'Gita Gray'], [olive, 'Olive Osei']] as const) history.add(`account-${account}`, anAccountOpened({ account, displayName, imported: { batch: idFor(9), line: 1, saidAt: at } }));
  history.add(`space-${space}`, aSpaceFounded({ title: 'Office', general }));
  history.add(`conversation-${general}`, aConversationOpened({ conversation: general, kind: 'channel', space, general: true, founders: [alice] }));
  history.add(`conversation-${chat}`, aConversationOpened({ conversation: chat, kind: 'direct', founders: [alice, bob] }));
  history.add(`conversation-${room}`, aConversationOpened({ conversation: room, title: 'Salaries' }));
  history.add(`conversation-${room}`, aConversationTitled({ title: 'Bonuses' }));
  history.add(unfiled, search({ filter: everything, query: '' }), by);
  history.add(unfiled, search({ filter: JSON.stringify({ conversations: [room], from: Date.UTC(2026, 10, 1), kinds: ['message'], people: [alice, bob], states: ['earlier', 'retracted'], until: Date.UTC(2026, 10, 3) }), query: 'the figure' }), by);
  history.add(unfiled, hit(room, 7), by);
  history.add(unfiled, hit(chat, 1), by);
  history.add(unfiled, hit(general, 2), by);
  history.add(unfiled, hit(idFor(0xdead), 2), by);
  history.add(unfiled, { type: 'ExportMade', data: { at, by: olive, count: 1, digest: 'd', export: idFor(5), inquiry, position: 9 }, content: { case: { filter: everything, query: '' } } }, by);
  history.add(unfiled, readAudit({ kinds: [] }), by);
  history.add(unfiled, readAudit({ kinds: ['sign-in', 'role'], person: gita }), by);
  history.add(`account-${gita}`, { type: 'HistoryDownloaded', data: { account: gita, at, conversation: room, download: idFor(6), upTo: 12 } } as DecidedEvent, { kind: 'account', id: gita });
  return history;
};

describe('the audit log', () => {
  it('tells an officer in sentences what was looked for, where, and whom it concerned', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      const { rows } = shelf.ask('audit.rows', { kinds: ['inquiry', 'export', 'download', 'space'], limit: 20, tellsReasons: true });
      expect(rows.map(({ says }) => says).reverse()).toEqual([
        'founded the space “Office”',
        'searched the archive for everything',
        'searched the archive for “the figure” (only messages; only earlier versions and retracted; of Alice Ames and Bob Bell; in “Bonuses”; from 2026-11-01; to 2026-11-02)',
        'opened a hit in “Bonuses”, revision 7',
        'opened a hit in the chat of Alice Ames and Bob Bell, revision 1',
        'opened a hit in “Office”, revision 2',
        'opened a hit in a conversation, revision 2',
        'exported 1 event, the result of a search for everything',
        'read the audit log',
        'read the audit log (only sign-ins and roles; of Gita Gray)',
        'downloaded the history of “Bonuses”, up to revision 12',
      ]);
    }));

  it('tells an officer what narrowed a search for files, and that files were taken home', () =>
    onShelf((shelf) => {
      const history = story();
      const filter = JSON.stringify({ conversations: [], hash: 'ab12', kinds: ['file'], senders: [alice], sizeFrom: 10, sizeTo: 2_000, types: ['image/', 'application/pdf'], words: 'side agreement' });
      history.add(unfiled, { type: 'ExportMade', data: { at, by: olive, count: 2, digest: 'd', export: idFor(7), inquiry, position: 9 }, content: { case: { filter, query: 'minutes' } } }, by);
      shelf.apply(history.events);
      const says = (tellsReasons: boolean): string => shelf.ask('audit.rows', { kinds: ['export'], limit: 1, tellsReasons }).rows[0]!.says;
      expect(says(true)).toBe('exported 2 events, the result of a search for “minutes” (only files; inside “side agreement”; of type image/ and application/pdf; at least 10 bytes; at most 2000 bytes; SHA-256 ab12; of Alice Ames)');
      expect(says(false)).toBe('exported 2 events');
    }));

  it('tells an administrator the same without a word of what was looked for, and without a title', () =>
    onShelf((shelf) => {
      shelf.apply(story().events);
      const { rows } = shelf.ask('audit.rows', { kinds: ['inquiry', 'export', 'download', 'space'], limit: 20, tellsReasons: false });
      expect([...new Set(rows.map(({ says }) => says))].reverse()).toEqual(['founded a space', 'searched the archive', 'opened a hit in a conversation', 'exported 1 event', 'read the audit log', 'downloaded the history of a conversation, up to revision 12']);
      expect(JSON.stringify(rows)).not.toMatch(/Bonuses|Office|figure|everything|Bob Bell/);
    }));

  it('names the operator and the appliance where nobody with an account did it', () =>
    onShelf((shelf) => {
      const history = new History();
      history.add(`account-${olive}`, { type: 'RoleGranted', data: { account: olive, approvedBy: null, at, by: 'operator', role: 'officer' } }, { kind: 'operator', id: 'operator' });
      history.add('custody', { type: 'ApplianceStarted', data: { at, version: '1.0.0' } } as unknown as DecidedEvent, { kind: 'system', id: 'appliance' });
      shelf.apply(history.events);
      expect(shelf.ask('audit.rows', { kinds: [], limit: 5, tellsReasons: false }).rows.map(({ byName, says }) => `${byName} ${says}`)).toEqual(['The appliance started version 1.0.0', 'The operator granted the role officer']);
    }));

  it('names the node that took a lease and released it', () =>
    onShelf((shelf) => {
      const history = new History();
      history.add('custody', { type: 'LeaseTaken', data: { at, lease: 'instant-index', node: look, term: 3, until: at + 600_000 } });
      history.add('custody', { type: 'LeaseReleased', data: { at, lease: 'instant-index', node: look, term: 3 } });
      shelf.apply(history.events);
      expect(shelf.ask('audit.rows', { kinds: ['custody'], limit: 10, tellsReasons: false }).rows.map((row) => row.says)).toEqual([`released the lease instant-index, term 3, as node ${look}`, `took the lease instant-index, term 3, as node ${look}`]);
    }));

  // Sentences are kept as they were made: whoever words one anew raises the version, so that those of before are made anew too.
  it('counts the bytes of a refused file as people see them counted, those of before as well', () =>
    onShelf((shelf) => {
      const history = new History();
      history.add(`account-${alice}`, { type: 'InfectedFileRefused', data: { at, author: alice, conversation: room, fileId: idFor(8), signature: 'Eicar', size: 1_500_000 }, content: { file: { hash: 'h', name: 'bill.com' } } }, { kind: 'system', id: 'appliance' });
      shelf.apply(history.events);
      const { rows } = shelf.ask('audit.rows', { kinds: ['refusal'], limit: 5, tellsReasons: false });
      expect([auditView.version, rows[0]?.says]).toEqual([3, 'was refused a file of 1.5 MB in a conversation, because a virus was found in it (Eicar)']);
    }));
});
