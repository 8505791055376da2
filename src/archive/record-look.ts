import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { caseFold, unfiledCase, type CaseState } from './case.ts';
import type { Looked } from './events.ts';
import { permitToInquire, type InquiringPermit } from './permits.ts';

/**
 * `look`: the server's id for it. A search has a `query` (with its filter) and the place `from` which its page goes on; a
 * hit has its `conversation` and `revision`.
 */
export type RecordLook = {
  readonly inquiry: string; readonly look: string; readonly kind: Looked['data']['kind'];
  readonly query?: string; readonly conversation?: string; readonly revision?: number; readonly from?: number;
};

/**
 * Durable before the page or hit is given. The look's id is the server's and no part of the intent: who asks again under
 * the same commandId goes on under the look that was recorded.
 */
export const recordLook: UseCase<RecordLook, CaseState, InquiringPermit, World> = {
  name: 'recordLook',
  stream: () => streams.case(unfiledCase),
  fold: caseFold,
  permit: (world, acting, { inquiry }, state) => permitToInquire(world, acting, state, inquiry),
  decide: ({ account, inquiry }, input, _state, { at }) => {
    const looked: Looked = { type: 'Looked', data: { at, by: account, inquiry, kind: input.kind, look: input.look }, content: { case: askedIn(input) } };
    return [looked];
  },
  isSameIntent: (input, recorded) => recordsIntent(recorded, 'Looked', { inquiry: input.inquiry, kind: input.kind }, { case: askedIn(input) }),
};

const askedIn = ({ conversation, from, query, revision }: RecordLook): Looked['content']['case'] => ({
  ...(conversation === undefined ? {} : { conversation }),
  ...(from === undefined ? {} : { from }),
  ...(query === undefined ? {} : { query }),
  ...(revision === undefined ? {} : { revision }),
});
