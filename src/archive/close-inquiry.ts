import { permitOfficer, type OfficerPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { closeInquiry as endpoint } from '../contract/archive.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { caseFold, openInquiryOf, unfiledCase, type CaseState } from './case.ts';
import type { InquiryClosed } from './events.ts';
import { inquiryNotOpen } from './refusals.ts';

export type CloseInquiry = ParsedInputOf<typeof endpoint>;

/** One's own. What was looked at stays on record. */
export const closeInquiry: UseCase<CloseInquiry, CaseState, OfficerPermit, World> = {
  name: 'closeInquiry',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting) => permitOfficer(world, acting),
  decide: ({ account: by }, { inquiry }, state, { at }) => {
    if (!openInquiryOf(state, inquiry, by)) return inquiryNotOpen;
    const closed: InquiryClosed = { type: 'InquiryClosed', data: { at, by, inquiry } };
    return [closed];
  },
  isSameIntent: ({ inquiry }, recorded) => recordsIntent(recorded, 'InquiryClosed', { inquiry }),
};
