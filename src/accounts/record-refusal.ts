import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accessFold, type AccessState } from './access.ts';
import type { Refused } from './events.ts';
import { permitSystem, type SystemPermit } from './permits.ts';
import type { World } from './standing.ts';

/** One endpoint, refused `count` times to one signed-in person whose role forbids it. */
export type RecordRefusal = { readonly account: string; readonly code: string; readonly count: number; readonly endpoint: string };

export const recordRefusal: UseCase<RecordRefusal, AccessState, SystemPermit, World> = {
  name: 'recordRefusal',
  stream: () => streams.access,
  fold: accessFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { account, code, count, endpoint }, _state, { at }) => {
    const refused: Refused = { type: 'Refused', data: { account, at, code, count, endpoint } };
    return [refused];
  },
  isSameIntent: ({ account, code, count, endpoint }, recorded) => recordsIntent(recorded, 'Refused', { account, code, count, endpoint }),
};
