import type { JsonObject } from '#src/kernel/event.ts';
import { idOf } from '#src/kernel/streams.ts';

/** What the instant index holds a document of. A space stands for its General channel, which carries its name. */
export type Touched =
  | { readonly kind: 'message'; readonly conversation: string; readonly message: string }
  | { readonly kind: 'conversation' | 'space'; readonly id: string }
  | { readonly kind: 'person'; readonly account: string };

type Fact = { readonly type: string; readonly stream: string; readonly data: JsonObject };
type Touching = (fact: Fact) => Touched;

const message: Touching = ({ stream, data }) => ({ kind: 'message', conversation: idOf(stream), message: data['messageId'] as string });
const conversation: Touching = ({ stream }) => ({ kind: 'conversation', id: idOf(stream) });
const space: Touching = ({ stream }) => ({ kind: 'space', id: idOf(stream) });
const person: Touching = ({ data }) => ({ kind: 'person', account: data['account'] as string });

const byType = new Map<string, Touching>([
  ['MessagePosted', message], ['MessageEdited', message], ['MessageRetracted', message], ['ConversationOpened', conversation], ['ConversationTitled', conversation],
  ['ConversationClosed', conversation], ['SpaceFounded', space], ['SpaceTitled', space], ['AccountOpened', person], ['ProfileChanged', person],
]);

/** Whether events of this type change a document. */
export const isTouching = (type: string): boolean => byType.has(type);

/** Undefined where an event changes nothing that the instant index holds. Reads plain facts only: nothing needs to be opened for it. */
export const touchedBy = (fact: Fact): Touched | undefined => byType.get(fact.type)?.(fact);

/** Ids of documents: letters, digits and hyphens, as Meilisearch wants them. A message's id is its client's, and unique in its own conversation only. */
export const documentId = {
  message: (conversationId: string, messageId: string): string => `m-${conversationId}-${messageId}`,
  conversation: (conversationId: string): string => `c-${conversationId}`,
  person: (account: string): string => `p-${account}`,
} as const;
