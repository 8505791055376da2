import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accessFold, type AccessState } from './access.ts';
import type { SignInRefused } from './events.ts';
import { permitSystem, type SystemPermit } from './permits.ts';
import type { World } from './standing.ts';

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
