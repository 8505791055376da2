import type { ViewReader } from '../view-queries.ts';

/** Shown as 999+. */
const countMax = 1000;

export type Counts = { readonly unread: number; readonly mentions: number; readonly cursorOrdinal: number; readonly muted: boolean; /** The last line that is counted. */ readonly lastOrdinal: number };
export type Cursor = { readonly revision: number; readonly ordinal: number };

export type ReadingRow = { conversation: number; is_member: number; joined_at: number; join_ordinal: number; cursor_revision: number; cursor_ordinal: number; muted: number; last_ordinal: number };
export const readingRows = 'SELECT r.conversation, r.is_member, r.joined_at, r.join_ordinal, r.cursor_revision, r.cursor_ordinal, r.muted, c.last_ordinal FROM reading r JOIN conversations c ON c.ref = r.conversation';

/** Counts of one row of `reading`: lines after the later of cursor and latest join, not by this person, not retracted. */
export const countsOfRow = (unread: ViewReader, account: string, row: ReadingRow): Counts => {
  const { conversation, cursor_ordinal: cursorOrdinal, last_ordinal: last } = row;
  const muted = row.muted === 1;
  const from = Math.max(cursorOrdinal, row.join_ordinal);
  if (row.is_member === 0 || last <= from) return { unread: 0, mentions: 0, cursorOrdinal, muted, lastOrdinal: last };
  const own = unread.get<{ n: number }>('SELECT count(*) AS n FROM own WHERE conversation = ? AND account = ? AND ordinal > ?', conversation, account, from)!.n;
  const retracted = unread.get<{ n: number }>('SELECT count(*) AS n FROM retracted WHERE conversation = ? AND ordinal > ? AND author <> ?', conversation, from, account)!.n;
  const mentions = unread.get<{ n: number }>(
    `SELECT count(DISTINCT ordinal) AS n FROM (SELECT ordinal FROM mentions WHERE conversation = ?1 AND account IN (?2, 'everyone') AND ordinal > ?3 AND author <> ?2)`,
    conversation, account, from,
  )!.n;
  return { unread: Math.min(countMax, last - from - own - retracted), mentions: Math.min(countMax, mentions), cursorOrdinal, muted, lastOrdinal: last };
};

/** Undefined for somebody who never was in the conversation. */
export const countsOf = (unread: ViewReader, account: string, conversation: number): Counts | undefined => {
  const row = unread.get<ReadingRow>(`${readingRows} WHERE r.account = ? AND r.conversation = ?`, account, conversation);
  return row && countsOfRow(unread, account, row);
};

/** Where somebody has read to; before the first line for one who never was there. */
export const cursorOf = (unread: ViewReader, account: string, conversationId: string): Cursor => {
  const row = unread.get<Cursor>('SELECT cursor_revision AS revision, cursor_ordinal AS ordinal FROM reading WHERE account = ? AND conversation = (SELECT ref FROM names WHERE name = ?)', account, `conversation-${conversationId}`);
  return row ? { revision: row.revision, ordinal: row.ordinal } : { revision: -1, ordinal: 0 };
};
