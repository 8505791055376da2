import { z } from 'zod';
import { passwordLinkOf } from '#appliance/endpoints/people.ts';
import type { House } from '#appliance/house/house.ts';
import { holdName } from '#appliance/house/names.ts';
import { newToken, tokenHash } from '#appliance/house/sessions.ts';
import { grantRole } from '#src/accounts/grant-role.ts';
import { makePasswordLink } from '#src/accounts/make-password-link.ts';
import { openAccount } from '#src/accounts/open-account.ts';
import { restoreAccount } from '#src/accounts/restore-account.ts';
import { setClass } from '#src/accounts/set-class.ts';
import { suspendAccount } from '#src/accounts/suspend-account.ts';
import type { AccountRow } from '#src/contract/accounts.ts';
import { classOfServiceName } from '#src/contract/classes.ts';
import { limits } from '#src/contract/limits.ts';
import { line, role, signInName } from '#src/contract/shapes.ts';
import { nameStream, uuidv4 } from '#src/kernel/ids.ts';
import { isRefusal, nothingToRecord, refuse, type Refusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import { accountNamed } from './account-named.ts';
import { operator, verb } from './verb.ts';

const linkLivesMs = 24 * 3_600_000;
const page = 500;
const named = z.strictObject({ name: z.string().max(limits.signInNameMax) });

const freshLink = ({ config, clock }: House) => {
  const token = newToken();
  return { link: passwordLinkOf(config, token), made: { tokenHash: tokenHash(token), expiresAt: clock() + linkLivesMs } };
};

export const accountAdd = verb({
  name: 'account.add',
  // Becoming an officer makes every open link worthless, so the password comes first, then "account role".
  input: z.strictObject({ name: signInName, display: line(limits.displayNameMax), email: z.email().max(limits.emailMax).optional(), role: z.array(z.enum(['employee', 'administrator'])).min(1) }),
  async run(house, { name, display, email, role: roles }) {
    const account = uuidv4();
    const taken = await holdName(house, nameStream(house.keyring.logSecret, 'sign-in', name), streams.account(account));
    if (taken) return taken;
    const { link, made } = freshLink(house);
    const opened = await house.commandAs(operator, openAccount, { account, signInName: name, displayName: display, ...(email !== undefined && { email }), roles, ...made }, { appendClass: 'essential' });
    if (isRefusal(opened)) return opened;
    return { output: { account, name, link, expiresAt: made.expiresAt }, says: [`Opened an account for ${display}. To set the password, within a day:`, link] };
  },
});

/** The first officer comes from here and nowhere else; every other from a second officer. */
const refuseOfficer = async ({ views, hub, clock }: House, account: string): Promise<Refusal | undefined> => {
  const { value: first } = await views.ask('directory.firstOfficer', {}, hub.position);
  if (first) return refuse('officer-exists', `${first.displayName} was made the first officer. From then on an officer's role is asked for by an administrator or officer, and approved by a second officer.`);
  const { value: person } = await views.ask('directory.account', { account, now: clock() }, hub.position);
  return person?.hasPassword ? undefined : refuse('no-password-yet', 'This account has no password yet, and becoming an officer makes its link worthless. Have the password set first.');
};

export const accountRole = verb({
  name: 'account.role',
  input: z.strictObject({ name: z.string().max(limits.signInNameMax), role }),
  async run(house, { name, role: wanted }) {
    const account = await accountNamed(house, name);
    if (isRefusal(account)) return account;
    const refused = wanted === 'officer' ? await refuseOfficer(house, account) : undefined;
    if (refused) return refused;
    const result = await house.commandAs(operator, grantRole, { account, role: wanted, request: uuidv4() }, { appendClass: 'essential' });
    if (isRefusal(result)) return result;
    return { output: { account, name, role: wanted, revision: result.revision }, says: [`${name} is ${wanted === 'employee' ? 'an employee' : `an ${wanted}`} now. This is on record, with the operator as the one who did it.`] };
  },
});

export const accountClass = verb({
  name: 'account.class',
  input: z.strictObject({ name: z.string().max(limits.signInNameMax), classOfService: classOfServiceName.nullable() }),
  async run(house, { name, classOfService }) {
    const account = await accountNamed(house, name);
    if (isRefusal(account)) return account;
    const result = await house.commandAs(operator, setClass, { account, classOfService });
    if (isRefusal(result) && result.code !== nothingToRecord.code) return result;
    return { output: { account, name, classOfService }, says: [classOfService === null ? `${name} is in no class of service.` : `${name} is in the class of service ${classOfService}.`] };
  },
});

export const accountPasswordLink = verb({
  name: 'account.password-link',
  input: named,
  async run(house, { name }) {
    const account = await accountNamed(house, name);
    if (isRefusal(account)) return account;
    const { link, made } = freshLink(house);
    const result = await house.commandAs(operator, makePasswordLink, { account, request: uuidv4(), ...made }, { appendClass: 'essential' });
    if (isRefusal(result)) return result.code === 'nothing-to-record' ? refuse('waits-for-officer', 'This was asked for already, and waits for a second officer.') : result;
    if (result.events[0]!.type === 'OfficerActRequested') return { output: { account, name, link: null, waitsForOfficer: true }, says: [`${name} is an officer: the link waits for a second officer.`] };
    return { output: { account, name, link, expiresAt: made.expiresAt, waitsForOfficer: false }, says: [`To set the password of ${name}, within a day:`, link] };
  },
});

export const accountSuspend = verb({
  name: 'account.suspend',
  input: named,
  async run(house, { name }) {
    const account = await accountNamed(house, name);
    if (isRefusal(account)) return account;
    const result = await house.commandAs(operator, suspendAccount, { account }, { appendClass: 'essential' });
    return isRefusal(result) ? result : { output: { account, name, revision: result.revision }, says: [`${name} is suspended. Every session has ended; nothing said is lost.`] };
  },
});

export const accountRestore = verb({
  name: 'account.restore',
  input: named,
  async run(house, { name }) {
    const account = await accountNamed(house, name);
    if (isRefusal(account)) return account;
    const result = await house.commandAs(operator, restoreAccount, { account }, { appendClass: 'essential' });
    return isRefusal(result) ? result : { output: { account, name, revision: result.revision }, says: [`${name} can sign in again.`] };
  },
});

export const accountList = verb({
  name: 'account.list',
  input: z.strictObject({ find: z.string().max(limits.displayNameMax) }),
  async run(house, { find }) {
    const accounts: AccountRow[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const { value } = await house.views.ask('directory.accounts', { find, kind: 'employee', limit: page, now: house.clock(), ...(after !== undefined && { after }) }, house.hub.position);
      accounts.push(...value.accounts);
      after = value.after;
    }
    const wide = Math.max(0, ...accounts.map(({ signInName: name }) => (name ?? '').length));
    return {
      output: { accounts },
      says: [
        ...accounts.map(({ signInName: name, displayName, roles, classOfService, suspended, hasPassword }) => `${(name ?? '').padEnd(wide)}  ${displayName}  ${roles.join(', ')}${classOfService === null ? '' : `  class ${classOfService}`}${suspended ? '  suspended' : ''}${hasPassword ? '' : '  no password yet'}`),
        `${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'}.`,
      ],
    };
  },
});
