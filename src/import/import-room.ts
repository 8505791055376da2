import type { Imported } from '../accounts/events.ts';
import type { World } from '../accounts/standing.ts';
import { conversationFold, isOpened, type ConversationState } from '../conversations/conversation.ts';
import type { ConversationOpened } from '../conversations/events.ts';
import { conversationIdTaken } from '../conversations/refusals.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { permitImport, type ImportPermit } from './permits.ts';

/** One room of the source becomes one channel of the imported space. `imported.line`: where the room first appears. */
export type ImportRoom = { readonly conversationId: string; readonly space: string; readonly founder: string; readonly title: string; readonly topic: string; readonly imported: Imported };

export const importRoom: UseCase<ImportRoom, ConversationState, ImportPermit, World> = {
  name: 'importRoom',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (_world, acting) => permitImport(acting),
  decide: (_permit, { conversationId, space, founder, title, topic, imported }, state, { at }) => {
    if (isOpened(state)) return conversationIdTaken;
    const opened: ConversationOpened = {
      type: 'ConversationOpened',
      data: { at, by: founder, conversation: conversationId, founders: [], historyVisibility: 'all', imported, kind: 'channel', space },
      content: { title: { title, topic } },
    };
    return [opened];
  },
  isSameIntent: ({ conversationId, space, title }, recorded) => {
    const opened = recorded[0]?.content['title'];
    return recordsIntent(recorded, 'ConversationOpened', { conversation: conversationId, space }) && (opened === undefined || opened['title'] === title);
  },
};
