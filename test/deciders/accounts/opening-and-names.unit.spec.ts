import { describe, expect, it } from 'vitest';
import { abandonAccount } from '#src/accounts/abandon-account.ts';
import { nameFold, wayToName } from '#src/accounts/name.ts';
import { openAccount, type OpenAccount } from '#src/accounts/open-account.ts';
import { openFirstAccount } from '#src/accounts/open-first-account.ts';
import { recordRefusal } from '#src/accounts/record-refusal.ts';
import { recordRefusedSignIns } from '#src/accounts/record-refused-sign-ins.ts';
import { releaseName } from '#src/accounts/release-name.ts';
import { reserveName } from '#src/accounts/reserve-name.ts';
import { recorded, specOf, type Happened } from '../given-when-then.ts';
import { aSuspension } from '../makers.ts';
import { adam, alice, bob, by, byOperator, bySystem, idOf, noon, olive } from '../people.ts';

const name = 'name-dora';
const dora = idOf(50);
const holder = `account-${dora}`;
const garden = `space-${idOf(110)}`;
const aReservation = (of: string, at = noon) => ({ stream: name, type: 'NameReserved', data: { at, holder: of } });
const aRelease = (of: string) => ({ stream: name, type: 'NameReleased', data: { at: noon, holder: of } });
const anAbandoned = { stream: holder, type: 'Abandoned', data: { at: noon, name, reservation: 0 } };

describe('opening an account', () => {
  const { given } = specOf(openAccount);
  const open = (input: Partial<OpenAccount> = {}): OpenAccount => ({ account: dora, displayName: 'Dora', expiresAt: noon + 9, roles: ['employee'], signInName: 'dora', tokenHash: 'token', ...input });
  const opened = { type: 'AccountOpened', data: { account: dora, at: noon, kind: 'employee', roles: ['employee'], signInName: 'dora' }, content: { profile: { displayName: 'Dora', email: null } } };
  const link = (from: string) => ({ type: 'PasswordLinkMade', data: { account: dora, approvedBy: null, at: noon, by: from, expiresAt: noon + 9, tokenHash: 'token' } });
  it('makes the link for its first password', () => given().when(open(), by(adam)).then(opened, link(adam)));
  it('is for the operator too', () => given().when(open(), byOperator).then(opened, link('operator')));
  it('refuses an officer', () => given().when(open(), by(olive)).thenRefused('not-allowed'));
  it('refuses a suspended administrator', () => given(aSuspension(adam)).when(open(), by(adam)).thenRefused('not-allowed'));
  it('refuses an id that was used', () => given().when(open({ account: alice }), by(adam)).thenRefused('account-id-taken'));
  it('refuses when it took so long that its name was given up', () => given(anAbandoned).when(open(), by(adam)).thenRefused('name-taken'));
});

describe('opening the first account', () => {
  const { given } = specOf(openFirstAccount);
  it('is over once there is an administrator', () => given().when({ account: dora, displayName: 'Dora', hash: '$', signInName: 'dora', tokenHash: 'token' }, bySystem).thenRefused('link-spent'));
  it('is nothing that a person can ask for', () => given().when({ account: dora, displayName: 'Dora', hash: '$', signInName: 'dora', tokenHash: 'token' }, by(alice)).thenRefused('not-allowed'));
  it('makes the first administrator', () => {
    const input = { account: dora, displayName: 'Dora', hash: '$', signInName: 'dora', tokenHash: 'token' };
    const none = { standing: { account: () => undefined, holdersOf: () => [], setting: () => undefined as never, space: () => undefined } };
    const permit = openFirstAccount.permit(none, bySystem, input, openFirstAccount.fold.initial());
    expect(openFirstAccount.decide(permit as never, input, openFirstAccount.fold.initial(), bySystem, {} as never)).toMatchObject([
      { type: 'AccountOpened', data: { account: dora, roles: ['employee', 'administrator'] } }, { type: 'CredentialSet', data: { by: 'self', link: 'token' } },
    ]);
  });
});

