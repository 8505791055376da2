import type { House } from '#appliance/house/house.ts';
import { isFirstAccountWanted, isFirstToken } from '#appliance/house/first-link.ts';
import { holdName } from '#appliance/house/names.ts';
import { newToken, tokenHash } from '#appliance/house/sessions.ts';
import { theAppliance } from '#appliance/house/the-appliance.ts';
import { version } from '#appliance/version.ts';
import { acknowledgePasswordReset as acknowledging } from '#src/accounts/acknowledge-password-reset.ts';
import { changePassword as changing } from '#src/accounts/change-password.ts';
import { openFirstAccount as openingFirst } from '#src/accounts/open-first-account.ts';
import { accountIdTaken, linkSpent, linkUsedOtherwise, wrongCredentials } from '#src/accounts/refusals.ts';
import { signIn as signingIn } from '#src/accounts/sign-in.ts';
import { signOut as signingOut } from '#src/accounts/sign-out.ts';
import { signOutEverywhere as signingOutEverywhere } from '#src/accounts/sign-out-everywhere.ts';
import { usePasswordLink as usingLink } from '#src/accounts/use-password-link.ts';
import { acknowledgePasswordReset, changePassword, openFirstAccount, readMe, setPresence, signIn, signOut, signOutEverywhere, usePasswordLink, welcome, type Me } from '#src/contract/accounts.ts';
import { serve, type Call, type Caller, type Served } from '#src/doors/door.ts';
import type { Actor } from '#src/kernel/event.ts';
import { derivedId, nameStream } from '#src/kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import type { Handled } from '#src/log/desk/stream-desk.ts';
import { recordedOf } from './recorded.ts';

const hourMs = 3_600_000;
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
  serve(signOutEverywhere, async (_input, call) => {
    const result = recordedOf(await house.command(signingOutEverywhere, {}, call, { appendClass: 'essential' }));
    if (!isRefusal(result)) call.setSession?.(null, 0);
    return result;
  }),
  serve(acknowledgePasswordReset, async (_input, call) => recordedOf(await house.command(acknowledging, {}, call))),
  serve(changePassword, async ({ current, next }, call) => {
    const wait = await house.throttle.waitMs(call.caller.account, call.address, call.at);
    if (wait > 0) return slowDown(wait);
    const { value } = await house.views.ask('directory.credential', { account: call.caller.account }, house.hub.position);
    if (!(await house.passwords.verify(value?.hash ?? undefined, current))) {
      const known = await recordedBefore(house, { kind: 'account', id: call.caller.account }, streams.account(call.caller.account), call);
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

/** Where this very command of this actor stands in the stream, when only its answer was lost: by then what it came with, a password or a link, is of the past. */
const recordedBefore = async ({ views, hub }: House, { kind: actorKind, id: actorId }: Actor, stream: string, { commandId }: Call): Promise<{ revision: number } | undefined> => {
  const { value } = await views.ask('desk.lookup', [{ stream, commands: [{ actorKind, actorId, commandId }] }], hub.position);
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
    account, signInName: standing.signInName ?? '', displayName: person.displayName, roles: [...standing.roles].sort(), organisation: house.standing.setting<string>('organisation'), notice: house.standing.setting<string>('archiveNotice'),
    passwordReset: person.passwordReset && { at: person.passwordReset.at, by: resetBy?.value[0]?.[1] ?? person.passwordReset.by },
    guest: standing.kind === 'guest' ? (house.meetings.meetingOfGuest(account) ?? null) : null,
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

const openFirst = async (house: House, { token, password, ...names }: { readonly token: string; readonly signInName: string; readonly displayName: string; readonly password: string }, call: Public): Promise<Me | Refusal> => {
  // One stream for whoever uses the link, so that of two at once one finds it spent.
  const account = derivedId(house.keyring.logSecret, 'first-account');
  const stream = streams.account(account);
  if (!(await recordedBefore(house, theAppliance, stream, call))) {
    if (!isFirstToken(house, token)) return linkSpent;
    const taken = await holdName(house, nameStream(house.keyring.logSecret, 'sign-in', names.signInName), stream);
    if (taken) return taken;
  }
  const result = await house.commandAs(theAppliance, openingFirst, { account, ...names, tokenHash: tokenHash(token), hash: await house.passwords.hash(password) }, { commandId: call.commandId, appendClass: 'essential' });
  if (isRefusal(result)) return result.code === accountIdTaken.code ? linkSpent : result;
  return (await otherPassword(house, result, password)) ?? beginSession(house, account, result.events.at(-1)!.revision, call);
};

const spendLink = async (house: House, { token, password }: { readonly token: string; readonly password: string }, call: Public): Promise<{ signInName: string } | Refusal> => {
  const wait = await house.throttle.waitMs('password-link', call.address, call.at);
  if (wait > 0) return slowDown(wait);
  const hash = tokenHash(token);
  const { value } = await house.views.ask('directory.passwordLink', { tokenHash: hash }, house.hub.position);
  if (!value) return linkSpent;
  const holder = { kind: 'account', id: value.account } as const;
  if ((value.spent || value.expiresAt <= call.at) && !(await recordedBefore(house, holder, streams.account(holder.id), call))) return linkSpent;
  const result = await house.commandAs(holder, usingLink, { tokenHash: hash, hash: await house.passwords.hash(password) }, { commandId: call.commandId, appendClass: 'essential' });
  if (isRefusal(result)) return result;
  return (await otherPassword(house, result, password)) ?? { signInName: value.signInName ?? '' };
};

/** A retry with another password than the one that was recorded is no retry. Where that one is erased, it is answered without comparing. */
const otherPassword = async ({ passwords }: House, { again, events }: Handled, password: string): Promise<Refusal | undefined> => {
  const recorded = events.find(({ type }) => type === 'CredentialSet')?.content['credential'] as { readonly hash: string } | undefined;
  return !again || !recorded || (await passwords.verify(recorded.hash, password)) ? undefined : linkUsedOtherwise;
};
