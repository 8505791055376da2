import type { DatabaseSync } from 'node:sqlite';
import { nameKey } from '#src/contract/names.ts';
import type { Opened } from '#src/every-event.ts';
import type { Applier, View } from '../view.ts';

/** Who there is: names, kinds, roles, credentials and sessions. `changed`: position of the last event that the directory's readers must hear of. */
const schema = `
  CREATE TABLE people (
    account TEXT PRIMARY KEY, kind TEXT NOT NULL, roles TEXT NOT NULL, suspended INTEGER NOT NULL, sign_in_name TEXT, display_name TEXT, email TEXT, sort_name TEXT NOT NULL,
    class_of_service TEXT, hash TEXT, credential INTEGER, reset_at INTEGER, reset_by TEXT, link_by TEXT, opened_at INTEGER NOT NULL, last_signed_in_at INTEGER, changed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX people_changed ON people (changed);
  CREATE INDEX people_by_name ON people (sort_name, account);
  CREATE UNIQUE INDEX people_by_sign_in_name ON people (sign_in_name) WHERE sign_in_name IS NOT NULL;
  CREATE TABLE sessions (hash TEXT PRIMARY KEY, account TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_of_account ON sessions (account);
  CREATE TABLE links (token_hash TEXT PRIMARY KEY, account TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, expires_at INTEGER NOT NULL, spent INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX links_of_account ON links (account);
  CREATE TABLE first_officer (one INTEGER PRIMARY KEY CHECK (one = 1), account TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
`;

const open = (db: DatabaseSync): Applier => {
  const profiles = profilePart(db);
  const access = accessPart(db);
  return { apply: (event) => void (event.stream.startsWith('account-') && (profiles(event) || access(event))) };
};

const profilePart = (db: DatabaseSync) => {
  const put = db.prepare('INSERT INTO people VALUES (?, ?, ?, 0, ?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL, NULL, ?, NULL, ?)');
  const profile = db.prepare('UPDATE people SET display_name = ?, email = ?, sort_name = ?, changed = ? WHERE account = ?');
  const suspend = db.prepare('UPDATE people SET suspended = ?, changed = ? WHERE account = ?');
  const rolesOf = db.prepare('SELECT roles FROM people WHERE account = ?');
  const putRoles = db.prepare('UPDATE people SET roles = ? WHERE account = ?');
  const setClass = db.prepare('UPDATE people SET class_of_service = ? WHERE account = ?');
  const firstOfficer = db.prepare('INSERT INTO first_officer VALUES (1, ?, ?) ON CONFLICT DO NOTHING');
  const changeRoles = (account: string, change: (roles: string[]) => string[]): void => {
    const row = rolesOf.get(account) as { roles: string };
    putRoles.run(JSON.stringify(change(JSON.parse(row.roles) as string[]).sort()), account);
  };
  return (event: Opened): boolean => {
    switch (event.type) {
      case 'AccountOpened': {
        const { account, kind, roles, signInName, at } = event.data;
        const { displayName = null, email = null } = event.content.profile ?? {};
        put.run(account, kind, JSON.stringify([...roles].sort()), signInName, displayName, email, nameKey(displayName ?? ''), at, event.position);
        if (roles.includes('officer')) firstOfficer.run(account, at);
        return true;
      }
      case 'ProfileChanged': {
        const { displayName = null, email = null } = event.content.profile ?? {};
        profile.run(displayName, email, nameKey(displayName ?? ''), event.position, event.data.account);
        return true;
      }
      case 'AccountSuspended':
        suspend.run(1, event.position, event.data.account);
        return false;
      case 'AccountRestored':
        suspend.run(0, event.position, event.data.account);
        return true;
      case 'RoleGranted':
        changeRoles(event.data.account, (roles) => [...roles.filter((role) => role !== event.data.role), event.data.role]);
        if (event.data.role === 'officer') firstOfficer.run(event.data.account, event.data.at);
        return true;
      case 'RoleWithdrawn':
        changeRoles(event.data.account, (roles) => roles.filter((role) => role !== event.data.role));
        return true;
      case 'ClassOfServiceSet':
        setClass.run(event.data.classOfService, event.data.account);
        return true;
      default:
        return false;
    }
  };
};

const accessPart = (db: DatabaseSync) => {
  const hashOf = db.prepare('SELECT hash, link_by FROM people WHERE account = ?');
  const putHash = db.prepare('UPDATE people SET hash = ?, credential = ? WHERE account = ?');
  const reset = db.prepare('UPDATE people SET reset_at = ?, reset_by = ? WHERE account = ?');
  const linkBy = db.prepare('UPDATE people SET link_by = ? WHERE account = ?');
  const putLink = db.prepare('INSERT INTO links VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING');
  // Kept when spent: who used one and lost the answer asks again with it.
  const spendLinks = db.prepare('UPDATE links SET spent = 1 WHERE account = ? AND spent = 0');
  const putSession = db.prepare('INSERT INTO sessions VALUES (?, ?, ?)');
  const signedIn = db.prepare('UPDATE people SET last_signed_in_at = ? WHERE account = ?');
  const endSession = db.prepare('DELETE FROM sessions WHERE hash = ?');
  const endSessions = db.prepare('DELETE FROM sessions WHERE account = ?');
  return (event: Opened): void => {
    switch (event.type) {
      case 'CredentialSet': {
        const { account, at, by } = event.data;
        const before = hashOf.get(account) as { hash: string | null; link_by: string | null };
        // A first password is no reset; one that a link set over another is, whoever made the link.
        if (by === 'link' && before.hash !== null && before.link_by !== account) reset.run(at, before.link_by, account);
        putHash.run(event.content.credential?.hash ?? '', event.revision, account);
        spendLinks.run(account);
        return;
      }
      case 'PasswordLinkMade': {
        const { account, by, at, expiresAt, tokenHash } = event.data;
        spendLinks.run(account);
        putLink.run(tokenHash, account, by, at, expiresAt);
        linkBy.run(by, account);
        return;
      }
      case 'PasswordResetAcknowledged':
        reset.run(null, null, event.data.account);
        return;
      case 'SignedIn':
        putSession.run(event.data.sessionHash, event.data.account, event.data.expiresAt);
        signedIn.run(event.data.at, event.data.account);
        return;
      case 'SignedOut':
        if (event.data.sessionHash === null) endSessions.run(event.data.account);
        else endSession.run(event.data.sessionHash);
        return;
      case 'AccountSuspended':
        endSessions.run(event.data.account);
        return;
      default:
        return;
    }
  };
};

export const directoryView: View = {
  name: 'directory',
  version: 3,
  schema,
  tables: [{ name: 'people', orderBy: 'account' }, { name: 'sessions', orderBy: 'hash' }, { name: 'links', orderBy: 'token_hash' }, { name: 'first_officer', orderBy: 'one' }],
  open,
};
