import type { ConversationRow } from '#src/contract/conversations.ts';
import { limits } from '#src/contract/limits.ts';

/** Whose devices ring when a call starts: the other of a direct chat, everybody of a group or meeting. In a channel nobody: those who look see that a call is in progress, and people can be rung from the call. */
export const ringAtStart = (row: Pick<ConversationRow, 'kind' | 'members'> | undefined, me: string): readonly string[] =>
  row && (row.kind === 'direct' || row.kind === 'group' || row.kind === 'meeting') ? row.members.filter((account) => account !== me).slice(0, limits.callPeopleMax - 1) : [];
