import { othersWith, permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord, refuse, isRefusal } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { RoleChange, RoleChangeAnnounced } from './events.ts';

export type AnnounceRoleChange = { readonly account: string; readonly change: RoleChange };

/** Longer than any command takes, clocks that differ included. What was announced then and came is in the standing by now; what did not come is forgotten. */
export const announcedHoldsMs = 120_000;

const meanwhile = 'Somebody changes roles at another appliance at this moment.';
const lastAdministrator = refuse('last-administrator', `${meanwhile} With both changes nobody would administer. Look again in two minutes.`);
const lastOfficer = refuse('last-officer', `${meanwhile} With both changes there would be no officer. Look again in two minutes.`);
const firstOfficerNamed = refuse('first-officer-named', `${meanwhile} The first officer is being named there. Look again in two minutes.`);

type AnnouncingPermit = SystemPermit & { readonly holders: { readonly administrator: readonly string[]; readonly officer: readonly string[] } };

/**
 * Before a change of roles that a rule over several accounts could forbid, where several appliances decide on one log: custody
 * puts them in one order, and each is judged with those before it that may not have come yet.
 */
export const announceRoleChange: UseCase<AnnounceRoleChange, CustodyState, AnnouncingPermit, World> = {
  name: 'announceRoleChange',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (world, acting) => {
    const permit = permitSystem(acting);
    return isRefusal(permit) ? permit : { ...permit, holders: { administrator: othersWith(world, 'administrator'), officer: othersWith(world, 'officer') } };
  },
  decide: ({ holders }, { account, change }, state, { at }) => {
    const lately = [...state.announced].filter(([, announced]) => at - announced < announcedHoldsMs).map(([name]) => name);
    const roles = { 'administrator-away': 'administrator', 'officer-away': 'officer', 'first-officer': 'officer' } as const;
    const others = holders[roles[change]].filter((holder) => holder !== account);
    if (change === 'first-officer') {
      if (others.length > 0) return nothingToRecord;
      if (lately.some((name) => name.startsWith(`${change} `) && name !== `${change} ${account}`)) return firstOfficerNamed;
    } else {
      // Nobody else is left as it is: the command itself says so.
      if (others.length === 0) return nothingToRecord;
      if (others.every((holder) => lately.includes(`${change} ${holder}`))) return change === 'officer-away' ? lastOfficer : lastAdministrator;
    }
    const fact: RoleChangeAnnounced = { type: 'RoleChangeAnnounced', data: { account, at, change } };
    return [fact];
  },
  isSameIntent: ({ account, change }, recorded) => recordsIntent(recorded, 'RoleChangeAnnounced', { account, change }),
};
