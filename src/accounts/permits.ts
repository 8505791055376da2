import type { Acting, Permit } from '../kernel/use-case.ts';
import type { Basis } from '../kernel/event.ts';
import { refuse, type Refusal } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { Role } from './events.ts';
import type { AccountStanding, World } from './standing.ts';

// Nobody outside this file can name these keys, so nobody else can make such a value.
declare const active: unique symbol;
declare const administrating: unique symbol;
declare const officiating: unique symbol;
declare const automatic: unique symbol;

/** Somebody who may sign in and is not suspended. */
export type ActivePermit = Permit & { readonly account: string; readonly roles: ReadonlySet<Role>; readonly [active]: true };
/** Runs the appliance: an administrator, or the operator at the command line. */
export type AdministratorPermit = Permit & { readonly by: string; readonly operator: boolean; readonly [administrating]: true };
/** Reads the archive, every look recorded. */
export type OfficerPermit = Permit & { readonly account: string; readonly [officiating]: true };
/** The appliance itself: process managers, bookkeeping, first start. Never a person. */
export type SystemPermit = Permit & { readonly [automatic]: true };

export const suspended = refuse('not-allowed', 'Your account is suspended. Nothing was recorded; an administrator can restore it.');
export const signedOut = refuse('signed-out', 'You are signed out. Sign in to go on.');
export const administratorsOnly = refuse('not-allowed', 'Only an administrator may do this. Nothing was changed.');
export const officersOnly = refuse('not-allowed', 'Only a compliance officer may do this. Nothing was given.');
export const systemOnly = refuse('not-allowed', 'Only the appliance itself records this. Nothing was changed.');
export const personNotFound = refuse('person-not-found', 'There is nobody here who could be reached under this name. Nothing was changed.');
export const personSuspended = refuse('person-suspended', 'This person\'s account is suspended, so nobody can write to them. Nothing was changed.');

export const basisOf = ({ account, revision }: AccountStanding): Basis => [[streams.account(account), revision]];

/** The account behind a session, when it may act at all. Nicknames of an import never can; a guest acts as one, and as nobody else. */
export const permitActive = (world: World, acting: Acting): ActivePermit | Refusal => {
  const { kind, id } = acting.actor;
  const standing = kind === 'account' || kind === 'guest' ? world.standing.account(id) : undefined;
  if (!standing || standing.kind === 'nickname' || (standing.kind === 'guest') !== (kind === 'guest')) return signedOut;
  if (standing.suspended) return suspended;
  return { account: standing.account, basis: basisOf(standing), roles: standing.roles } as ActivePermit;
};

/** Administrators, and the operator of the machine through the command line. */
export const permitAdministrator = (world: World, acting: Acting): AdministratorPermit | Refusal => {
  if (acting.actor.kind === 'operator') return { basis: [], by: acting.actor.id, operator: true } as unknown as AdministratorPermit;
  const permit = permitActive(world, acting);
  if ('refused' in permit) return permit;
  if (!permit.roles.has('administrator')) return administratorsOnly;
  return { basis: permit.basis, by: permit.account, operator: false } as unknown as AdministratorPermit;
};

export const permitOfficer = (world: World, acting: Acting): OfficerPermit | Refusal => {
  const permit = permitActive(world, acting);
  if ('refused' in permit) return permit;
  return permit.roles.has('officer') ? ({ account: permit.account, basis: permit.basis } as unknown as OfficerPermit) : officersOnly;
};

/** Those who oversee: officers and administrators. */
export const permitOverseer = (world: World, acting: Acting): ActivePermit | Refusal => {
  const permit = permitActive(world, acting);
  if ('refused' in permit) return permit;
  return permit.roles.has('officer') || permit.roles.has('administrator') ? permit : administratorsOnly;
};

export const permitSystem = (acting: Acting): SystemPermit | Refusal =>
  acting.actor.kind === 'system' || acting.actor.kind === 'operator' || acting.actor.kind === 'import' ? ({ basis: [] } as unknown as SystemPermit) : systemOnly;

/** Somebody who can be written to and invited; else why not. */
export const reachable = (world: World, account: string): AccountStanding | Refusal => {
  const standing = world.standing.account(account);
  if (!standing || standing.kind === 'nickname' || standing.kind === 'guest') return personNotFound;
  return standing.suspended ? personSuspended : standing;
};

/** Active holders of a role, `without` these. */
export const othersWith = (world: World, role: Role, ...without: readonly string[]): readonly string[] =>
  world.standing.holdersOf(role).filter((account) => !without.includes(account) && world.standing.account(account)?.suspended === false);

declare const suspending: unique symbol;
declare const granting: unique symbol;
declare const resetting: unique symbol;

/** `administratorsLeft`: active administrators beside the account in question. */
export type SuspendingPermit = AdministratorPermit & { readonly administratorsLeft: number; readonly [suspending]: true };
export const permitToSuspend = (world: World, acting: Acting, account: string): SuspendingPermit | Refusal => {
  const permit = permitAdministrator(world, acting);
  return 'refused' in permit ? permit : ({ ...permit, administratorsLeft: othersWith(world, 'administrator', account).length } as SuspendingPermit);
};

/**
 * `by` asks; `approvers`: active officers who are neither `by` nor the account in question; `firstOfficer`: nobody ever became
 * one, and the operator names the first; `holdersLeft`: active holders of the role beside the account in question.
 */
export type RolePermit = Permit & { readonly by: string; readonly approvers: number; readonly firstOfficer: boolean; readonly holdersLeft: number; readonly [granting]: true };

/** Administrators and the operator give roles; for the officer's role an officer may ask too. */
export const permitToGrant = (world: World, acting: Acting, account: string, role: Role): RolePermit | Refusal => {
  const officer = role === 'officer' ? permitOfficer(world, acting) : undefined;
  if (officer && !('refused' in officer)) return rolePermit(world, officer.basis, officer.account, account, role, false);
  const permit = permitAdministrator(world, acting);
  return 'refused' in permit ? permit : rolePermit(world, permit.basis, permit.by, account, role, permit.operator);
};

/** Only an officer takes the officer's role from anybody. */
export const permitToWithdraw = (world: World, acting: Acting, account: string, role: Role): RolePermit | Refusal => {
  if (role !== 'officer') return permitToGrant(world, acting, account, role);
  const permit = permitOfficer(world, acting);
  if ('refused' in permit) return permit === officersOnly || acting.actor.kind === 'operator' ? onlyOfficersWithdraw : permit;
  return rolePermit(world, permit.basis, permit.account, account, role, false);
};
const onlyOfficersWithdraw = refuse('officers-only', 'Only an officer withdraws the role of an officer. Nothing was changed.');

const rolePermit = (world: World, basis: Basis, by: string, account: string, role: Role, operator: boolean): RolePermit =>
  ({
    approvers: othersWith(world, 'officer', by, account).length, basis, by, firstOfficer: operator && world.standing.holdersOf('officer').length === 0,
    holdersLeft: othersWith(world, role, account).length,
  }) as unknown as RolePermit;

/** `approvers`: active officers who are neither who asks nor the account in question. */
export type ResettingPermit = AdministratorPermit & { readonly approvers: number; readonly [resetting]: true };
export const permitToReset = (world: World, acting: Acting, account: string): ResettingPermit | Refusal => {
  const permit = permitAdministrator(world, acting);
  return 'refused' in permit ? permit : ({ ...permit, approvers: othersWith(world, 'officer', permit.by, account).length } as ResettingPermit);
};
