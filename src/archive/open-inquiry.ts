import { permitOfficer, type OfficerPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { openInquiry as endpoint } from '../contract/archive.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { caseFold, unfiledCase, type CaseState } from './case.ts';
import type { InquiryOpened } from './events.ts';

export type OpenInquiry = ParsedInputOf<typeof endpoint>;

const inquiryIdTaken = refuse('inquiry-id-taken', 'There is an inquiry under this id already. Nothing was opened.');

/** In the case Unfiled, with its reason. */
export const openInquiry: UseCase<OpenInquiry, CaseState, OfficerPermit, World> = {
  name: 'openInquiry',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting) => permitOfficer(world, acting),
  decide: ({ account: by }, { inquiry, reason }, state, { at }) => {
    if (state.inquiries.has(inquiry)) return inquiryIdTaken;
    const opened: InquiryOpened = { type: 'InquiryOpened', data: { at, by, inquiry }, content: { case: { reason } } };
    return [opened];
  },
  isSameIntent: ({ inquiry, reason }, recorded) => recordsIntent(recorded, 'InquiryOpened', { inquiry }, { case: { reason } }),
};
