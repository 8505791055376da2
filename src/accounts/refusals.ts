import { refuse } from '../kernel/refusal.ts';

export const accountNotFound = refuse('not-found', 'There is no such account. Nothing was changed.');
export const accountSuspended = refuse('account-suspended', 'This account is suspended. Restore it first; nothing was changed.');
export const signInNameTaken = refuse('name-taken', 'This sign-in name is taken. Sign-in names never return, not even of people who left; choose another.');
export const accountIdTaken = refuse('account-id-taken', 'There is an account under this id already. Nothing was opened.');
export const linkSpent = refuse('link-spent', 'This link was used, replaced or has run out. Ask an administrator for a new one.');
export const linkUsedOtherwise = refuse('command-id-taken', 'This link set a password already, another one than this. Sign in with the first, or ask an administrator for a new link. Nothing was changed.');
export const wrongCredentials = refuse('wrong-credentials', 'Name and password do not match. Nobody was signed in and nothing was changed.');
export const noOfficerYet = refuse('no-officer-yet', 'There is no second officer who could approve this. The first officer is named by the operator, at the command line of the appliance.');
