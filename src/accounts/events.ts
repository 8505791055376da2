/** Facts in `account-<id>`, `access` and `name-<hash>`. Keys are in code-unit order, so that canonical writing is free. */

export type AccountKind = 'employee' | 'guest' | 'nickname' | 'external';
export type Role = 'employee' | 'officer' | 'administrator';

/** `imported` marks what an import wrote; `line` is the line of the file, from 1; `saidAt` the time the source states. */
export type Imported = { readonly batch: string; readonly line: number; readonly saidAt: number };

export type AccountOpened = {
  type: 'AccountOpened';
  data: { account: string; at: number; imported?: Imported; kind: AccountKind; /** The meeting that a guest is of. */ meeting?: string; roles: readonly Role[]; signInName: string | null };
  content: { profile: { displayName: string; email: string | null } };
};
/** The profile as a whole, anew. */
export type ProfileChanged = { type: 'ProfileChanged'; data: { account: string; at: number }; content: { profile: { displayName: string; email: string | null } } };
/** `by` is `self` or `link`; `link` names the one-time link that was spent for it, by its token's SHA-256; `hash` is an argon2id string in PHC form. */
export type CredentialSet = { type: 'CredentialSet'; data: { account: string; at: number; by: 'self' | 'link'; link?: string }; content: { credential: { hash: string } } };
/** `tokenHash` = SHA-256 of the one-time token, base64url. For an officer, `approvedBy` names the second officer. */
export type PasswordLinkMade = { type: 'PasswordLinkMade'; data: { account: string; approvedBy: string | null; at: number; by: string; expiresAt: number; tokenHash: string } };
/** The holder was told at sign-in that somebody had the password reset, and said so. */
export type PasswordResetAcknowledged = { type: 'PasswordResetAcknowledged'; data: { account: string; at: number } };
/** `sessionHash` = SHA-256 of the session token, base64url. */
export type SignedIn = {
  type: 'SignedIn';
  data: { account: string; at: number; expiresAt: number; sessionHash: string };
  content: { access: { address: string; agent: string } };
};
export type SignedOut = { type: 'SignedOut'; data: { account: string; at: number; cause: 'self' | 'suspended' | 'password' | 'meeting'; sessionHash: string | null } };
/** Giving the officer's role, or an officer's password link, waits for a second officer. */
export type OfficerActRequested = { type: 'OfficerActRequested'; data: { account: string; act: 'grant-officer' | 'password-link'; at: number; by: string; request: string } };
export type RoleGranted = { type: 'RoleGranted'; data: { account: string; approvedBy: string | null; at: number; by: string; role: Role } };
export type RoleWithdrawn = { type: 'RoleWithdrawn'; data: { account: string; at: number; by: string; role: Role } };
/** Null: none. One name for all who have it is one class, however it is written. */
export type ClassOfServiceSet = { type: 'ClassOfServiceSet'; data: { account: string; at: number; before: string | null; by: string; classOfService: string | null } };
export type AccountSuspended = { type: 'AccountSuspended'; data: { account: string; at: number; by: string } };
export type AccountRestored = { type: 'AccountRestored'; data: { account: string; at: number; by: string } };
/** Recorded before the first byte of the zip leaves. `upTo` is the conversation's revision that the download covers. */
export type HistoryDownloaded = { type: 'HistoryDownloaded'; data: { account: string; at: number; conversation: string; upTo: number } };

/** In `access`: refused sign-ins, counted per minute and source. `account` only where it exists. */
export type SignInRefused = {
  type: 'SignInRefused';
  data: { account: string | null; at: number; count: number; reason: 'wrong-credentials' | 'suspended' | 'throttled' };
  content: { access: { address: string; agent: string } };
};
/** In `access`: a signed-in person was refused something that their role forbids. */
export type Refused = { type: 'Refused'; data: { account: string; at: number; code: string; count: number; endpoint: string } };

/** In `name-<hash>`. `holder` is the stream that is to be founded. */
export type NameReserved = { type: 'NameReserved'; data: { at: number; holder: string } };
export type NameReleased = { type: 'NameReleased'; data: { at: number; holder: string } };
/** Revision 0 of an account or space that never came, or at its head for a rename that never came. `name`: the stream of the name; `reservation`: the revision there that is given up. */
export type Abandoned = { type: 'Abandoned'; data: { at: number; name: string; reservation: number } };

export type AccountEvent =
  | AccountOpened | ProfileChanged | CredentialSet | PasswordLinkMade | PasswordResetAcknowledged | SignedIn | SignedOut | OfficerActRequested
  | RoleGranted | RoleWithdrawn | ClassOfServiceSet | AccountSuspended | AccountRestored | HistoryDownloaded | Abandoned;
export type AccessEvent = SignInRefused | Refused;
export type NameEvent = NameReserved | NameReleased;
