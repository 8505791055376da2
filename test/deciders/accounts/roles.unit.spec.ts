import { describe, it } from 'vitest';
import { approveOfficerRequest } from '#src/accounts/approve-officer-request.ts';
import type { Role } from '#src/accounts/events.ts';
import { grantRole } from '#src/accounts/grant-role.ts';
import { restoreAccount } from '#src/accounts/restore-account.ts';
import { suspendAccount } from '#src/accounts/suspend-account.ts';
import { withdrawRole } from '#src/accounts/withdraw-role.ts';
import { specOf } from '../given-when-then.ts';
import { anOfficerRequest, aRoleGranted, aSignIn, aSuspension, other } from '../makers.ts';
import { adam, alice, bob, by, byOperator, nick, nobody, noon, olive, oscar } from '../people.ts';

const granted = (account: string, role: Role, from: string, approvedBy: string | null = null) => ({ type: 'RoleGranted', data: { account, approvedBy, at: noon, by: from, role } });
const withdrawn = (account: string, role: Role, from: string) => ({ type: 'RoleWithdrawn', data: { account, at: noon, by: from, role }, stream: `account-${account}` });
const requested = (account: string, from: string) => ({ type: 'OfficerActRequested', data: { account, act: 'grant-officer', at: noon, by: from, request: other } });

describe('granting a role', () => {
  const { given } = specOf(grantRole);
  const grant = (account: string, role: Role) => ({ account, request: other, role });
  it('makes an administrator at once', () => given().when(grant(bob, 'administrator'), by(adam)).then(granted(bob, 'administrator', adam)));
  it('only asks for an officer, whoever asks', () => {
    given().when(grant(bob, 'officer'), by(adam)).then(requested(bob, adam));
    given().when(grant(bob, 'officer'), by(olive)).then(requested(bob, olive));
    given().when(grant(bob, 'officer'), byOperator).then(requested(bob, 'operator'));
  });
  it('asks once a person', () => given(anOfficerRequest(bob, 'grant-officer', adam)).when(grant(bob, 'officer'), by(adam)).thenRefused('nothing-to-record'));
  it('refuses an administrator who wants to be officer where nobody is', () =>
    given(withdrawn(olive, 'officer', oscar), withdrawn(oscar, 'officer', oscar)).when(grant(adam, 'officer'), by(adam)).thenRefused('no-officer-yet'));
  it('lets the operator name the very first officer', () =>
    given(withdrawn(olive, 'officer', oscar), withdrawn(oscar, 'officer', oscar)).when(grant(bob, 'officer'), byOperator).then(granted(bob, 'officer', 'operator')));
  it('does not let the operator name another first one while every officer is suspended', () =>
    given(aSuspension(olive), aSuspension(oscar)).when(grant(bob, 'officer'), byOperator).thenRefused('no-officer-yet'));
  it('refuses an officer who asks where no second one is', () => given(aSuspension(oscar)).when(grant(bob, 'officer'), by(olive)).thenRefused('no-officer-yet'));
  it('refuses an officer who would make an administrator', () => given().when(grant(bob, 'administrator'), by(olive)).thenRefused('not-allowed'));
  it('refuses an employee', () => given().when(grant(alice, 'administrator'), by(alice)).thenRefused('not-allowed'));
  it('refuses who has it', () => given().when(grant(olive, 'officer'), by(adam)).thenRefused('already-granted'));
  it('refuses a suspended account', () => given(aSuspension(bob)).when(grant(bob, 'administrator'), by(adam)).thenRefused('account-suspended'));
  it('refuses an account that is not there, and a nickname', () => {
    given().when(grant(nobody, 'administrator'), by(adam)).thenRefused('not-found');
    given().when(grant(nick, 'administrator'), by(adam)).thenRefused('not-found');
  });
});

