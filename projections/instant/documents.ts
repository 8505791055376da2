import type { Readers, ViewReader } from '../view-queries.ts';
import { documentId, type Touched } from './touched.ts';

/**
 * What the instant index is given: rows of views as they are now, so that writing one twice, late or after something newer
 * never brings back what was edited or retracted. `position`: where the message was posted. `also`: a sign-in name, a topic.
 */
export type InstantDocument =
  | { readonly id: string; readonly kind: 'message'; readonly conversation: string; readonly message: string; readonly revision: number; readonly position: number; readonly text: string }
  | { readonly id: string; readonly kind: 'person'; readonly account: string; readonly name: string; readonly also: string }
  | { readonly id: string; readonly kind: 'conversation'; readonly conversation: string; readonly name: string; readonly also: string };
export type DocumentKind = InstantDocument['kind'];

/** `gone`: ids of the documents that must not be there. */
export type DocumentsValue = { readonly documents: readonly InstantDocument[]; readonly gone: readonly string[] };

type MessageRow = { name: string; message: string; revision: number; position: number; text: string };
const messageRows = 'SELECT n.name, m.message, m.revision, m.position, m.text FROM messages m JOIN names n ON n.ref = m.conversation';
const messageDocument = ({ name, message, revision, position, text }: MessageRow): InstantDocument => {
  const conversation = name.slice('conversation-'.length);
  return { id: documentId.message(conversation, message), kind: 'message', conversation, message, revision, position, text };
};

type PersonRow = { account: string; display_name: string | null; sign_in_name: string | null };
const personRows = 'SELECT account, display_name, sign_in_name FROM people';
const personDocument = ({ account, display_name: displayName, sign_in_name: signInName }: PersonRow): InstantDocument => ({ id: documentId.person(account), kind: 'person', account, name: displayName ?? signInName ?? '', also: signInName ?? '' });

type ConversationRow = { id: string; title: string; topic: string | null };
/** Direct chats have no name: they are found by their people. General carries its space's name and topic. */
const conversationRows = `SELECT * FROM (SELECT c.id, CASE WHEN c.general = 1 THEN s.name ELSE c.title END AS title, CASE WHEN c.general = 1 THEN s.topic ELSE c.topic END AS topic
  FROM conversations c LEFT JOIN spaces s ON s.id = c.space WHERE c.closed = 0 AND c.kind <> 'direct') WHERE coalesce(title, '') <> ''`;
const conversationDocument = ({ id, title, topic }: ConversationRow): InstantDocument => ({ id: documentId.conversation(id), kind: 'conversation', conversation: id, name: title, also: topic ?? '' });

const generalOf = (conversations: ViewReader, space: string): string | undefined => conversations.get<{ general: string }>('SELECT general FROM spaces WHERE id = ?', space)?.general;

/** What was touched, as it is now. */
export const documentsOf = (read: Readers, touched: readonly Touched[]): DocumentsValue => {
  const found = new Map<string, InstantDocument | undefined>();
  const put = (id: string, document: InstantDocument | undefined): void => void found.set(id, document);
  for (const one of touched) {
    if (one.kind === 'message') {
      const row = read('search').get<MessageRow>(`${messageRows} JOIN places p ON p.position = m.position WHERE p.message = ? AND p.conversation = (SELECT ref FROM names WHERE name = ?)`, one.message, `conversation-${one.conversation}`);
      put(documentId.message(one.conversation, one.message), row && messageDocument(row));
    } else if (one.kind === 'person') {
      const row = read('directory').get<PersonRow>(`${personRows} WHERE account = ?`, one.account);
      put(documentId.person(one.account), row && personDocument(row));
    } else {
      const id = one.kind === 'space' ? generalOf(read('conversations'), one.id) : one.id;
      if (id === undefined) continue;
      const row = read('conversations').get<ConversationRow>(`${conversationRows} AND id = ?`, id);
      put(documentId.conversation(id), row && conversationDocument(row));
    }
  }
  return { documents: [...found.values()].filter((document) => document !== undefined), gone: [...found].flatMap(([id, document]) => (document ? [] : [id])) };
};

/** `after`: `next` of the page before; without it the first. Messages by position, the others by id. */
export type DocumentsPage = { readonly documents: readonly InstantDocument[]; readonly next: string | null };

export const pageOfDocuments = (read: Readers, kind: DocumentKind, after: string | undefined, limit: number): DocumentsPage => {
  const page = <R>(rows: readonly R[], document: (row: R) => InstantDocument, keyOf: (row: R) => string): DocumentsPage => ({ documents: rows.map(document), next: rows.length < limit ? null : keyOf(rows.at(-1)!) });
  switch (kind) {
    case 'message':
      return page(read('search').all<MessageRow>(`${messageRows} WHERE m.position > ? ORDER BY m.position LIMIT ?`, Number(after ?? -1), limit), messageDocument, ({ position }) => String(position));
    case 'person':
      return page(read('directory').all<PersonRow>(`${personRows} WHERE account > ? ORDER BY account LIMIT ?`, after ?? '', limit), personDocument, ({ account }) => account);
    case 'conversation':
      return page(read('conversations').all<ConversationRow>(`${conversationRows} AND id > ? ORDER BY id LIMIT ?`, after ?? '', limit), conversationDocument, ({ id }) => id);
  }
};
