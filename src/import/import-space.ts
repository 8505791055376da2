import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SpaceFounded } from '../spaces/events.ts';
import { nameTaken } from '../spaces/refusals.ts';
import { spaceFold, type SpaceState } from '../spaces/space.ts';
import { permitImport, type ImportPermit } from './permits.ts';

/** `name`: the stream in which the space's name is reserved, before. `founder`: the account that stands for the source itself. */
export type ImportSpace = { readonly space: string; readonly general: string; readonly founder: string; readonly name: string; readonly title: string; readonly topic: string };

/** The space that an import brings its rooms into. Nobody of ours is in it until the operator lets somebody in. */
export const importSpace: UseCase<ImportSpace, SpaceState, ImportPermit, World> = {
  name: 'importSpace',
  stream: ({ space }) => streams.space(space),
  fold: spaceFold,
  permit: (_world, acting) => permitImport(acting),
  decide: (_permit, { space, general, founder, name, title, topic }, state, { at }) => {
    if (state.founded) return nothingToRecord;
    if (state.revision >= 0) return nameTaken;
    const founded: SpaceFounded = { type: 'SpaceFounded', data: { at, by: founder, general, name, space }, content: { title: { title, topic } } };
    return [founded];
  },
  isSameIntent: ({ space, name }, recorded) => recordsIntent(recorded, 'SpaceFounded', { name, space }),
};
