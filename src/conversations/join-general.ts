import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { Opened } from '../every-event.ts';
import { causedId } from '../kernel/ids.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { conversationFold, type ConversationState } from './conversation.ts';
import type { MemberJoined } from './events.ts';
import { notAMember } from './refusals.ts';

/** `under`: the revision of the join in the space's stream. `by`: who invited. */
export type JoinGeneral = { readonly general: string; readonly account: string; readonly by: string; readonly under: number };

/** Who joins a space is in its General channel. A later join of the space that got here first stands. */
export const joinGeneral: UseCase<JoinGeneral, ConversationState, SystemPermit, World> = {
  name: 'joinGeneral',
  stream: ({ general }) => streams.conversation(general),
  fold: conversationFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { account, by, under }, state, { at }) => {
    if (!state.general) return notAMember;
    const member = state.members.get(account);
    if (member && (member.under ?? -1) >= under) return nothingToRecord;
    const joined: MemberJoined = { type: 'MemberJoined', data: { account, at, by, under } };
    return [joined];
  },
  isSameIntent: ({ account, under }, recorded) => recordsIntent(recorded, 'MemberJoined', { account, under }),
};

/** The reaction to a join. `general`: of the space's standing. */
export const afterSpaceJoined = ({ id, revision, data }: Opened<'SpaceJoined'>, general: string): { readonly commandId: string; readonly input: JoinGeneral } => ({
  commandId: causedId(id, 0),
  input: { general, account: data.account, by: data.by, under: revision },
});
