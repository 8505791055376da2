import type { House } from '#appliance/house/house.ts';
import { isFirstAccountWanted, isFirstToken } from '#appliance/house/first-link.ts';
import { holdName } from '#appliance/house/names.ts';
import { newToken, tokenHash } from '#appliance/house/sessions.ts';
import { version } from '#appliance/version.ts';
import { acknowledgePasswordReset as acknowledging } from '#src/accounts/acknowledge-password-reset.ts';
import { changePassword as changing } from '#src/accounts/change-password.ts';
import { openFirstAccount as openingFirst } from '#src/accounts/open-first-account.ts';
import { accountIdTaken, linkSpent, wrongCredentials } from '#src/accounts/refusals.ts';
import { signIn as signingIn } from '#src/accounts/sign-in.ts';
import { signOut as signingOut } from '#src/accounts/sign-out.ts';
import { usePasswordLink as usingLink } from '#src/accounts/use-password-link.ts';
import { acknowledgePasswordReset, changePassword, openFirstAccount, readMe, setPresence, signIn, signOut, usePasswordLink, welcome, type Me } from '#src/contract/accounts.ts';
import { serve, type Call, type Caller, type Served } from '#src/doors/door.ts';
import { derivedId, nameStream } from '#src/kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import { recordedOf } from './recorded.ts';

const hourMs = 3_600_000;
const system = { kind: 'system', id: 'appliance' } as const;
const slowDown = (waitMs: number): Refusal => refuse('slow-down', `Too many tries. Wait ${Math.ceil(waitMs / 1_000)} seconds, then try again.`, Math.ceil(waitMs / 1_000));

/** Everything about one's own sign-in. */
export const sessionEndpoints = (house: House): readonly Served[] => [
  serve(welcome, () => ({ organisation: house.standing.setting<string>('organisation'), notice: house.standing.setting<string>('archiveNotice'), version, firstAccountWanted: isFirstAccountWanted(house) })),
  serve(signIn, ({ signInName, password }, call) => enter(house, signInName, password, call)),
  serve(openFirstAccount, (input, call) => openFirst(house, input, call)),
  serve(usePasswordLink, (input, call) => spendLink(house, input, call)),
  serve(readMe, (_input, { caller }) => meOf(house, caller.account)),
  serve(signOut, async (_input, call) => {
    const result = recordedOf(await house.command(signingOut, { sessionHash: call.caller.session }, call, { appendClass: 'essential' }));
    if (!isRefusal(result)) call.setSession?.(null, 0);
    return result;
  }),
  serve(acknowledgePasswordReset, async (_input, call) => recordedOf(await house.command(acknowledging, {}, call))),
  serve(changePassword, async ({ current, next }, call) => {
    const wait = await house.throttle.waitMs(call.caller.account, call.address, call.at);
    if (wait > 0) return slowDown(wait);
    const { value } = await house.views.ask('directory.credential', { account: call.caller.account }, house.hub.position);
    if (!(await house.passwords.verify(value?.hash ?? undefined, current))) {
      const known = await recordedBefore(house, call);
      if (known && (await house.passwords.verify(value?.hash ?? undefined, next))) return known;
      house.throttle.failed(call.caller.account, call.address, call.at);
      return wrongCredentials;
    }
    return recordedOf(await house.command(changing, { hash: await house.passwords.hash(next), credential: value!.revision, keep: call.caller.session }, call, { appendClass: 'essential' }));
  }),
  serve(setPresence, ({ state }, { caller }) => {
    house.hub.presence.choose(caller.account, state);
    return {};
  }),
];

/** The answer of this very command on the caller's own account, when it was lost: by then the password it came with is the old one. */
const recordedBefore = async ({ views, hub }: House, { caller: { account }, commandId }: Call & { readonly caller: Caller }): Promise<{ revision: number } | undefined> => {
  const { value } = await views.ask('desk.lookup', [{ stream: streams.account(account), commands: [{ actorKind: 'account', actorId: account, commandId }] }], hub.position);
  const known = value[0]?.commands[0];
  return known ? { revision: known.revision } : undefined;
};

