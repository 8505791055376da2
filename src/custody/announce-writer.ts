import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { WriterAnnounced } from './events.ts';

export type AnnounceWriter = { readonly writer: string };

/** Before the writer's first event. */
export const announceWriter: UseCase<AnnounceWriter, CustodyState, SystemPermit, World> = {
  name: 'announceWriter',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { writer }, state, { at }) => {
    if (state.writers.has(writer)) return nothingToRecord;
    const fact: WriterAnnounced = { type: 'WriterAnnounced', data: { at, writer } };
    return [fact];
  },
  isSameIntent: ({ writer }, recorded) => recordsIntent(recorded, 'WriterAnnounced', { writer }),
};
