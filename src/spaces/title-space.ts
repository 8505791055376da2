import type { World } from '../accounts/standing.ts';
import type { titleSpace as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import type { ReleaseName } from '../accounts/release-name.ts';
import type { Opened } from '../every-event.ts';
import { causedId } from '../kernel/ids.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SpaceTitled } from './events.ts';
import { permitSpaceAdministrator, type SpaceAdministratorPermit } from './permits.ts';
import { nameTaken } from './refusals.ts';
import { spaceFold, spaceStandingOf, type SpaceState } from './space.ts';

/** `nameStream`: where the name was reserved for this space before; `reservation`: the revision there. */
export type TitleSpace = ParsedInputOf<typeof endpoint> & { readonly nameStream: string; readonly reservation: number };

export const titleSpace: UseCase<TitleSpace, SpaceState, SpaceAdministratorPermit, World> = {
  name: 'titleSpace',
  stream: ({ spaceId }) => streams.space(spaceId),
  fold: spaceFold,
  permit: (world, acting, _input, state) => permitSpaceAdministrator(world, acting, spaceStandingOf(state)),
  decide: (permit, { name, topic, nameStream, reservation }, state, { at }) => {
    if (state.name !== nameStream && reservation <= (state.abandoned.get(nameStream) ?? -1)) return nameTaken;
    const titled: SpaceTitled = { type: 'SpaceTitled', data: { at, by: permit.account, name: nameStream }, content: { title: { title: name, topic } } };
    return [titled];
  },
  isSameIntent: ({ name, topic, nameStream }, recorded) => recordsIntent(recorded, 'SpaceTitled', { name: nameStream }, { title: { title: name, topic } }),
};

/** The reaction to a rename: the name `before` is given back. Undefined where the name stayed. */
export const afterSpaceTitled = ({ id, stream, data }: Opened<'SpaceTitled'>, before: string): { readonly commandId: string; readonly input: ReleaseName } | undefined =>
  before === data.name ? undefined : { commandId: causedId(id, 0), input: { holder: stream, name: before } };
