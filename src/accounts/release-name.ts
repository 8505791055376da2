import { nothingToRecord, refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { kindOf } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { NameReleased } from './events.ts';
import { nameFold, type NameState } from './name.ts';
import { permitSystem, type SystemPermit } from './permits.ts';
import type { World } from './standing.ts';

export type ReleaseName = { readonly name: string; readonly holder: string };

const signInNamesStay = refuse('not-allowed', 'A sign-in name never returns. Nothing was changed.');

/** Gives a space's former name back, once the space has its new one. */
export const releaseName: UseCase<ReleaseName, NameState, SystemPermit, World> = {
  name: 'releaseName',
  stream: ({ name }) => name,
  fold: nameFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { holder }, { reserved }, { at }) => {
    if (kindOf(holder) === 'account') return signInNamesStay;
    if (reserved?.holder !== holder) return nothingToRecord;
    const released: NameReleased = { type: 'NameReleased', data: { at, holder } };
    return [released];
  },
  isSameIntent: ({ holder }, recorded) => recordsIntent(recorded, 'NameReleased', { holder }),
};
