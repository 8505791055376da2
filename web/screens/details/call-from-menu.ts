import { liveCall } from '../../calls/live-call.ts';
import { inOnesList } from '../meeting/ways-in.ts';

/** To the lobby of a call with the one person of a direct chat, which may have come to be just now. A call that one is in stays as it is. */
export const callFromMenu = async (conversationId: string, audioOnly: boolean): Promise<void> => {
  await inOnesList(conversationId); // Who is rung stands there.
  if (!liveCall.enterLobby(conversationId)) return;
  liveCall.setAudioOnly(audioOnly);
  if (!audioOnly && !liveCall.own.isWanted('video')) await liveCall.toggle('video', true);
};
