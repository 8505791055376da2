import { permitOfficer, type OfficerPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { searchArchive as endpoint } from '../contract/archive.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { canonical } from '../kernel/canonical.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { caseFold, openInquiryOf, unfiledCase, type CaseState } from './case.ts';
import type { Looked } from './events.ts';
import { inquiryNotOpen } from './refusals.ts';

/** `look`: names this look, made by the handler. `from`: where the page begins. */
export type SearchArchive = ParsedInputOf<typeof endpoint> & { readonly look: string; readonly from: number };

/** Records the look at one page of a search; durable before the page is given. */
export const searchArchive: UseCase<SearchArchive, CaseState, OfficerPermit, World> = {
  name: 'searchArchive',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting) => permitOfficer(world, acting),
  decide: ({ account: by }, { inquiry, look, query, filter, from, oldestFirst }, state, { at }) => {
    if (!openInquiryOf(state, inquiry, by)) return inquiryNotOpen;
    const looked: Looked = { type: 'Looked', data: { at, by, inquiry, kind: 'search', look }, content: { case: { filter: canonical(filter), from, oldestFirst, query } } };
    return [looked];
  },
  isSameIntent: ({ inquiry, query, filter, from, oldestFirst }, recorded) =>
    recordsIntent(recorded, 'Looked', { inquiry, kind: 'search' }, { case: { filter: canonical(filter), from, oldestFirst, query } }),
};
