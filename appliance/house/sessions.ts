import { createHash, createHmac, randomBytes, type KeyObject } from 'node:crypto';
import type { StandingFold } from '#src/accounts/standing-fold.ts';
import type { Caller } from '#src/doors/door.ts';

/** 256 random bits; only its hash is ever recorded or kept. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** The token of a link that a command asks for: a retry of the same command gives the same link, and nobody without the log secret can make it. */
export const linkToken = (logSecret: KeyObject, account: string, commandId: string): string =>
  createHmac('sha256', logSecret).update(JSON.stringify(['password-link', account, commandId])).digest('base64url');

/** SHA-256, base64url. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Who holds this session now, with today's roles; null once it ended, expired, or the account is suspended. */
export const callerOfSession = (standing: StandingFold, session: string, now: number): Caller | null => {
  const held = standing.session(session, now);
  const account = held && standing.account(held.account);
  return !account || account.suspended ? null : { account: account.account, roles: account.roles, session, ...(account.kind === 'guest' ? { guest: true } : {}) };
};

export const callerOfToken = (standing: StandingFold, token: string | undefined, now: number): Caller | null =>
  token === undefined || token === '' || token.length > 100 ? null : callerOfSession(standing, tokenHash(token), now);
