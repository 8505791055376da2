import type { World } from '../accounts/standing.ts';
import { basisOf, permitAdministrator, reachable } from '../accounts/permits.ts';
import { isRefusal, nothingToRecord, refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { Permit, UseCase } from '../kernel/use-case.ts';
import type { AdministratorAppointed, SpaceJoined } from '../spaces/events.ts';
import { spaceFold, type SpaceState } from '../spaces/space.ts';

/** Only a space that an import founded is opened like this. */
export type LetIntoSpace = { readonly space: string; readonly account: string };

declare const opening: unique symbol;
type OpeningPermit = Permit & { readonly by: string; readonly [opening]: true };

const operatorsOnly = refuse('not-allowed', 'Only the operator lets somebody into an imported space. Nothing was changed.');
const notImported = refuse('not-allowed', 'This space was not founded by an import. Its own administrators invite people.');

/** Somebody of ours becomes a member and administrator of an imported space, and brings in the others from there. */
export const letIntoSpace: UseCase<LetIntoSpace, SpaceState, OpeningPermit, World> = {
  name: 'letIntoSpace',
  stream: ({ space }) => streams.space(space),
  fold: spaceFold,
  permit: (world, acting, { account }, state) => {
    const operator = permitAdministrator(world, acting);
    if (isRefusal(operator)) return operator;
    if (!operator.operator) return operatorsOnly;
    const founder = [...state.administrators].some((one) => world.standing.account(one)?.kind === 'nickname');
    if (!founder) return notImported;
    const person = reachable(world, account);
    return isRefusal(person) ? person : ({ basis: basisOf(person), by: operator.by } as unknown as OpeningPermit);
  },
  decide: ({ by }, { account }, state, { at }) => {
    const joined: SpaceJoined = { type: 'SpaceJoined', data: { account, at, by } };
    const appointed: AdministratorAppointed = { type: 'AdministratorAppointed', data: { account, at, by } };
    if (!state.members.has(account)) return [joined, appointed];
    return state.administrators.has(account) ? nothingToRecord : [appointed];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'AdministratorAppointed', { account }),
};
