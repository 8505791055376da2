import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { Fold, UseCase } from '../kernel/use-case.ts';
import type { Refused, SignInRefused } from './events.ts';
import { permitSystem, type SystemPermit } from './permits.ts';
import type { World } from './standing.ts';

/** `access` decides nothing by what it holds: only its head is kept. */
export type AccessState = { revision: number };
export const accessFold: Fold<AccessState> = {
  initial: () => ({ revision: -1 }),
  evolve: (state, { revision }) => {
    state.revision = revision;
    return state;
  },
};

/** A minute's refused sign-ins from one source. `account` only where it exists. */
export type RecordRefusedSignIns = { readonly account: string | null; readonly address: string; readonly agent: string; readonly count: number; readonly reason: SignInRefused['data']['reason'] };

export const recordRefusedSignIns: UseCase<RecordRefusedSignIns, AccessState, SystemPermit, World> = {
  name: 'recordRefusedSignIns',
  stream: () => streams.access,
  fold: accessFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { account, address, agent, count, reason }, _state, { at }) => {
    const refused: SignInRefused = { type: 'SignInRefused', data: { account, at, count, reason }, content: { access: { address, agent } } };
    return [refused];
  },
  isSameIntent: ({ account, count, reason }, recorded) => recordsIntent(recorded, 'SignInRefused', { account, count, reason }),
};

/** A minute's refusals of one endpoint to one signed-in person whose role forbids it. */
export type RecordRefusals = { readonly account: string; readonly code: string; readonly count: number; readonly endpoint: string };

export const recordRefusals: UseCase<RecordRefusals, AccessState, SystemPermit, World> = {
  name: 'recordRefusals',
  stream: () => streams.access,
  fold: accessFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { account, code, count, endpoint }, _state, { at }) => {
    const refused: Refused = { type: 'Refused', data: { account, at, code, count, endpoint } };
    return [refused];
  },
  isSameIntent: (input, recorded) => recordsIntent(recorded, 'Refused', input),
};
