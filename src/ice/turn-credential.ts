import { createHmac, type KeyObject } from 'node:crypto';

/**
 * Credentials that a TURN server checks without asking anybody: "A REST API for access to TURN services" (draft-uberti-behave-turn-rest),
 * what coturn knows as use-auth-secret. The username says when it ends and whose it is: `expiry:account`, or `expiry:account:session`;
 * the password is base64(HMAC-SHA1(secret, username)).
 */
export type TurnCredential = { readonly username: string; readonly credential: string };

/** `session` is null in a credential that an account has without one. `expiresAt`: seconds, UTC. */
export type TurnHolder = { readonly account: string; readonly session: string | null; readonly expiresAt: number };

export const turnPassword = (secret: KeyObject | Buffer | string, username: string): string => createHmac('sha1', secret).update(username).digest('base64');

/** `expiresAt`: whole seconds, UTC. */
export const turnCredential = (secret: KeyObject | Buffer | string, { account, session, expiresAt }: TurnHolder): TurnCredential => {
  const username = [expiresAt, account, ...(session === null ? [] : [session])].join(':');
  return { username, credential: turnPassword(secret, username) };
};

const usernameForm = /^([1-9]\d{0,11}):([A-Za-z0-9._-]{1,64})(?::([A-Za-z0-9._-]{1,64}))?$/;

/** Undefined for anything that was not minted in this form. Says nothing about whether it is genuine. */
export const turnHolder = (username: string): TurnHolder | undefined => {
  const found = usernameForm.exec(username);
  return found ? { expiresAt: Number(found[1]), account: found[2]!, session: found[3] ?? null } : undefined;
};
