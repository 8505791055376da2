import { permitOfficer, type OfficerPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { caseFold, unfiledCase, type CaseState } from './case.ts';
import type { Answered } from './events.ts';
import { inquiryNotOpen } from './refusals.ts';

/** `digest`: SHA-256, base64url, over the canonical list of [stream, revision] given; `position`: how far the index had come. */
export type RecordAnswer = { readonly inquiry: string; readonly look: string; readonly count: number; readonly digest: string; readonly position: number };

/** After what a look asked for was found; once more when the same look is repeated after a lost answer. */
export const recordAnswer: UseCase<RecordAnswer, CaseState, OfficerPermit, World> = {
  name: 'recordAnswer',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting) => permitOfficer(world, acting),
  decide: ({ account: by }, { inquiry, look, count, digest, position }, state, { at }) => {
    const asked = state.inquiries.get(inquiry);
    if (asked?.by !== by || !asked.looks.has(look)) return inquiryNotOpen;
    const answered: Answered = { type: 'Answered', data: { at, by, count, digest, inquiry, look, position } };
    return [answered];
  },
  isSameIntent: ({ inquiry, look, count, digest, position }, recorded) => recordsIntent(recorded, 'Answered', { count, digest, inquiry, look, position }),
};
