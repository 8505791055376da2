import type { House } from '#appliance/house/house.ts';
import { declineCall as declining } from '#src/calls/decline-call.ts';
import { rosterOf } from '#src/calls/call.ts';
import { endCall as ending } from '#src/calls/end-call.ts';
import { joinCall as joining } from '#src/calls/join-call.ts';
import { leaveCall as leaving } from '#src/calls/leave-call.ts';
import { muteInCall as muting } from '#src/calls/mute-in-call.ts';
import { callsOff } from '#src/calls/refusals.ts';
import { removeFromCall as removing } from '#src/calls/remove-from-call.ts';
import { ringInCall as ringing } from '#src/calls/ring-in-call.ts';
import { shareScreen as sharing } from '#src/calls/share-screen.ts';
import { startCall as starting } from '#src/calls/start-call.ts';
import { declineCall, endCall, joinCall, leaveCall, listCalls, listPastCalls, muteInCall, readIceServers, removeFromCall, ringInCall, shareScreen, startCall, type CallRoster } from '#src/contract/calls.ts';
import { limits } from '#src/contract/limits.ts';
import { notAMember } from '#src/conversations/refusals.ts';
import { holdsStill } from '#src/conversations/permits.ts';
import { serve, type Served } from '#src/doors/door.ts';
import { recordedOf } from './recorded.ts';

type Readable = { readonly conversation: string; /** Revision from which on this person may see what happened. */ readonly from: number };

/** Calls, and what they are made with. */
export const callEndpoints = (house: House): readonly Served[] => {
  /** As of a position not before `atLeast`. */
  const readable = async (account: string, atLeast: number): Promise<readonly Readable[]> => {
    const { value } = await house.views.ask('desk.readableBy', { account }, atLeast);
    return value.filter((row) => holdsStill(house.world, account, row)).map(({ conversation, visibility, joined }) => ({ conversation, from: visibility === 'all' ? 0 : joined }));
  };
  return [
    serve(startCall, async (input, call) => recordedOf(await house.command(starting, input, call))),
    serve(joinCall, async (input, call) => recordedOf(await house.command(joining, input, call))),
    serve(leaveCall, async (input, call) => recordedOf(await house.command(leaving, input, call))),
    serve(declineCall, async (input, call) => recordedOf(await house.command(declining, input, call))),
    serve(ringInCall, async (input, call) => recordedOf(await house.command(ringing, input, call))),
    serve(shareScreen, async (input, call) => recordedOf(await house.command(sharing, input, call))),
    serve(muteInCall, async (input, call) => recordedOf(await house.command(muting, input, call))),
    serve(removeFromCall, async (input, call) => recordedOf(await house.command(removing, input, call))),
    serve(endCall, async (input, call) => recordedOf(await house.command(ending, input, call))),
    serve(listCalls, async (_input, { caller }) => {
      // Of one moment with the position: `call` frames say what changes after it.
      const { position } = house.hub;
      const calls = [...house.hub.calls.calls].map(([conversationId, call]) => rosterOf(conversationId, call)).filter((roster): roster is CallRoster => roster !== null);
      const theirs = new Set((await readable(caller.account, position)).map(({ conversation }) => conversation));
      return { position, calls: calls.filter(({ conversationId }) => theirs.has(conversationId)) };
    }),
    serve(listPastCalls, async ({ before, conversationId }, { caller }) => {
      const theirs = (await readable(caller.account, house.hub.position)).filter(({ conversation }) => conversationId === undefined || conversation === conversationId);
      const { position, value } = await house.views.ask('calls.past', { account: caller.account, conversations: theirs.map(({ conversation, from }) => [conversation, from] as const), ...(before !== undefined && { before }), limit: limits.pastCallsPage }, house.hub.position);
      return { position, calls: [...value.calls], next: value.next };
    }),
    serve(readIceServers, async (_input, { caller, at }) => {
      if (caller.guest && (await readable(caller.account, house.hub.position)).length === 0) return notAMember;
      if (!house.standing.setting<boolean>('callsEnabled')) return callsOff;
      const tooOften = house.turn.rate.refusal(caller.session, at);
      if (tooOften) return tooOften;
      const { servers, expiresAt } = house.turn.iceServersFor(caller.account, at, caller.session);
      return { servers, expiresAt, participantBitsPerSecond: house.standing.setting<number>('callBitsPerSecond'), screenBitsPerSecond: house.standing.setting<number>('screenBitsPerSecond'), relayOnly: false };
    }),
  ];
};
