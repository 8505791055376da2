import { z } from 'zod';
import { endpoint, nothing, recorded } from './endpoint.ts';
import { limits } from './limits.ts';
import { at, id, line, newPassword, password, presenceState, role, signInName } from './shapes.ts';

/** Whose workspace is this, and is it archived? Asked before anybody signs in. */
export const welcome = endpoint({
  name: 'welcome', kind: 'query', method: 'GET', path: '/welcome', policy: 'public', says: 'Name of the organisation, the archive notice, and whether the first administrator is still to come.',
  input: nothing, output: z.strictObject({ organisation: z.string(), notice: z.string(), version: z.string(), firstAccountWanted: z.boolean() }), refusals: [],
});

export const me = z.strictObject({
  account: id, signInName: z.string(), displayName: z.string(), roles: z.array(role), organisation: z.string(), notice: z.string(),
  /** Set when somebody else had the password reset and the holder has not said "seen" yet. */
  passwordReset: z.strictObject({ at, by: z.string() }).nullable(),
  /** The meeting that a guest is of; null for everybody else. */
  guest: id.nullable(),
  settings: z.strictObject({ groupMembersMax: z.int(), receiptsMembersMax: z.int() }),
  /** Officers and administrators, always: how the first officer came to be. */
  firstOfficer: z.strictObject({ account: id, displayName: z.string(), at }).nullable(),
});
export type Me = z.infer<typeof me>;

export const openFirstAccount = endpoint({
  name: 'openFirstAccount', kind: 'command', method: 'POST', path: '/first-account', policy: 'public', httpOnly: true, says: 'Makes the first administrator with the one-time link printed at first start, and signs in.',
  input: z.strictObject({ token: z.string().max(200), signInName, displayName: line(limits.displayNameMax), password: newPassword }), output: me, refusals: ['link-spent', 'name-taken'],
});
export const signIn = endpoint({
  name: 'signIn', kind: 'command', method: 'POST', path: '/session', policy: 'public', httpOnly: true, says: 'Signs in and sets the session cookie. A wrong name and a wrong password look the same.',
  input: z.strictObject({ signInName: z.string().max(limits.signInNameMax), password }), output: me, refusals: ['wrong-credentials', 'slow-down'],
});
export const signOut = endpoint({ name: 'signOut', kind: 'command', method: 'DELETE', path: '/session', policy: 'member', httpOnly: true, says: 'Ends this session.', input: nothing, output: recorded, refusals: [] });
export const signOutEverywhere = endpoint({ name: 'signOutEverywhere', kind: 'command', method: 'DELETE', path: '/sessions', policy: 'member', httpOnly: true, says: 'Ends every session of one\'s own, on every device, this one too.', input: nothing, output: recorded, refusals: [] });
export const readMe = endpoint({ name: 'readMe', kind: 'query', method: 'GET', path: '/me', policy: 'guest', says: 'Who is signed in.', input: nothing, output: me, refusals: [] });
export const acknowledgePasswordReset = endpoint({ name: 'acknowledgePasswordReset', kind: 'command', method: 'POST', path: '/me/password-reset-seen', policy: 'member', says: 'The holder has seen that the password was reset.', input: nothing, output: recorded, refusals: [] });
export const changePassword = endpoint({ name: 'changePassword', kind: 'command', method: 'POST', path: '/me/password', policy: 'member', httpOnly: true, says: 'Changes one\'s own password; other sessions end.', input: z.strictObject({ current: password, next: newPassword }), output: recorded, refusals: ['wrong-credentials', 'slow-down'] });
export const usePasswordLink = endpoint({
  name: 'usePasswordLink', kind: 'command', method: 'POST', path: '/password-link', policy: 'public', httpOnly: true, says: 'Sets a password with a one-time link. All sessions end; sign in afterwards.',
  input: z.strictObject({ token: z.string().max(200), password: newPassword }), output: z.strictObject({ signInName: z.string() }), refusals: ['link-spent', 'slow-down'],
});

/** Everybody who can be found or has said something. `n`: nickname of an import, cannot sign in. Compact, because 24,000 of them travel at once. */
export const person = z.tuple([id, z.string(), z.string().nullable(), z.enum(['e', 'g', 'n', 's'])]);
/** [account, display name, sign-in name, e = can be written to | g = guest of a meeting | n = nickname of an import | s = suspended] */
export type Person = z.infer<typeof person>;
export const readDirectory = endpoint({
  name: 'readDirectory', kind: 'query', method: 'GET', path: '/directory', policy: 'guest', says: 'The directory, for a guest that of their meeting; with `since`, only who is new or changed after that position.',
  input: z.strictObject({ since: z.coerce.number().int().min(-1).default(-1) }), output: z.strictObject({ position: z.int(), people: z.array(person) }), refusals: [],
});