describe('approving what waits for a second officer', () => {
  const { given } = specOf(approveOfficerRequest);
  const approve = (account: string) => ({ account, expiresAt: noon + 5, request: other, tokenHash: 'fresh' });
  it('makes an officer', () => given(anOfficerRequest(bob, 'grant-officer', adam)).when(approve(bob), by(olive)).then(granted(bob, 'officer', adam, olive)));
  it('makes the link that an officer\'s password needs', () =>
    given(anOfficerRequest(oscar, 'password-link', adam)).when(approve(oscar), by(olive)).then({ type: 'PasswordLinkMade', data: { account: oscar, approvedBy: olive, at: noon, by: adam, expiresAt: noon + 5, tokenHash: 'fresh' } }));
  it('refuses who asked', () => given(anOfficerRequest(bob, 'grant-officer', olive)).when(approve(bob), by(olive)).thenRefused('not-your-own-request'));
  it('refuses who it is for', () => given(anOfficerRequest(oscar, 'password-link', adam)).when(approve(oscar), by(oscar)).thenRefused('not-your-own-request'));
  it('refuses an administrator', () => given(anOfficerRequest(bob, 'grant-officer', olive)).when(approve(bob), by(adam)).thenRefused('not-allowed'));
  it('refuses a suspended officer', () => given(anOfficerRequest(bob, 'grant-officer', adam), aSuspension(olive)).when(approve(bob), by(olive)).thenRefused('not-allowed'));
  it('refuses what was approved, and what never was asked', () => {
    given(anOfficerRequest(bob, 'grant-officer', adam), aRoleGranted(bob, 'officer')).when(approve(bob), by(olive)).thenRefused('request-not-found');
    given().when(approve(bob), by(olive)).thenRefused('request-not-found');
  });
  it('refuses what was asked for somebody who was suspended since', () => given(anOfficerRequest(bob, 'grant-officer', adam), aSuspension(bob)).when(approve(bob), by(olive)).thenRefused('request-not-found'));
});

describe('withdrawing a role', () => {
  const { given } = specOf(withdrawRole);
  it('takes an administrator\'s while there is another', () => given(aRoleGranted(bob, 'administrator')).when({ account: adam, role: 'administrator' }, by(bob)).then({ type: 'RoleWithdrawn', data: withdrawn(adam, 'administrator', bob).data }));
  it('refuses the last administrator', () => given().when({ account: adam, role: 'administrator' }, by(adam)).thenRefused('last-administrator'));
  it('does not count a suspended administrator as another', () => given(aRoleGranted(bob, 'administrator'), aSuspension(bob)).when({ account: adam, role: 'administrator' }, by(adam)).thenRefused('last-administrator'));
  it('lets an officer take an officer\'s', () => given().when({ account: oscar, role: 'officer' }, by(olive)).then({ type: 'RoleWithdrawn', data: withdrawn(oscar, 'officer', olive).data }));
  it('refuses an administrator and the operator an officer\'s', () => {
    given().when({ account: oscar, role: 'officer' }, by(adam)).thenRefused('officers-only');
    given().when({ account: oscar, role: 'officer' }, byOperator).thenRefused('officers-only');
  });
  it('refuses the last officer', () => given(withdrawn(oscar, 'officer', olive)).when({ account: olive, role: 'officer' }, by(olive)).thenRefused('last-officer'));
  it('refuses what was not granted', () => given().when({ account: bob, role: 'administrator' }, by(adam)).thenRefused('not-granted'));
});

describe('suspending and restoring', () => {
  const { given } = specOf(suspendAccount);
  const suspended = (account: string, from = adam) => ({ type: 'AccountSuspended', data: { account, at: noon, by: from } });
  it('ends every session in the same breath', () =>
    given(aSignIn(bob, 's')).when({ account: bob }, by(adam)).then(suspended(bob), { type: 'SignedOut', data: { account: bob, at: noon, cause: 'suspended', sessionHash: null } }));
  it('has no session to end where there is none', () => given().when({ account: bob }, by(adam)).then(suspended(bob)));
  it('refuses to suspend twice', () => given(aSuspension(bob)).when({ account: bob }, by(adam)).thenRefused('already-suspended'));
  it('refuses oneself', () => given(aRoleGranted(bob, 'administrator')).when({ account: adam }, by(adam)).thenRefused('not-yourself'));
  it('refuses the last administrator, to the operator too', () => given().when({ account: adam }, byOperator).thenRefused('last-administrator'));
  it('refuses who is no administrator', () => given().when({ account: bob }, by(olive)).thenRefused('not-allowed'));
  it('refuses an account that is not there', () => given().when({ account: nobody }, by(adam)).thenRefused('not-found'));
  it('restores', () => specOf(restoreAccount).given(aSuspension(bob)).when({ account: bob }, by(adam)).then({ type: 'AccountRestored', data: { account: bob, at: noon, by: adam } }));
  it('refuses to restore who is not suspended', () => specOf(restoreAccount).given().when({ account: bob }, by(adam)).thenRefused('not-suspended'));
  it('refuses a suspended administrator to restore', () => specOf(restoreAccount).given(aRoleGranted(bob, 'administrator'), aSuspension(bob)).when({ account: bob }, by(bob)).thenRefused('not-allowed'));
});
