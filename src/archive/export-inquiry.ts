import { permitOfficer, type OfficerPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { exportInquiry as endpoint } from '../contract/archive.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { canonical } from '../kernel/canonical.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { caseFold, openInquiryOf, unfiledCase, type CaseState } from './case.ts';
import type { ExportMade } from './events.ts';
import { inquiryNotOpen } from './refusals.ts';

/** `export`: its id, made by the handler; `count` events up to `position`; `digest` as in `RecordAnswer`. */
export type ExportInquiry = ParsedInputOf<typeof endpoint> & { readonly export: string; readonly count: number; readonly digest: string; readonly position: number };

/** Recorded before the first byte leaves. */
export const exportInquiry: UseCase<ExportInquiry, CaseState, OfficerPermit, World> = {
  name: 'exportInquiry',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting) => permitOfficer(world, acting),
  decide: ({ account: by }, { inquiry, export: id, count, digest, position, query, filter, after }, state, { at }) => {
    if (!openInquiryOf(state, inquiry, by)) return inquiryNotOpen;
    const made: ExportMade = { type: 'ExportMade', data: { ...(after !== undefined && { after }), at, by, count, digest, export: id, inquiry, position }, content: { case: { filter: canonical(filter), query } } };
    return [made];
  },
  isSameIntent: ({ inquiry, query, filter, after }, recorded) => recordsIntent(recorded, 'ExportMade', { inquiry }, { case: { filter: canonical(filter), query } }) && recorded[0]!.data['after'] === after,
};
