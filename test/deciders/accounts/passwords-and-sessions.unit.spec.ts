import { describe, expect, it } from 'vitest';
import { accountFold } from '#src/accounts/account.ts';
import { acknowledgePasswordReset } from '#src/accounts/acknowledge-password-reset.ts';
import { changePassword } from '#src/accounts/change-password.ts';
import { makePasswordLink } from '#src/accounts/make-password-link.ts';
import { recordHistoryDownload } from '#src/accounts/record-history-download.ts';
import { signIn } from '#src/accounts/sign-in.ts';
import { signOut } from '#src/accounts/sign-out.ts';
import { signOutEverywhere } from '#src/accounts/sign-out-everywhere.ts';
import { usePasswordLink } from '#src/accounts/use-password-link.ts';
import { recorded, specOf, type Happened } from '../given-when-then.ts';
import { aCredential, anOfficerRequest, aPasswordLink, aRoleGranted, aSignIn, aSuspension, group, other } from '../makers.ts';
import { adam, alice, bob, by, mallory, noon, olive, oscar } from '../people.ts';

const set = (how: 'self' | 'link', account = alice) => ({ type: 'CredentialSet', data: { account, at: noon, by: how }, content: { credential: { hash: '$new$' } } });
const setByLink = { ...set('link'), data: { ...set('link').data, link: 'token' } };
const ended = (sessionHash: string | null, cause: 'self' | 'password') => ({ type: 'SignedOut', data: { account: alice, at: noon, cause, sessionHash } });
const folded = (...happened: readonly Happened[]) => recorded(happened).reduce((state, event) => accountFold.evolve(state, event), accountFold.initial());

describe('signing in', () => {
  const { given } = specOf(signIn);
  const input = { address: '::1', agent: 'browser', credential: 1, expiresAt: noon + 1_000, sessionHash: 's' };
  it('records the session, never the token', () => given(aCredential(alice)).when(input).then({ type: 'SignedIn', data: { account: alice, at: noon, expiresAt: noon + 1_000, sessionHash: 's' }, content: { access: { address: '::1', agent: 'browser' } } }));
  it('refuses a password that was replaced meanwhile', () => given(aCredential(alice), aCredential(alice)).when(input).thenRefused('wrong-credentials'));
  it('says the same to who is suspended and to who has no password', () => {
    given(aCredential(alice), aSuspension(alice)).when(input).thenRefused('wrong-credentials');
    given().when(input).thenRefused('wrong-credentials');
  });
  it('forgets what has expired', () => expect([...folded(aSignIn(alice, 'old', noon - 1), aSignIn(alice, 'new')).sessions.keys()]).toEqual(['new']));
});

describe('signing out', () => {
  const { given } = specOf(signOut);
  it('ends this session', () => given(aSignIn(alice, 's'), aSignIn(alice, 't')).when({ sessionHash: 's' }).then(ended('s', 'self')));
  it('has nothing to end twice', () => given().when({ sessionHash: 's' }).thenRefused('nothing-to-record'));
});

describe('signing out everywhere', () => {
  const { given } = specOf(signOutEverywhere);
  it('ends every session at once', () => given(aSignIn(alice, 's'), aSignIn(alice, 't')).when({}).then(ended(null, 'self')));
  it('has nothing to end twice', () => given().when({}).thenRefused('nothing-to-record'));
  it('is for who may act at all', () => given(aSignIn(alice, 's'), aSuspension(alice)).when({}).thenRefused('not-allowed'));
});

describe('changing the password', () => {
  const { given } = specOf(changePassword);
  const input = { credential: 1, hash: '$new$', keep: 's' };
  it('ends the other sessions and keeps this one', () => given(aCredential(alice), aSignIn(alice, 's'), aSignIn(alice, 't')).when(input).then(set('self'), ended('t', 'password')));
  it('ends all of very many, so that it fits one batch', () =>
    given(aCredential(alice), ...Array.from({ length: 102 }, (_, n) => aSignIn(alice, `s${n}`))).when(input).then(set('self'), ended(null, 'password')));
  it('refuses a password that was replaced meanwhile', () => given(aCredential(alice), aCredential(alice)).when(input).thenRefused('wrong-credentials'));
});

