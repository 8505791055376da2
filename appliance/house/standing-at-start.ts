import type { Views } from '#projections/views.ts';
import { StandingFold } from '#src/accounts/standing-fold.ts';
import { settingsCatalogue, type SettingName } from '#src/contract/administration.ts';
import type { Clock } from '#src/kernel/clock.ts';
import type { DeskPorts } from '#src/log/desk/ports.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { snapshotOf } from './standing-snapshot.ts';

/** What the standing is folded from. */
const standingEvents: ReadonlySet<string> = new Set([
  'AccountOpened', 'RoleGranted', 'RoleWithdrawn', 'ClassOfServiceSet', 'AccountSuspended', 'AccountRestored', 'SignedIn', 'SignedOut', 'SpaceFounded', 'SpaceJoined', 'SpaceLeft', 'AdministratorAppointed', 'SettingPut', 'SettingCleared',
]);

export type StandingSources = { readonly views: Views; readonly log: EventLog; readonly open: DeskPorts['open']; readonly foreign: ReadonlySet<number>; readonly clock: Clock; readonly onFault: (cause: unknown) => void };

/** Accounts, roles, spaces and settings as of the first `size` events: from the desk view, and from the log what that lacks. */
export const standingAtStart = async (size: number, { views, log, open, foreign, clock, onFault }: StandingSources): Promise<StandingFold> => {
  const standing = new StandingFold((name) => settingsCatalogue[name as SettingName].default);
  // Nobody is served from a state of the world that is behind the record. A desk view that has stopped only keeps from writing.
  await views.caughtUp(size - 1, 'desk').catch(onFault);
  const { position, value } = await views.ask('desk.standing', { now: clock() });
  standing.restore(snapshotOf(value));
  for await (const page of log.readAll({ from: position + 1, limit: Math.max(0, size - 1 - position) })) {
    standing.observe(await open(page.filter((event) => standingEvents.has(event.type) && !foreign.has(event.position))));
  }
  return standing;
};
