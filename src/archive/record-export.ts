import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { caseFold, unfiledCase, type CaseState } from './case.ts';
import type { ExportMade } from './events.ts';
import { permitToInquire, type InquiringPermit } from './permits.ts';

/** `export`: the server's id for it. `query`: with its filter. `count` events up to `position`; `digest` as in an answer. */
export type RecordExport = { readonly inquiry: string; readonly export: string; readonly count: number; readonly digest: string; readonly position: number; readonly query: string };

/**
 * Durable before the first byte leaves. What the server found out (id, count, digest, position) is no part of the intent:
 * who asks again under the same commandId gets the export that was recorded.
 */
export const recordExport: UseCase<RecordExport, CaseState, InquiringPermit, World> = {
  name: 'recordExport',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting, { inquiry }, state) => permitToInquire(world, acting, state, inquiry),
  decide: ({ account, inquiry }, { count, digest, export: id, position, query }, _state, { at }) => {
    const made: ExportMade = { type: 'ExportMade', data: { at, by: account, count, digest, export: id, inquiry, position }, content: { case: { query } } };
    return [made];
  },
  isSameIntent: ({ inquiry, query }, recorded) => recordsIntent(recorded, 'ExportMade', { inquiry }, { case: { query } }),
};
