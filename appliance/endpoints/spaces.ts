import { holdName, readName } from '#appliance/house/names.ts';
import type { House } from '#appliance/house/house.ts';
import { appointAdministrator, foundSpace, inviteToSpace, leaveSpace, readSpace, removeFromSpace, titleSpace } from '#src/contract/conversations.ts';
import { permitActive } from '#src/accounts/permits.ts';
import { serve, type Served } from '#src/doors/door.ts';
import { nameStream } from '#src/kernel/ids.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import { appointAdministrator as appointing } from '#src/spaces/appoint-administrator.ts';
import { foundSpace as founding } from '#src/spaces/found-space.ts';
import { inviteToSpace as inviting } from '#src/spaces/invite-to-space.ts';
import { leaveSpace as leaving } from '#src/spaces/leave-space.ts';
import { permitSpaceAdministrator, permitSpaceMember } from '#src/spaces/permits.ts';
import { nameTaken, notInSpace } from '#src/spaces/refusals.ts';
import { removeFromSpace as removing } from '#src/spaces/remove-from-space.ts';
import { titleSpace as titling } from '#src/spaces/title-space.ts';
import { recordedOf } from './recorded.ts';

/** Spaces: founding, name, membership. Their channels are conversations. */
export const spaceEndpoints = (house: House): readonly Served[] => [
  serve(foundSpace, async (input, call) => {
    const person = permitActive(house.world, house.acting(call));
    if (isRefusal(person)) return person;
    const name = nameStream(house.keyring.logSecret, 'space', input.name);
    const taken = await holdName(house, name, streams.space(input.spaceId));
    if (taken) return taken;
    const founded = await house.command(founding, { ...input, nameStream: name }, call);
    // Whoever founds a space goes on in its General channel: it is there when the answer is.
    if (!isRefusal(founded)) await house.processManagers.reactTo(founded.events[0]!);
    return recordedOf(founded);
  }),
  serve(titleSpace, async (input, call) => {
    const permit = permitSpaceAdministrator(house.world, house.acting(call), house.standing.space(input.spaceId));
    if (isRefusal(permit)) return permit;
    const name = nameStream(house.keyring.logSecret, 'space', input.name);
    const taken = await holdName(house, name, streams.space(input.spaceId));
    if (taken) return taken;
    const { reserved } = await readName(house, name);
    if (reserved?.holder !== streams.space(input.spaceId)) return nameTaken;
    const { reservation } = reserved;
    return recordedOf(await house.command(titling, { ...input, nameStream: name, reservation }, call));
  }),
  serve(inviteToSpace, async (input, call) => recordedOf(await house.command(inviting, input, call))),
  serve(removeFromSpace, async (input, call) => recordedOf(await house.command(removing, input, call))),
  serve(appointAdministrator, async (input, call) => recordedOf(await house.command(appointing, input, call))),
  serve(leaveSpace, async (input, call) => recordedOf(await house.command(leaving, input, call))),
  serve(readSpace, async ({ spaceId }, call) => {
    const permit = permitSpaceMember(house.world, house.acting(call), house.standing.space(spaceId));
    if (isRefusal(permit)) return permit;
    const { position, value } = await house.views.ask('conversations.space', { spaceId, account: call.caller.account }, house.hub.position);
    return value ? { position, space: value.space, members: [...value.members], channels: value.channels.map((channel) => (channel.joined ? channel : { ...channel, last: null })) } : notInSpace;
  }),
];
