import type { House } from '#appliance/house/house.ts';
import { holdName } from '#appliance/house/names.ts';
import { linkToken, tokenHash } from '#appliance/house/sessions.ts';
import { approveOfficerRequest as approving } from '#src/accounts/approve-officer-request.ts';
import { grantRole as granting } from '#src/accounts/grant-role.ts';
import { makePasswordLink as linking } from '#src/accounts/make-password-link.ts';
import { openAccount as opening } from '#src/accounts/open-account.ts';
import { permitAdministrator } from '#src/accounts/permits.ts';
import { restoreAccount as restoring } from '#src/accounts/restore-account.ts';
import { setClass as classing } from '#src/accounts/set-class.ts';
import { suspendAccount as suspending } from '#src/accounts/suspend-account.ts';
import { withdrawRole as withdrawing } from '#src/accounts/withdraw-role.ts';
import { approveOfficerRequest, grantRole, listAccounts, listOfficerRequests, makePasswordLink, openAccount, readDirectory, restoreAccount, suspendAccount, withdrawRole, type Person } from '#src/contract/accounts.ts';
import { setClass } from '#src/contract/classes.ts';
import { serve, type Call, type Served } from '#src/doors/door.ts';
import { causedId, nameStream } from '#src/kernel/ids.ts';
import { isRefusal, nothingToRecord } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import type { Handled } from '#src/log/desk/stream-desk.ts';
import { recordedOf } from './recorded.ts';

const linkLivesMs = 24 * 3_600_000;
const accountsPage = 100;

/** The page that takes the token out of the fragment, which no server and no proxy ever sees. */
export const passwordLinkOf = (config: House['config'], token: string): string => `${config.publicUrl ?? `http://localhost:${config.port}`}/password#${token}`;

/** Of the link that was recorded, which a retry only finds; null where none was made. */
const expiryOf = ({ events }: Handled): number | null => (events.find(({ type }) => type === 'PasswordLinkMade')?.data['expiresAt'] as number | undefined) ?? null;

/** Those of the meeting, and nobody else: at the door only oneself. */
const directoryOfGuest = async (house: House, account: string) => {
  const conversationId = house.meetings.meetingOfGuest(account);
  const { value: meeting } = await house.views.ask('desk.conversation', { conversationId: conversationId ?? '' }, house.hub.position);
  const isIn = meeting?.members.some(([member]) => member === account) ?? false;
  const those = new Set([account, ...(isIn ? [...meeting!.members.map(([member]) => member), ...(meeting!.meeting?.guests ?? []).map((guest) => guest.account)] : [])]);
  const { position, value } = await house.views.ask('directory.names', { accounts: [...those] }, house.hub.position);
  return { position, people: value.map(([member, name]): Person => [member, name, null, house.standing.account(member)?.kind === 'guest' ? 'g' : 'e']) };
};

/** Accounts and roles. */
export const peopleEndpoints = (house: House): readonly Served[] => {
  const linkOf = ({ account }: { readonly account: string }, { at, commandId }: Call) => {
    const token = linkToken(house.keyring.logSecret, account, commandId);
    // Without a public address the browser completes it: where somebody reached us, others can too, and "localhost" would mean their own machine.
    return { link: house.config.publicUrl === undefined ? `/password#${token}` : passwordLinkOf(house.config, token), tokenHash: tokenHash(token), expiresAt: at + linkLivesMs };
  };
  return [
    serve(readDirectory, async ({ since }, { caller }) => {
      if (caller.guest) return directoryOfGuest(house, caller.account);
      const { position, value } = await house.views.ask('directory.people', { since }, house.hub.position);
      return { position, people: [...value] };
    }),
    serve(listAccounts, async ({ find, kind, after }, { at }) => {
      const { position, value } = await house.views.ask('directory.accounts', { find, kind, now: at, limit: accountsPage, ...(after !== undefined && { after }) }, house.hub.position);
      return { position, ...value, accounts: [...value.accounts] };
    }),
    serve(openAccount, async (input, call) => {
      const permit = permitAdministrator(house.world, house.acting(call));
      if (isRefusal(permit)) return permit;
      const taken = await holdName(house, nameStream(house.keyring.logSecret, 'sign-in', input.signInName), streams.account(input.account));
      if (taken) return taken;
      const { link, tokenHash: hash, expiresAt } = linkOf(input, call);
      const result = await house.command(opening, { ...input, tokenHash: hash, expiresAt }, call);
      return isRefusal(result) ? result : { revision: result.events.at(-1)!.revision, link, expiresAt: expiryOf(result) ?? expiresAt };
    }),
    serve(suspendAccount, async (input, call) => recordedOf(await house.command(suspending, input, call))),
    serve(restoreAccount, async (input, call) => recordedOf(await house.command(restoring, input, call))),
    serve(grantRole, async (input, call) => {
      const result = await house.command(granting, { ...input, request: causedId(call.commandId, 0) }, call);
      if (isRefusal(result)) return result.code === nothingToRecord.code ? { revision: -1, waitsForOfficer: true } : result;
      return { revision: result.revision, waitsForOfficer: result.events[0]!.type === 'OfficerActRequested' };
    }),
    serve(withdrawRole, async (input, call) => recordedOf(await house.command(withdrawing, input, call))),
    serve(setClass, async (input, call) => recordedOf(await house.command(classing, input, call))),
    serve(makePasswordLink, async (input, call) => {
      const { link, tokenHash: hash, expiresAt } = linkOf(input, call);
      const result = await house.command(linking, { ...input, tokenHash: hash, expiresAt, request: causedId(call.commandId, 0) }, call);
      if (isRefusal(result)) return result.code === nothingToRecord.code ? { revision: -1, link: null, expiresAt: null, waitsForOfficer: true } : result;
      const waits = result.events[0]!.type === 'OfficerActRequested';
      return { revision: result.revision, link: waits ? null : link, expiresAt: expiryOf(result), waitsForOfficer: waits };
    }),
    serve(listOfficerRequests, async () => {
      const { value: requests } = await house.views.ask('desk.requests', {}, house.hub.position);
      const people = requests.flatMap(({ account, by }) => [account, by]);
      const names = new Map((await house.views.ask('directory.names', { accounts: [...new Set(people)] })).value);
      return { requests: requests.map((request) => ({ ...request, displayName: names.get(request.account) ?? request.account, byName: names.get(request.by) ?? request.by })) };
    }),
    serve(approveOfficerRequest, async (input, call) => {
      const { link, tokenHash: hash, expiresAt } = linkOf(input, call);
      const result = await house.command(approving, { ...input, tokenHash: hash, expiresAt }, call);
      if (isRefusal(result)) return result;
      return { revision: result.revision, link: expiryOf(result) === null ? null : link };
    }),
  ];
};