export const accountRow = z.strictObject({
  account: id, signInName: z.string().nullable(), displayName: z.string(), email: z.string().nullable(), kind: z.enum(['employee', 'guest', 'nickname', 'external']),
  roles: z.array(role), classOfService: z.string().nullable(), suspended: z.boolean(), openedAt: at, lastSignedInAt: at.nullable(), sessions: z.int(), hasPassword: z.boolean(),
});
export type AccountRow = z.infer<typeof accountRow>;
export const listAccounts = endpoint({
  name: 'listAccounts', kind: 'query', method: 'GET', path: '/accounts', policy: ['administrator'], says: 'People, by name; `find` narrows; nicknames of an import only with `kind`.',
  input: z.strictObject({ find: z.string().max(limits.displayNameMax).default(''), kind: z.enum(['employee', 'nickname']).default('employee'), after: z.string().max(400).optional() }),
  output: z.strictObject({ position: z.int(), total: z.int(), accounts: z.array(accountRow), after: z.string().nullable() }), refusals: [],
});
const one = z.strictObject({ account: id });
export const linkOnce = z.strictObject({ revision: z.int(), link: z.string(), expiresAt: at });
export const openAccount = endpoint({
  name: 'openAccount', kind: 'command', method: 'PUT', path: '/accounts/:account', policy: ['administrator'], says: 'Opens an account and returns the one-time link with which its holder sets the password.',
  input: z.strictObject({ account: id, signInName, displayName: line(limits.displayNameMax), email: z.email().max(limits.emailMax).optional(), roles: z.array(z.enum(['employee', 'administrator'])).min(1).default(['employee']) }),
  output: linkOnce, refusals: ['name-taken', 'account-id-taken'],
});
export const suspendAccount = endpoint({ name: 'suspendAccount', kind: 'command', method: 'POST', path: '/accounts/:account/suspension', policy: ['administrator'], says: 'Suspends: every session and socket ends within a second. Nothing said is lost.', input: one, output: recorded, refusals: ['already-suspended', 'last-administrator', 'not-yourself'] });
export const restoreAccount = endpoint({ name: 'restoreAccount', kind: 'command', method: 'DELETE', path: '/accounts/:account/suspension', policy: ['administrator'], says: 'Restores a suspended account.', input: one, output: recorded, refusals: ['not-suspended'] });
export const grantRole = endpoint({
  name: 'grantRole', kind: 'command', method: 'PUT', path: '/accounts/:account/roles/:role', policy: ['administrator', 'officer'], says: 'Grants a role. The officer\'s role only becomes a request that a second officer approves.',
  input: z.strictObject({ account: id, role }), output: z.strictObject({ revision: z.int(), waitsForOfficer: z.boolean() }), refusals: ['already-granted', 'no-officer-yet', 'account-suspended'],
});
export const withdrawRole = endpoint({ name: 'withdrawRole', kind: 'command', method: 'DELETE', path: '/accounts/:account/roles/:role', policy: ['administrator', 'officer'], says: 'Withdraws a role. Only an officer withdraws an officer\'s, and never the last.', input: z.strictObject({ account: id, role }), output: recorded, refusals: ['not-granted', 'last-administrator', 'last-officer', 'officers-only'] });
export const makePasswordLink = endpoint({
  name: 'makePasswordLink', kind: 'command', method: 'POST', path: '/accounts/:account/password-link', policy: ['administrator'], says: 'A one-time link to set a password. For an officer it becomes a request that a second officer approves; the holder is told at the next sign-in.',
  input: one, output: z.strictObject({ revision: z.int(), link: z.string().nullable(), expiresAt: at.nullable(), waitsForOfficer: z.boolean() }), refusals: ['account-suspended', 'no-officer-yet'],
});
export const officerRequest = z.strictObject({ request: id, account: id, displayName: z.string(), act: z.enum(['grant-officer', 'password-link']), by: id, byName: z.string(), at });
export const listOfficerRequests = endpoint({ name: 'listOfficerRequests', kind: 'query', method: 'GET', path: '/officer-requests', policy: ['officer', 'administrator'], says: 'What waits for a second officer.', input: nothing, output: z.strictObject({ requests: z.array(officerRequest) }), refusals: [] });
export const approveOfficerRequest = endpoint({
  name: 'approveOfficerRequest', kind: 'command', method: 'POST', path: '/officer-requests/:account/:request/approval', policy: ['officer'], says: 'A second officer, neither the one who asked nor the one it is for, approves. For a password link the link is the answer.',
  input: z.strictObject({ account: id, request: id }), output: z.strictObject({ revision: z.int(), link: z.string().nullable() }), refusals: ['request-not-found', 'not-your-own-request'],
});

export const setPresence = endpoint({ name: 'setPresence', kind: 'query', method: 'PUT', path: '/me/presence', policy: 'member', says: 'Ephemeral: how this person wants to be seen. `null` lets presence follow the sockets.', input: z.strictObject({ state: presenceState.nullable() }), output: nothing, refusals: [] });
