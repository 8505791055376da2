import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { LogFounded } from './events.ts';

/** `check`: by which a keyring is recognised as this log's. `writer`: the first one. */
export type FoundLog = { readonly check: string; readonly logId: string; readonly writer: string };

/** Revision 0, once. */
export const foundLog: UseCase<FoundLog, CustodyState, SystemPermit, World> = {
  name: 'foundLog',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { check, logId, writer }, state, { at }) => {
    if (state.revision >= 0) return nothingToRecord;
    const fact: LogFounded = { type: 'LogFounded', data: { at, check, logId, writer } };
    return [fact];
  },
  isSameIntent: ({ check, logId, writer }, recorded) => recordsIntent(recorded, 'LogFounded', { check, logId, writer }),
};
