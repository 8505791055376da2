import { permitOfficer, type OfficerPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { openHit as endpoint } from '../contract/archive.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { caseFold, openInquiryOf, unfiledCase, type CaseState } from './case.ts';
import type { Looked } from './events.ts';
import { inquiryNotOpen } from './refusals.ts';

/** `look`: names this look, made by the handler. */
export type OpenHit = ParsedInputOf<typeof endpoint> & { readonly look: string };

/** Records the look at one event with its context; durable before it is given. */
export const openHit: UseCase<OpenHit, CaseState, OfficerPermit, World> = {
  name: 'openHit',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting) => permitOfficer(world, acting),
  decide: ({ account: by }, { inquiry, look, conversationId, revision, around }, state, { at }) => {
    if (!openInquiryOf(state, inquiry, by)) return inquiryNotOpen;
    const looked: Looked = { type: 'Looked', data: { at, by, inquiry, kind: 'hit', look }, content: { case: { around, conversation: conversationId, revision } } };
    return [looked];
  },
  isSameIntent: ({ inquiry, conversationId, revision, around }, recorded) =>
    recordsIntent(recorded, 'Looked', { inquiry, kind: 'hit' }, { case: { around, conversation: conversationId, revision } }),
};