describe('making a password link', () => {
  const { given } = specOf(makePasswordLink);
  const input = (account: string) => ({ account, expiresAt: noon + 1_000, request: other, tokenHash: 'token' });
  it('makes it at once for an employee', () => given().when(input(bob), by(adam)).then(aPasswordLink(bob)));
  it('only asks for an officer\'s', () => given().when(input(olive), by(adam)).then({ type: 'OfficerActRequested', data: anOfficerRequest(olive, 'password-link', adam).data }));
  it('asks once a person', () => given(anOfficerRequest(olive, 'password-link', adam)).when(input(olive), by(adam)).thenRefused('nothing-to-record'));
  it('refuses where no other officer could approve', () => given(aSuspension(oscar)).when(input(olive), by(adam)).thenRefused('no-officer-yet'));
  it('refuses a suspended account', () => given(aSuspension(bob)).when(input(bob), by(adam)).thenRefused('account-suspended'));
  it('refuses who is no administrator', () => given().when(input(bob), by(olive)).thenRefused('not-allowed'));
});

describe('using a password link', () => {
  const { given } = specOf(usePasswordLink);
  const input = { hash: '$new$', tokenHash: 'token' };
  it('sets the password and ends all sessions', () => given(aPasswordLink(alice), aSignIn(alice, 's')).when(input).then(setByLink, ended(null, 'password')));
  it('works once', () => given(aPasswordLink(alice), aCredential(alice, 'link')).when(input).thenRefused('link-spent'));
  it('works until it expires', () => {
    given(aPasswordLink(alice, 'token', noon)).when(input).thenRefused('link-spent');
    given(aPasswordLink(alice, 'token', noon + 1)).when(input).then(setByLink);
  });
  it('is replaced by a newer one', () => given(aPasswordLink(alice), aPasswordLink(alice, 'newer')).when(input).thenRefused('link-spent'));
  it('dies when its holder becomes officer', () => given(aPasswordLink(alice), aRoleGranted(alice, 'officer')).when(input).thenRefused('link-spent'));
  it('dies with a suspension, and stays dead', () =>
    given(aPasswordLink(alice), aSuspension(alice), { stream: `account-${alice}`, type: 'AccountRestored', data: { account: alice, at: noon, by: adam } }).when(input).thenRefused('link-spent'));
  it('knows its own retry from one with another link', () => {
    const again = recorded([{ stream: `account-${alice}`, ...setByLink }]);
    expect(usePasswordLink.isSameIntent(input, again)).toBe(true);
    expect(usePasswordLink.isSameIntent({ ...input, tokenHash: 'newer' }, again)).toBe(false);
  });
  it('refuses any other token', () => given(aPasswordLink(alice)).when({ ...input, tokenHash: 'guess' }).thenRefused('link-spent'));
});

describe('telling of a reset', () => {
  const { given } = specOf(acknowledgePasswordReset);
  it('tells who had a password and lost it to a link of somebody else', () => given(aCredential(alice), aPasswordLink(alice), aCredential(alice, 'link')).when({}).then({ type: 'PasswordResetAcknowledged', data: { account: alice, at: noon } }));
  it('has nothing to tell of a first password', () => given(aPasswordLink(alice), aCredential(alice, 'link')).when({}).thenRefused('nothing-to-record'));
  it('keeps telling after the holder changes the password again', () =>
    expect(folded({ stream: `account-${alice}`, type: 'AccountOpened', data: { account: alice, at: noon, kind: 'employee', roles: [], signInName: 'alice' } }, aCredential(alice), aPasswordLink(alice), aCredential(alice, 'link'), aCredential(alice)).resetNotice).toEqual({ at: noon, by: adam }));
});

describe('downloading a history', () => {
  const { given } = specOf(recordHistoryDownload);
  const membership = { conversation: group, head: 9, joined: 0, kind: 'group', memberCount: 2, space: null, under: null } as const;
  it('is recorded with what it covers', () => given().when({ conversationId: group, membership, upTo: 9 }).then({ type: 'HistoryDownloaded', data: { account: alice, at: noon, conversation: group, upTo: 9 } }));
  it('refuses who is no member', () => given().when({ conversationId: group, membership: undefined, upTo: 9 }, by(mallory)).thenRefused('not-a-member'));
});