describe('reserving a name', () => {
  const { given } = specOf(reserveName);
  it('takes a free name', () => given().when({ holder, name }, bySystem).then(aFact(aReservation(holder))));
  it('takes a name that was released', () => given(aReservation(garden), aRelease(garden)).when({ holder, name }, bySystem).then(aFact(aReservation(holder))));
  it('keeps what it has', () => given(aReservation(holder)).when({ holder, name }, bySystem).thenRefused('nothing-to-record'));
  it('refuses what somebody else has', () => given(aReservation(garden)).when({ holder, name }, bySystem).thenRefused('name-taken'));
  it('takes the place of a reservation that was given up', () => given(aReservation(garden)).when({ holder, name, replaces: 0 }, bySystem).then(aFact(aRelease(garden)), aFact(aReservation(holder))));
  it('refuses when somebody was faster', () => given(aReservation(garden), aRelease(garden), aReservation(`account-${bob}`)).when({ holder, name, replaces: 0 }, bySystem).thenRefused('name-taken'));
  it('is for the appliance alone', () => given().when({ holder, name }).thenRefused('not-allowed'));
});

describe('the way to a name', () => {
  const way = (now: number, ...happened: readonly Happened[]) => wayToName(recorded(happened).reduce((state, event) => nameFold.evolve(state, event), nameFold.initial()), holder, now);
  it('is open to a free one', () => expect(way(noon)).toEqual({ way: 'reserve' }));
  it('is done where it is held', () => expect(way(noon, aReservation(holder))).toEqual({ way: 'held' }));
  it('waits ten minutes for a founding that may still come', () => expect(way(noon + 599_999, aReservation(garden))).toEqual({ way: 'wait' }));
  it('then asks its holder to give it up', () => expect(way(noon + 600_000, aReservation(garden), aRelease(garden), aReservation(garden))).toEqual({ by: garden, reservation: 2, way: 'abandon-first' }));
});

describe('giving up and giving back', () => {
  it('closes the way for an account that never came', () => specOf(abandonAccount).given().when({ account: dora, name, reservation: 0 }, bySystem).then(aFact(anAbandoned)));
  it('refuses the name of an account that is there', () => specOf(abandonAccount).given().when({ account: alice, name, reservation: 0 }, bySystem).thenRefused('name-taken'));
  it('refuses to give up twice', () => specOf(abandonAccount).given(anAbandoned).when({ account: dora, name, reservation: 0 }, bySystem).thenRefused('nothing-to-record'));
  it('gives a space\'s former name back', () => specOf(releaseName).given(aReservation(garden)).when({ holder: garden, name }, bySystem).then(aFact(aRelease(garden))));
  it('gives back nothing that somebody else has', () => specOf(releaseName).given(aReservation(holder)).when({ holder: garden, name }, bySystem).thenRefused('nothing-to-record'));
  it('never gives a sign-in name back', () => specOf(releaseName).given(aReservation(holder)).when({ holder, name }, bySystem).thenRefused('not-allowed'));
});

describe('counting refusals', () => {
  it('records refused sign-ins of a minute', () =>
    specOf(recordRefusedSignIns).given().when({ account: null, address: '::1', agent: 'x', count: 3, reason: 'throttled' }, bySystem).then({ type: 'SignInRefused', data: { account: null, at: noon, count: 3, reason: 'throttled' }, content: { access: { address: '::1', agent: 'x' } } }));
  it('records what a role forbade', () =>
    specOf(recordRefusal).given().when({ account: alice, code: 'not-allowed', count: 1, endpoint: 'listAccounts' }, bySystem).then({ type: 'Refused', data: { account: alice, at: noon, code: 'not-allowed', count: 1, endpoint: 'listAccounts' } }));
  it('takes neither from a person', () => specOf(recordRefusal).given().when({ account: alice, code: 'x', count: 1, endpoint: 'x' }).thenRefused('not-allowed'));
});

/** Without its stream: a decision does not say where. */
function aFact({ type, data }: Happened) {
  return { type, data };
}
