import { viewQuery, type Readers, type ViewReader } from '../view-queries.ts';
import { documentsOf, pageOfDocuments, type DocumentKind, type DocumentsPage, type DocumentsValue } from './documents.ts';
import type { Touched } from './touched.ts';

/** A conversation of which an account sees these revisions, both included; null for all of it. Of one that it never joined and that shows only what came since, none. */
export type Sight = readonly [conversation: string, intervals: readonly (readonly [from: number, to: number])[] | null];

const sightIn = (search: ViewReader, account: string, conversation: string): Sight | undefined => {
  const row = search.get<{ ref: number; since_joined: number }>('SELECT c.ref, c.since_joined FROM names n JOIN conversations c ON c.ref = n.ref WHERE n.name = ?', `conversation-${conversation}`);
  if (!row) return undefined;
  if (row.since_joined === 0) return [conversation, null];
  const intervals = search.all<{ joined: number; left_at: number | null }>('SELECT joined, left_at FROM intervals WHERE conversation = ? AND account = ? ORDER BY joined', row.ref, account);
  return [conversation, intervals.map(({ joined, left_at: left }) => [joined, left ?? Number.MAX_SAFE_INTEGER] as const)];
};

const sees = (sight: Sight | undefined, revision: number): boolean => sight !== undefined && (sight[1] === null || sight[1].some(([from, to]) => from <= revision && revision <= to));

export type HitsParams = {
  readonly account: string;
  /** Ids of the conversations that the account may read now. */
  readonly conversations: readonly string[];
  readonly messages: readonly { readonly conversation: string; readonly message: string }[];
  readonly people: readonly string[];
  readonly places: readonly string[];
};
export type HitMessage = { readonly conversationId: string; readonly messageId: string; readonly revision: number; readonly at: number; readonly author: string; readonly text: string };
export type HitsValue = { readonly messages: readonly HitMessage[]; readonly people: readonly { readonly account: string; readonly name: string }[]; readonly places: readonly { readonly conversationId: string; readonly name: string }[] };

/** What of these the account may see now, as it is now, in the order asked. */
const hits = (read: Readers, p: HitsParams): HitsValue => {
  const mine = new Set(p.conversations);
  const search = read('search');
  const messages = p.messages.filter(({ conversation }) => mine.has(conversation)).flatMap(({ conversation, message }): HitMessage[] => {
    const row = search.get<{ revision: number; shown_at: number; author: string; text: string }>(
      'SELECT m.revision, m.shown_at, m.author, m.text FROM places p JOIN messages m ON m.position = p.position WHERE p.message = ? AND p.conversation = (SELECT ref FROM names WHERE name = ?)', message, `conversation-${conversation}`,
    );
    if (!row || !sees(sightIn(search, p.account, conversation), row.revision)) return [];
    return [{ conversationId: conversation, messageId: message, revision: row.revision, at: row.shown_at, author: row.author, text: row.text }];
  });
  const { documents } = documentsOf(read, [...p.people.map((account): Touched => ({ kind: 'person', account })), ...p.places.filter((id) => mine.has(id)).map((id): Touched => ({ kind: 'conversation', id }))]);
  return {
    messages,
    people: documents.flatMap((one) => (one.kind === 'person' ? [{ account: one.account, name: one.name }] : [])),
    places: documents.flatMap((one) => (one.kind === 'conversation' ? [{ conversationId: one.conversation, name: one.name }] : [])),
  };
};

export const instantQueries = {
  'instant.documents': viewQuery<{ readonly touched: readonly Touched[] }, DocumentsValue>(['search', 'conversations', 'directory'], (read, p) => documentsOf(read, p.touched)),
  'instant.page': viewQuery<{ readonly kind: DocumentKind; readonly after?: string; readonly limit: number }, DocumentsPage>(['search', 'conversations', 'directory'], (read, p) => pageOfDocuments(read, p.kind, p.after, p.limit)),
  /** Which of these conversations an account sees how much of, for the filter of a question. */
  'instant.sight': viewQuery<{ readonly account: string; readonly conversations: readonly string[] }, readonly Sight[]>(['search'], (read, p) => p.conversations.map((id) => sightIn(read('search'), p.account, id)).filter((sight) => sight !== undefined)),
  'instant.hits': viewQuery<HitsParams, HitsValue>(['search', 'conversations', 'directory'], hits),
};
