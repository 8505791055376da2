import type { AccountRow, Person } from '#src/contract/accounts.ts';
import { nameKey } from '#src/contract/names.ts';
import { viewQuery, type ViewReader } from '../view-queries.ts';

type PersonRow = { account: string; kind: AccountRow['kind']; roles: string; suspended: number; sign_in_name: string | null; display_name: string | null; email: string | null; sort_name: string; class_of_service: string | null; hash: string | null; reset_at: number | null; reset_by: string | null; opened_at: number; last_signed_in_at: number | null };

const personOf = (row: PersonRow): Person => [row.account, row.display_name ?? row.sign_in_name ?? '', row.sign_in_name, row.suspended === 1 ? 's' : row.kind === 'nickname' || row.kind === 'external' ? 'n' : row.kind === 'guest' ? 'g' : 'e'];

const accountRowOf = (directory: ViewReader, row: PersonRow, now: number): AccountRow => ({
  account: row.account, signInName: row.sign_in_name, displayName: row.display_name ?? '', email: row.email, kind: row.kind, roles: JSON.parse(row.roles) as AccountRow['roles'], classOfService: row.class_of_service, suspended: row.suspended === 1,
  openedAt: row.opened_at, lastSignedInAt: row.last_signed_in_at, hasPassword: row.hash !== null,
  sessions: directory.get<{ n: number }>('SELECT count(*) AS n FROM sessions WHERE account = ? AND expires_at > ?', row.account, now)!.n,
});

export type AccountsParams = { readonly find: string; readonly kind: 'employee' | 'nickname'; readonly after?: string; readonly limit: number; readonly now: number };
export type AccountsValue = { readonly total: number; readonly accounts: readonly AccountRow[]; readonly after: string | null };

/** By name. `after` is the value of the page before; one that is none begins anew. */
const accounts = (directory: ViewReader, p: AccountsParams): AccountsValue => {
  // Guests are listed with employees: they too can sign in.
  const kinds = p.kind === 'nickname' ? `kind IN ('nickname', 'external')` : `kind IN ('employee', 'guest')`;
  const matches = `${kinds} AND (?1 = '' OR instr(sort_name, ?1) > 0 OR instr(coalesce(sign_in_name, ''), ?1) > 0 OR instr(lower(coalesce(email, '')), ?1) > 0)`;
  const find = nameKey(p.find.trim());
  const [afterName, afterAccount] = keyFrom(p.after);
  const rows = directory.all<PersonRow>(`SELECT * FROM people WHERE ${matches} AND (sort_name, account) > (?2, ?3) ORDER BY sort_name, account LIMIT ?4`, find, afterName, afterAccount, p.limit + 1);
  const shown = rows.slice(0, p.limit);
  const last = shown.at(-1);
  return {
    total: directory.get<{ n: number }>(`SELECT count(*) AS n FROM people WHERE ${matches}`, find)!.n, accounts: shown.map((row) => accountRowOf(directory, row, p.now)),
    after: rows.length > p.limit && last ? JSON.stringify([last.sort_name, last.account]) : null,
  };
};

const keyFrom = (after: string | undefined): readonly [string, string] => {
  try {
    const key: unknown = JSON.parse(after ?? '[]');
    if (Array.isArray(key) && typeof key[0] === 'string' && typeof key[1] === 'string') return [key[0], key[1]];
  } catch {
    // A key that is none is the beginning.
  }
  return ['', ''];
};

/** `hash`: argon2id in PHC form; null without a password, empty where its key is gone. */
export type Credential = { readonly account: string; readonly hash: string | null; /** Of the event that set it. */ readonly revision: number; readonly suspended: boolean };
/** `passwordReset`: somebody else had the password reset, and the holder has not said "seen" yet. */
export type PersonDetail = AccountRow & { readonly passwordReset: { readonly at: number; readonly by: string } | null };
export type PasswordLink = { readonly account: string; readonly signInName: string | null; readonly by: string; readonly at: number; readonly expiresAt: number; readonly spent: boolean; readonly suspended: boolean };

export const directoryQueries = {
  'directory.people': viewQuery<{ readonly since: number }, readonly Person[]>(['directory'], (read, p) => read('directory').all<PersonRow>('SELECT * FROM people WHERE changed > ? ORDER BY changed, account', p.since).map(personOf)),
  'directory.accounts': viewQuery<AccountsParams, AccountsValue>(['directory'], (read, p) => accounts(read('directory'), p)),
  'directory.account': viewQuery<{ readonly account: string; readonly now: number }, PersonDetail | null>(['directory'], (read, p) => {
    const row = read('directory').get<PersonRow>('SELECT * FROM people WHERE account = ?', p.account);
    return row ? { ...accountRowOf(read('directory'), row, p.now), passwordReset: row.reset_at === null || row.reset_by === null ? null : { at: row.reset_at, by: row.reset_by } } : null;
  }),
  'directory.credential': viewQuery<{ readonly signInName: string } | { readonly account: string }, Credential | null>(['directory'], (read, p) => {
    const [column, value] = 'account' in p ? ['account', p.account] : ['sign_in_name', p.signInName];
    const row = read('directory').get<{ account: string; hash: string | null; credential: number | null; suspended: number }>(`SELECT account, hash, credential, suspended FROM people WHERE ${column} = ?`, value);
    return row ? { account: row.account, hash: row.hash, revision: row.credential ?? -1, suspended: row.suspended === 1 } : null;
  }),
  /** A one-time link; `spent`: used, or replaced by a newer one. */
  'directory.passwordLink': viewQuery<{ readonly tokenHash: string }, PasswordLink | null>(['directory'], (read, p) => {
    const row = read('directory').get<{ account: string; sign_in_name: string | null; by: string; at: number; expires_at: number; spent: number; suspended: number }>('SELECT l.account, p.sign_in_name, l.by, l.at, l.expires_at, l.spent, p.suspended FROM links l JOIN people p ON p.account = l.account WHERE l.token_hash = ?', p.tokenHash);
    return row ? { account: row.account, signInName: row.sign_in_name, by: row.by, at: row.at, expiresAt: row.expires_at, spent: row.spent === 1, suspended: row.suspended === 1 } : null;
  }),
  'directory.names': viewQuery<{ readonly accounts: readonly string[] }, readonly (readonly [account: string, displayName: string])[]>(['directory'], (read, p) =>
    p.accounts.flatMap((account) => {
      const name = nameOf(read('directory'), account);
      return name === undefined ? [] : [[account, name] as const];
    }),
  ),
  'directory.firstOfficer': viewQuery<Record<string, never>, { readonly account: string; readonly displayName: string; readonly at: number } | null>(['directory'], (read) => {
    const row = read('directory').get<{ account: string; at: number }>('SELECT account, at FROM first_officer');
    return row ? { account: row.account, displayName: nameOf(read('directory'), row.account) ?? '', at: row.at } : null;
  }),
};

/** The name to show for somebody, or undefined for nobody. */
export const nameOf = (directory: ViewReader, account: string): string | undefined => {
  const row = directory.get<{ display_name: string | null; sign_in_name: string | null }>('SELECT display_name, sign_in_name FROM people WHERE account = ?', account);
  return row && (row.display_name ?? row.sign_in_name ?? '');
};