export const meOf = async (house: House, account: string): Promise<Me | Refusal> => {
  const standing = house.standing.account(account);
  const { value: person } = await house.views.ask('directory.account', { account, now: house.clock() }, house.hub.position);
  if (!standing || !person) return refuse('not-found', 'There is no such account.');
  const oversees = standing.roles.has('officer') || standing.roles.has('administrator');
  const [resetBy, firstOfficer] = await Promise.all([
    person.passwordReset ? house.views.ask('directory.names', { accounts: [person.passwordReset.by] }) : undefined,
    oversees ? house.views.ask('directory.firstOfficer', {}) : undefined,
  ]);
  return {
    account, signInName: standing.signInName ?? '', displayName: person.displayName, roles: [...standing.roles], organisation: house.standing.setting<string>('organisation'), notice: house.standing.setting<string>('archiveNotice'),
    passwordReset: person.passwordReset && { at: person.passwordReset.at, by: resetBy?.value[0]?.[1] ?? person.passwordReset.by },
    settings: { groupMembersMax: house.standing.setting<number>('groupMembersMax'), receiptsMembersMax: house.standing.setting<number>('receiptsMembersMax') },
    firstOfficer: firstOfficer?.value ?? null,
  };
};

type Public = Call & { readonly caller: Caller | null };

/** A wrong name, a wrong password and a suspended account look the same and take as long. */
const enter = async (house: House, signInName: string, password: string, call: Public): Promise<Me | Refusal> => {
  const { address, agent, at } = call;
  const wait = await house.throttle.waitMs(signInName, address, at);
  if (wait > 0 || house.passwords.busy) {
    house.refusedSignIns.count({ account: null, address, agent, reason: 'throttled' });
    return slowDown(Math.max(wait, 1_000));
  }
  const { value } = await house.views.ask('directory.credential', { signInName }, house.hub.position);
  const isRight = await house.passwords.verify(value?.hash || undefined, password);
  if (!value || !isRight || value.suspended) {
    house.throttle.failed(signInName, address, at);
    house.refusedSignIns.count({ account: value?.account ?? null, address, agent, reason: isRight && value?.suspended ? 'suspended' : 'wrong-credentials' });
    return wrongCredentials;
  }
  house.throttle.succeeded(signInName, address);
  return beginSession(house, value.account, value.revision, call);
};

const beginSession = async (house: House, account: string, credential: number, call: Public): Promise<Me | Refusal> => {
  const token = newToken();
  const at = house.clock();
  const expiresAt = at + house.standing.setting<number>('sessionHours') * hourMs;
  const { address, agent } = call;
  const result = await house.commandAs({ kind: 'account', id: account }, signingIn, { sessionHash: tokenHash(token), expiresAt, address, agent, credential }, { at, appendClass: 'essential' });
  if (isRefusal(result)) return result;
  call.setSession?.(token, expiresAt);
  return meOf(house, account);
};

const openFirst = async (house: House, { token, signInName, displayName, password }: { readonly token: string; readonly signInName: string; readonly displayName: string; readonly password: string }, call: Public): Promise<Me | Refusal> => {
  if (!isFirstToken(house, token)) return linkSpent;
  // One stream for whoever uses the link, so that of two at once one finds it spent.
  const account = derivedId(house.keyring.logSecret, 'first-account');
  const taken = await holdName(house, nameStream(house.keyring.logSecret, 'sign-in', signInName), streams.account(account));
  if (taken) return taken;
  const result = await house.commandAs(system, openingFirst, { account, signInName, displayName, hash: await house.passwords.hash(password) }, { appendClass: 'essential' });
  if (isRefusal(result)) return result.code === accountIdTaken.code ? linkSpent : result;
  return beginSession(house, account, result.events.at(-1)!.revision, call);
};

const spendLink = async (house: House, { token, password }: { readonly token: string; readonly password: string }, call: Public): Promise<{ signInName: string } | Refusal> => {
  const wait = await house.throttle.waitMs('password-link', call.address, call.at);
  if (wait > 0) return slowDown(wait);
  const hash = tokenHash(token);
  const { value } = await house.views.ask('directory.passwordLink', { tokenHash: hash }, house.hub.position);
  if (!value || value.expiresAt <= call.at) return linkSpent;
  const result = await house.commandAs({ kind: 'account', id: value.account }, usingLink, { tokenHash: hash, hash: await house.passwords.hash(password) }, { commandId: call.commandId, appendClass: 'essential' });
  return isRefusal(result) ? result : { signInName: value.signInName ?? '' };
};
