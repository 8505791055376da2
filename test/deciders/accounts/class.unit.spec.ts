import { describe, expect, it } from 'vitest';
import type { ClassOfServiceSet } from '#src/accounts/events.ts';
import { setClass } from '#src/accounts/set-class.ts';
import { classOfServiceName, setClass as endpoint } from '#src/contract/classes.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { permitToMeet } from '#src/meetings/permits.ts';
import { recorded, specOf, worldOf, type Happened } from '../given-when-then.ts';
import { anAccountOpened, aSuspension, everybody } from '../makers.ts';
import { adam, alice, bob, by, byOperator, idOf, nick, nobody, noon, olive } from '../people.ts';

const set = (account: string, classOfService: string | null, before: string | null = null, from = adam): Happened & ClassOfServiceSet => ({ stream: `account-${account}`, type: 'ClassOfServiceSet', data: { account, at: noon, before, by: from, classOfService } });

describe('giving a class of service', () => {
  const { given } = specOf(setClass);
  it('records it under the name that was written, by an administrator or the operator', () => {
    given().when({ account: bob, classOfService: 'Advanced' }, by(adam)).then(set(bob, 'Advanced'));
    given().when({ account: bob, classOfService: 'Advanced' }, byOperator).then(set(bob, 'Advanced', null, 'operator'));
  });
  it('records which one it stands instead of', () => given(set(bob, 'Advanced')).when({ account: bob, classOfService: 'Basic' }, by(adam)).then(set(bob, 'Basic', 'Advanced')));
  it('records that there is none any more', () => given(set(bob, 'Advanced')).when({ account: bob, classOfService: null }, by(adam)).then(set(bob, null, 'Advanced')));
  it('gives one to somebody suspended, for when they are back', () => given(aSuspension(bob)).when({ account: bob, classOfService: 'Basic' }, by(adam)).then(set(bob, 'Basic')));
  it('records nothing for what is so already', () => {
    given(set(bob, 'Advanced')).when({ account: bob, classOfService: 'Advanced' }, by(adam)).thenRefused('nothing-to-record');
    given().when({ account: bob, classOfService: null }, by(adam)).thenRefused('nothing-to-record');
  });
  it('refuses everybody else', () => {
    for (const who of [alice, olive, bob]) given().when({ account: bob, classOfService: 'Advanced' }, by(who)).thenRefused('not-allowed');
  });
  it('refuses who is no employee, and who is not there', () => {
    const gita = idOf(50);
    given(anAccountOpened(gita, 'gita', [], 'guest')).when({ account: gita, classOfService: 'Advanced' }, by(adam)).thenRefused('not-found');
    for (const account of [nick, nobody]) given().when({ account, classOfService: 'Advanced' }, by(adam)).thenRefused('not-found');
  });
});

describe('the name of a class', () => {
  it.each(['A', 'Advanced users', 'Fachkräfte (Süd)', '高级', 'x'.repeat(60)])('is %j', (name) => expect(classOfServiceName.safeParse(name).success).toBe(true));
  it.each(['', ' ', ' A', 'A ', 'a,b', 'a\nb', '\ud800', 'x'.repeat(61)])('is not %j', (name) => expect(endpoint.input.safeParse({ account: bob, classOfService: name }).success).toBe(false));
});

describe('who may open meetings', () => {
  const setting = (value: string): Happened => ({ stream: 'settings', type: 'SettingPut', data: { at: noon, before: null, by: adam, name: 'meetingsBy', scope: { id: null, kind: 'global' }, value: JSON.stringify(value) } });
  const may = (value: string, ...happened: readonly Happened[]): readonly boolean[] => {
    const world = worldOf(recorded([...everybody, setting(value), ...happened]));
    return [alice, bob].map((account) => !isRefusal(permitToMeet(world, by(account), [])));
  };
  it('is whoever has a class that the setting names, however it is written', () => {
    expect(may('class:advanced users', set(bob, 'Advanced Users'))).toEqual([false, true]);
    expect(may('adam, class: Advanced Users ,class:other', set(bob, 'ADVANCED USERS'))).toEqual([false, true]);
    expect(may('alice, class:Advanced', set(bob, 'Advanced'))).toEqual([true, true]);
  });
  it('is nobody whose class was taken, is another, or has the name of somebody', () => {
    expect(may('class:Advanced', set(bob, 'Advanced'), set(bob, null, 'Advanced'))).toEqual([false, false]);
    expect(may('class:Advanced', set(bob, 'Basic'))).toEqual([false, false]);
    expect(may('alice,class:', set(bob, 'alice'))).toEqual([true, false]);
  });
});
