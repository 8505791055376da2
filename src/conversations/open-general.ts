import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { Opened } from '../every-event.ts';
import { causedId } from '../kernel/ids.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { conversationFold, isOpened, type ConversationState } from './conversation.ts';
import type { ConversationOpened } from './events.ts';

/** `under`: the revision of the founding, which is the founder's join. */
export type OpenGeneral = { readonly general: string; readonly space: string; readonly founder: string; readonly under: number; readonly title: string; readonly topic: string };

/** The General channel that comes with a space. */
export const openGeneral: UseCase<OpenGeneral, ConversationState, SystemPermit, World> = {
  name: 'openGeneral',
  stream: ({ general }) => streams.conversation(general),
  fold: conversationFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { general, space, founder, under, title, topic }, state, { at }) => {
    if (isOpened(state)) return nothingToRecord;
    const opened: ConversationOpened = {
      type: 'ConversationOpened',
      data: { at, by: founder, conversation: general, founders: [founder], general: true, historyVisibility: 'all', kind: 'channel', space, under },
      content: { title: { title, topic } },
    };
    return [opened];
  },
  isSameIntent: ({ general, space }, recorded) => recordsIntent(recorded, 'ConversationOpened', { conversation: general, general: true, space }),
};

/** The reaction to a founding. The title is empty where its key is gone by now; views show the space's own. */
export const afterSpaceFounded = ({ id, revision, data, content }: Opened<'SpaceFounded'>): { readonly commandId: string; readonly input: OpenGeneral } => ({
  commandId: causedId(id, 0),
  input: { general: data.general, space: data.space, founder: data.by, under: revision, title: content.title?.title ?? '', topic: content.title?.topic ?? '' },
});
