import type { DeskStanding } from '#projections/desk/queries.ts';
import type { StandingSnapshot } from '#src/accounts/standing-fold.ts';

/** The desk view's rows as the standing takes them over. */
export const snapshotOf = ({ accounts, spaces, settings, sessions }: DeskStanding): StandingSnapshot => ({
  accounts: accounts.map(([account, kind, roles, suspended, signInName, classOfService, revision]) => ({ account, kind, roles, suspended, signInName, classOfService, revision })),
  spaces: spaces.map(({ space, general, revision, members }) => ({
    space, general, revision, members: members.map(([account, joined]) => [account, joined] as const), administrators: members.filter(([, , administrator]) => administrator).map(([account]) => account),
  })),
  settings: settings.filter(({ scope }) => scope === 'global').map(({ name, value }) => [name, value] as const),
  settingsRevision: -1,
  sessions,
});
