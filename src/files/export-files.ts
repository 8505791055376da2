import { permitOfficer, type OfficerPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { caseFold, openInquiryOf, unfiledCase, type CaseState } from '../archive/case.ts';
import type { ExportMade } from '../archive/events.ts';
import { inquiryNotOpen } from '../archive/refusals.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import type { exportFiles as endpoint } from '../contract/files.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { filterOfFiles } from './look-at-files.ts';

/** `export`: its id, made by the handler; `count` files shared up to `position`; `digest` as in `RecordAnswer`. */
export type ExportFiles = ParsedInputOf<typeof endpoint> & { readonly export: string; readonly count: number; readonly digest: string; readonly position: number };

/** Recorded before the first byte leaves. */
export const exportFiles: UseCase<ExportFiles, CaseState, OfficerPermit, World> = {
  name: 'exportFiles',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting) => permitOfficer(world, acting),
  decide: ({ account: by }, input, state, { at }) => {
    const { inquiry, export: id, count, digest, position, name } = input;
    if (!openInquiryOf(state, inquiry, by)) return inquiryNotOpen;
    const made: ExportMade = { type: 'ExportMade', data: { at, by, count, digest, export: id, inquiry, position }, content: { case: { filter: filterOfFiles(input), query: name } } };
    return [made];
  },
  isSameIntent: (input, recorded) => recordsIntent(recorded, 'ExportMade', { inquiry: input.inquiry }, { case: { filter: filterOfFiles(input), query: input.name } }),
};
