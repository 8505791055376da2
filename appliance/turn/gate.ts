import type { Buffer } from 'node:buffer';
import { turnHolder, turnPassword, type TurnHolder } from '#src/ice/turn-credential.ts';
import { Nonces } from './nonces.ts';
import type { RelaySettings } from './relay-settings.ts';
import { attributes, hasIntegrity, longTermKey, text, textOf, type Attribute, type StunMessage } from './stun.ts';

/** Somebody who has proved who they are. `key` is that of their messages. */
export type Known = { readonly holder: TurnHolder; readonly username: string; readonly password: string; readonly key: Buffer };
/** What a request is refused with; with `key`, the answer proves that it is ours. */
export type Refused = { readonly code: number; readonly reason: string; readonly attributes?: readonly Attribute[]; readonly key?: Buffer };

const usernameBytesMax = 160;
const subjectOf = (account: string, session: string | null): string => (session === null ? account : `${account}:${session}`);

/** The long-term credential mechanism (RFC 8489, 9.2.4) over credentials that carry their own end. */
export class Gate {
  readonly #settings: Pick<RelaySettings, 'realm' | 'secret' | 'credentialLivesS' | 'notBeforeS'>;
  readonly #nonces = new Nonces();
  /** Account, or account and session, to the second before which nothing that was made for them counts. */
  readonly #cuts = new Map<string, number>();

  constructor(settings: Pick<RelaySettings, 'realm' | 'secret' | 'credentialLivesS' | 'notBeforeS'>) {
    this.#settings = settings;
  }

  /** Who asks. `source`: address and port; `standing`: the username of the allocation that the request is for; `now`: ms. */
  check(message: StunMessage, source: string, standing: string | undefined, now: number): Known | Refused {
    if (message.integrityAt < 0) return this.#challenge(401, 'Unauthorized', source, now);
    const [username, realm, nonce] = [textOf(message, attributes.username), textOf(message, attributes.realm), textOf(message, attributes.nonce)];
    if (username === undefined || realm === undefined || nonce === undefined) return { code: 400, reason: 'Bad Request' };
    if (!this.#nonces.isFresh(nonce, source, now)) return this.#challenge(438, 'Stale Nonce', source, now);
    const holder = username.length > usernameBytesMax ? undefined : turnHolder(username);
    if (!holder || realm !== this.#settings.realm) return this.#challenge(401, 'Unauthorized', source, now);
    const password = turnPassword(this.#settings.secret, username);
    const key = longTermKey(username, realm, password);
    if (!hasIntegrity(message, key) || this.isRevoked(holder)) return this.#challenge(401, 'Unauthorized', source, now);
    if (standing !== undefined && standing !== username) return { code: 441, reason: 'Wrong Credentials', key };
    // A call that is under way outlives its credential: what ends it is a revocation, or the age of the allocation.
    if (standing === undefined && holder.expiresAt * 1_000 <= now) return this.#challenge(401, 'Unauthorized', source, now);
    return { holder, username, password, key };
  }

  /** Whether somebody shows that they have been told to say who they are. That they say it well is not looked at. */
  isChallenged(message: StunMessage, source: string, now: number): boolean {
    const nonce = textOf(message, attributes.nonce);
    return nonce !== undefined && this.#nonces.isFresh(nonce, source, now);
  }

  /** From here on nothing counts that was made for this account (and session) before `cutS`, in seconds. */
  revoke(account: string, session: string | null, cutS: number): void {
    const subject = subjectOf(account, session);
    const cut = Math.max(cutS, this.#cuts.get(subject) ?? 0);
    this.#cuts.delete(subject);
    this.#cuts.set(subject, cut);
    // Oldest first: each is looked at once, however many sessions end in one minute.
    for (const [one, earlier] of this.#cuts) {
      if (earlier + this.#settings.credentialLivesS >= cutS) break;
      this.#cuts.delete(one);
    }
  }

  isRevoked({ account, session, expiresAt }: TurnHolder): boolean {
    const madeAt = expiresAt - this.#settings.credentialLivesS;
    return madeAt < this.#settings.notBeforeS || [subjectOf(account, null), subjectOf(account, session)].some((subject) => madeAt <= (this.#cuts.get(subject) ?? -1));
  }

  #challenge(code: number, reason: string, source: string, now: number): Refused {
    return { code, reason, attributes: [text(attributes.realm, this.#settings.realm), text(attributes.nonce, this.#nonces.make(source, now))] };
  }
}
