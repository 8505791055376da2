import { describe, expect, it } from 'vitest';
import { snapshotOf } from '#appliance/house/standing-snapshot.ts';
import { StandingFold } from '#src/accounts/standing-fold.ts';
import type { DecidedEvent } from '#src/kernel/event.ts';
import { classScope } from '#src/settings/scopes.ts';
import { alice, anAccountOpened, bob, History, olive } from '../support/makers.ts';
import { onShelf } from './shelf.ts';

const at = Date.UTC(2026, 10, 21, 9);
const by = { kind: 'account', id: olive } as const;
const set = (account: string, before: string | null, classOfService: string | null): DecidedEvent => ({ type: 'ClassOfServiceSet', data: { account, at, before, by: olive, classOfService } });

describe('a class of service', () => {
  it('is the same in a standing that begins with the desk view as in one that saw every event, is listed, and stands in the audit log', () =>
    onShelf((shelf) => {
      const history = new History();
      for (const [account, displayName] of [[alice, 'Alice Ames'], [bob, 'Bob Bell'], [olive, 'Olive Osei']] as const) history.add(`account-${account}`, anAccountOpened({ account, displayName }));
      for (const [account, before, name] of [[alice, null, 'Basic'], [bob, null, 'Basic'], [alice, 'Basic', 'Advanced'], [bob, 'Basic', null]] as const) history.add(`account-${account}`, set(account, before, name), by);
      history.add('settings', { type: 'IceServerAdded', data: { at, authorisation: 'none', by: olive, scope: classScope('Advanced'), url: 'stun:stun.example.org', username: null }, content: {} }, by);
      shelf.apply(history.events);

      const [restored, observed] = [new StandingFold(() => null), new StandingFold(() => null)];
      restored.restore(snapshotOf(shelf.ask('desk.standing', { now: at })));
      observed.observe(history.events);
      for (const standing of [restored, observed]) expect([alice, bob, olive].map((account) => standing.account(account)?.classOfService)).toEqual(['Advanced', null, null]);
      expect(restored.account(alice)).toEqual(observed.account(alice));
      expect(restored.classesOfService()).toEqual(['Advanced']);

      expect(shelf.ask('directory.accounts', { find: '', kind: 'employee', limit: 9, now: at }).accounts.map((row) => row.classOfService)).toEqual(['Advanced', null, null]);
      const { rows } = shelf.ask('audit.rows', { kinds: ['account', 'setting'], limit: 9, tellsReasons: false });
      expect(rows.map(({ byName, says, subjectName }) => [byName, says, subjectName]).reverse().slice(-5)).toEqual([
        ['Olive Osei', 'gave the class of service Basic', 'Alice Ames'], ['Olive Osei', 'gave the class of service Basic', 'Bob Bell'],
        ['Olive Osei', 'gave the class of service Advanced instead of Basic', 'Alice Ames'], ['Olive Osei', 'took the class of service Basic', 'Bob Bell'],
        ['Olive Osei', 'added the ICE server stun:stun.example.org for the class of service advanced', null],
      ]);
    }, [], ['desk', 'directory', 'audit']));
});
