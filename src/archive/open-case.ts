import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { caseFold, type CaseState } from './case.ts';
import type { CaseOpened } from './events.ts';

export type OpenCase = { readonly case: string; readonly by: string; readonly title: string };

/** At the first start the appliance opens `unfiledCase`. */
export const openCase: UseCase<OpenCase, CaseState, SystemPermit, World> = {
  name: 'openCase',
  stream: (input) => streams.case(input.case),
  fold: caseFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { by, case: id, title }, state, { at }) => {
    if (state.opened) return nothingToRecord;
    const opened: CaseOpened = { type: 'CaseOpened', data: { at, by, case: id }, content: { case: { title } } };
    return [opened];
  },
  isSameIntent: ({ case: id, title }, recorded) => recordsIntent(recorded, 'CaseOpened', { case: id }, { case: { title } }),
};
