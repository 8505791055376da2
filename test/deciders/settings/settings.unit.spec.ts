import { describe, expect, it } from 'vitest';
import { clearSetting } from '#src/settings/clear-setting.ts';
import { putSetting } from '#src/settings/put-setting.ts';
import { recorded, specOf } from '../given-when-then.ts';
import { aSuspension } from '../makers.ts';
import { adam, alice, by, byOperator, noon, olive } from '../people.ts';

const scope = { id: null, kind: 'global' };
const aSettingPut = (name: string, value: string, before: string | null = null, author = adam) => ({ stream: 'settings', type: 'SettingPut', data: { at: noon, before, by: author, name, scope, value } });
const aSettingCleared = (name: string, before: string, author = adam) => ({ stream: 'settings', type: 'SettingCleared', data: { at: noon, before, by: author, name, scope } });

describe('putting a setting', () => {
  const { given } = specOf(putSetting);
  it('records the value as it is, and that it was not set', () => given().when({ name: 'groupMembersMax', value: 8 }, by(adam)).then(aSettingPut('groupMembersMax', '8')));
  it('records what it was before', () => given(aSettingPut('groupMembersMax', '8')).when({ name: 'groupMembersMax', value: 9 }, by(adam)).then(aSettingPut('groupMembersMax', '9', '8')));
  it('records a text as it was typed', () => given().when({ name: 'organisation', value: ' Ärzte "Süd" ' }, by(adam)).then(aSettingPut('organisation', '" Ärzte \\"Süd\\" "')));
  it('sets the default too: it may be another one day', () => given().when({ name: 'groupMembersMax', value: 5 }, by(adam)).then(aSettingPut('groupMembersMax', '5')));
  it('records nothing for the value that is set', () => given(aSettingPut('groupMembersMax', '8')).when({ name: 'groupMembersMax', value: 8 }, by(adam)).thenRefused('nothing-to-record'));
  it('records a value again after it was cleared', () => given(aSettingPut('groupMembersMax', '8'), aSettingCleared('groupMembersMax', '8')).when({ name: 'groupMembersMax', value: 8 }, by(adam)).then(aSettingPut('groupMembersMax', '8')));
  it('keeps one setting apart from another', () => given(aSettingPut('receiptsMembersMax', '8')).when({ name: 'groupMembersMax', value: 8 }, by(adam)).then(aSettingPut('groupMembersMax', '8')));
  it('takes the value at the limit', () => given().when({ name: 'groupMembersMax', value: 1_000 }, by(adam)).then(aSettingPut('groupMembersMax', '1000')));
  it('refuses a number above the limit, and names the limit', () => given().when({ name: 'groupMembersMax', value: 1_001 }, by(adam)).thenRefused('value-unfit', 1_000));
  it('names the setting\'s own limit for more than the record can count', () => given().when({ name: 'groupMembersMax', value: 2 ** 60 }, by(adam)).thenRefused('value-unfit', 1_000));
  it('refuses a number below the limit, and names the limit', () => given().when({ name: 'groupMembersMax', value: 1 }, by(adam)).thenRefused('value-unfit', 2));
  it('refuses a text that is too long, and names the limit', () => given().when({ name: 'organisation', value: 'x'.repeat(121) }, by(adam)).thenRefused('value-unfit', 120));
  it('refuses an empty text, and names the limit', () => given().when({ name: 'organisation', value: '' }, by(adam)).thenRefused('value-unfit', 1));
  it.each([['a text for a number', '8'], ['half a person', 8.5], ['no value', null], ['a list', [8]]])('refuses %s', (_what, value) =>
    given().when({ name: 'groupMembersMax', value }, by(adam)).thenRefused('value-unfit'));
  it('refuses a text that no file could hold', () => given().when({ name: 'organisation', value: 'a\ud800' }, by(adam)).thenRefused('value-unfit'));
  it('takes a zero below zero for a zero', () => given().when({ name: 'receiptsMembersMax', value: -0 }, by(adam)).then(aSettingPut('receiptsMembersMax', '0')));
  it('is open to the operator', () => given().when({ name: 'groupMembersMax', value: 8 }, byOperator).then(aSettingPut('groupMembersMax', '8', null, 'operator')));
  it('refuses an employee and an officer', () => {
    given().when({ name: 'groupMembersMax', value: 8 }, by(alice)).thenRefused('not-allowed');
    given().when({ name: 'groupMembersMax', value: 8 }, by(olive)).thenRefused('not-allowed');
  });
  it('refuses a suspended administrator', () => given(aSuspension(adam)).when({ name: 'groupMembersMax', value: 8 }, by(adam)).thenRefused('not-allowed'));
  it('knows another value, another setting and an unfit value for another intent', () => {
    const first = recorded([aSettingPut('groupMembersMax', '8')]);
    expect(putSetting.isSameIntent({ name: 'groupMembersMax', value: 9 }, first)).toBe(false);
    expect(putSetting.isSameIntent({ name: 'receiptsMembersMax', value: 8 }, first)).toBe(false);
    expect(putSetting.isSameIntent({ name: 'groupMembersMax', value: '8' }, first)).toBe(false);
  });
});

describe('clearing a setting', () => {
  const { given } = specOf(clearSetting);
  it('brings the default back and records what it was', () => given(aSettingPut('groupMembersMax', '8')).when({ name: 'groupMembersMax' }, by(adam)).then(aSettingCleared('groupMembersMax', '8')));
  it('refuses what is not set', () => given().when({ name: 'groupMembersMax' }, by(adam)).thenRefused('not-set'));
  it('refuses what was cleared', () => given(aSettingPut('groupMembersMax', '8'), aSettingCleared('groupMembersMax', '8')).when({ name: 'groupMembersMax' }, by(adam)).thenRefused('not-set'));
  it('refuses an officer', () => given(aSettingPut('groupMembersMax', '8')).when({ name: 'groupMembersMax' }, by(olive)).thenRefused('not-allowed'));
});
