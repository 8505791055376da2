import type { AccountKind, Role } from './events.ts';

/** Who somebody is, as folded on this node. `revision`: of the account's stream. */
export type AccountStanding = {
  readonly account: string; readonly kind: AccountKind; readonly roles: ReadonlySet<Role>; readonly signInName: string | null; readonly classOfService: string | null;
  readonly suspended: boolean; readonly revision: number;
};
/** `members`: account to the revision of the join in the space's stream under which they stand. */
export type SpaceStanding = {
  readonly space: string; readonly general: string; readonly members: ReadonlyMap<string, number>; readonly administrators: ReadonlySet<string>; readonly revision: number;
};

/**
 * Accounts, roles, spaces and settings, folded in memory per stream by revision, before the append that changes them is
 * acknowledged. Permits rest on this and on the stream's own state, on nothing else.
 */
export type Standing = {
  readonly account: (id: string) => AccountStanding | undefined;
  readonly space: (id: string) => SpaceStanding | undefined;
  /** Suspended ones too: whether a first officer was ever named does not depend on who is suspended. */
  readonly holdersOf: (role: Role) => readonly string[];
  /** Effective value of a setting at global scope. */
  readonly setting: <T>(name: string) => T;
};

/** What every permit may look at beside the stream's own state. */
export type World = { readonly standing: Standing };
