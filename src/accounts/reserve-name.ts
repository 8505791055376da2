import { nothingToRecord, refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { NameReleased, NameReserved } from './events.ts';
import { nameFold, type NameState } from './name.ts';
import { permitSystem, type SystemPermit } from './permits.ts';
import type { World } from './standing.ts';

/** `name`: from `nameStream`. `holder`: the stream to be founded or renamed. `replaces`: a reservation that its holder has given up for good. */
export type ReserveName = { readonly name: string; readonly holder: string; readonly replaces?: number };

const nameTaken = refuse('name-taken', 'This name is taken. Nothing was changed; choose another.');

/** The revision of the reservation is that of the `NameReserved` among the events, which is the last. */
export const reserveName: UseCase<ReserveName, NameState, SystemPermit, World> = {
  name: 'reserveName',
  stream: ({ name }) => name,
  fold: nameFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { holder, replaces }, { reserved }, { at }) => {
    if (reserved && reserved.reservation !== replaces) return reserved.holder === holder ? nothingToRecord : nameTaken;
    const taken: NameReserved = { type: 'NameReserved', data: { at, holder } };
    if (!reserved) return [taken];
    const released: NameReleased = { type: 'NameReleased', data: { at, holder: reserved.holder } };
    return [released, taken];
  },
  isSameIntent: ({ holder }, recorded) => recordsIntent(recorded, 'NameReserved', { holder }),
};
