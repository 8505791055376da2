import type { OutputOf } from '#src/contract/endpoint.ts';
import { enterRoom, joinMeeting, type peekAtMeeting } from '#src/contract/meetings.ts';
import { enterLobby, readCalls, rosters } from '../../calls/rosters.ts';
import type { Answer } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import type { MeetingFragment } from './fragment.ts';

export type Peek = OutputOf<typeof peekAtMeeting>;
/** Where a link leads: a meeting by its key, or a room by its name. */
export type DoorOfLink = { readonly conversationId: string; readonly key?: string } | { readonly room: string };

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const doorOfLink = (where: string, { key }: MeetingFragment): DoorOfLink => (isId.test(where) ? { conversationId: where, ...(key === undefined ? {} : { key }) } : { room: where.toLowerCase() });

/** For somebody of the house: joins where that is needed, and says which conversation it is. */
export const arrive = async (door: DoorOfLink): Promise<Answer<{ readonly conversationId: string }>> => {
  if ('room' in door) return call(enterRoom, { room: door.room });
  if (door.key === undefined) return { ok: true, output: door };
  const answer = await call(joinMeeting, { conversationId: door.conversationId, key: door.key });
  return answer.ok ? { ok: true, output: door } : answer;
};

const patienceMs = 5_000;
/** Resolves once it stands in one's own list, or after a while all the same. */
export const inOnesList = (conversationId: string): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      end();
      resolve();
    };
    const timer = setTimeout(done, patienceMs);
    const end = workspace.conversations.watch(() => workspace.conversation(conversationId) && queueMicrotask(done));
    if (workspace.conversation(conversationId)) done();
  });

/** Into the call as the link says: past the lobby, or into it with sound and picture as they are to be. A call that one is in stays as it is, where there is a lobby to go to. */
export const goIntoCall = async (conversationId: string, { enters, muted, withoutCamera }: Pick<MeetingFragment, 'enters' | 'muted' | 'withoutCamera'>): Promise<void> => {
  // Of a call that began before one joined, no frame has told.
  await readCalls();
  const { liveCall } = await import('../../calls/live-call.ts');
  if (enters) return liveCall.accept(conversationId, rosters.value.get(conversationId)?.callId ?? null, { video: enters === 'video' && !withoutCamera, audioOnly: enters === 'audio', muted });
  if (!(await enterLobby(conversationId))) return;
  if (muted) await liveCall.toggle('audio', false);
  if (withoutCamera) await liveCall.toggle('video', false);
};
