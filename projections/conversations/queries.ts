import type { z } from 'zod';
import type { ConversationRow, ConversationSummary, SpaceRow, member } from '#src/contract/conversations.ts';
import { limits } from '#src/contract/limits.ts';
import { countsOfRow, readingRows, type ReadingRow } from '../unread/counts.ts';
import { viewQuery, type ViewReader } from '../view-queries.ts';
import type { LastLine, Standing } from './activity.ts';

type Member = z.infer<typeof member>;
type Row = { ref: number; id: string; kind: ConversationSummary['kind']; space: string | null; general: number; title: string | null; topic: string | null; opened_at: number; closed: number; member_count: number; message_count: number; last: string | null };

/** General carries its space's name and topic. */
const rows = `SELECT c.ref, c.id, c.kind, c.space, c.general, CASE WHEN c.general = 1 THEN s.name ELSE c.title END AS title, CASE WHEN c.general = 1 THEN s.topic ELSE c.topic END AS topic,
  c.opened_at, c.closed, c.member_count, c.message_count, c.last FROM conversations c LEFT JOIN spaces s ON s.id = c.space`;
const membersShown = 12;

const summaryOf = (conversations: ViewReader, row: Row, lastOrdinal: number): ConversationSummary => ({
  conversationId: row.id, kind: row.kind, space: row.space, general: row.general === 1, title: row.title ?? '', topic: row.topic ?? '', openedAt: row.opened_at, closed: row.closed === 1,
  members: conversations.all<{ account: string }>('SELECT account FROM members WHERE conversation = ? ORDER BY revision, account LIMIT ?', row.ref, membersShown).map((m) => m.account),
  memberCount: row.member_count, messageCount: row.message_count, lastOrdinal, last: row.last === null ? null : (JSON.parse(row.last) as LastLine),
});

type NamedReading = ReadingRow & { name: string };
const named = readingRows.replace('SELECT ', 'SELECT n.name, ').concat(' JOIN names n ON n.ref = r.conversation');

/** A row of somebody's list, but for `countedTo`: the position as of which it was read. */
export type ListRow = Omit<ConversationRow, 'countedTo'>;
const rowOf = (unread: ViewReader, conversations: ViewReader, account: string, reading: NamedReading): ListRow | undefined => {
  const row = conversations.get<Row>(`${rows} WHERE c.id = ?`, reading.name.slice('conversation-'.length));
  if (!row) return undefined;
  return { ...summaryOf(conversations, row, reading.last_ordinal), ...countsOfRow(unread, account, reading), joinedAt: reading.joined_at };
};

/** One row of a person's list, or undefined for somebody who is no member. */
export const conversationRowOf = (unread: ViewReader, conversations: ViewReader, account: string, conversationId: string): ListRow | undefined => {
  const reading = unread.get<NamedReading>(`${named} WHERE r.account = ? AND r.is_member = 1 AND r.conversation = (SELECT ref FROM names WHERE name = ?)`, account, `conversation-${conversationId}`);
  return reading && rowOf(unread, conversations, account, reading);
};

type SpaceRecord = { id: string; name: string | null; topic: string | null; general: string; member_count: number; founded_at: number };
const spaceRowFrom = (conversations: ViewReader, space: SpaceRecord): SpaceRow => ({
  spaceId: space.id, name: space.name ?? '', topic: space.topic ?? '', general: space.general, memberCount: space.member_count, foundedAt: space.founded_at,
  channelCount: conversations.get<{ n: number }>('SELECT count(*) AS n FROM conversations WHERE space = ? AND closed = 0', space.id)!.n,
  administrators: conversations.all<{ account: string }>('SELECT account FROM space_members WHERE space = ? AND administrator = 1 ORDER BY account', space.id).map((a) => a.account),
});
export const spaceRowOf = (conversations: ViewReader, space: string): SpaceRow | undefined => {
  const record = conversations.get<SpaceRecord>('SELECT * FROM spaces WHERE id = ?', space);
  return record && spaceRowFrom(conversations, record);
};

export type MyList = { readonly conversations: readonly ListRow[]; readonly spaces: readonly SpaceRow[] };
const mine = (unread: ViewReader, conversations: ViewReader, account: string): MyList => ({
  conversations: unread.all<NamedReading>(`${named} WHERE r.account = ? AND r.is_member = 1 ORDER BY r.conversation`, account).flatMap((reading) => rowOf(unread, conversations, account, reading) ?? []),
  spaces: conversations.all<SpaceRecord>('SELECT s.* FROM space_members m JOIN spaces s ON s.id = m.space WHERE m.account = ? ORDER BY s.id', account).map((space) => spaceRowFrom(conversations, space)),
});

export type ConversationRead = { readonly conversation: ConversationSummary; readonly members: readonly Member[]; readonly joined: boolean; readonly receipts: boolean };
const one = (unread: ViewReader, conversations: ViewReader, p: { readonly conversationId: string; readonly account: string; readonly receiptsMembersMax?: number }): ConversationRead | null => {
  const row = conversations.get<Row>(`${rows} WHERE c.id = ?`, p.conversationId);
  if (!row) return null;
  const members = conversations.all<{ account: string; joined_at: number; administrator: number | null }>(
    'SELECT m.account, m.joined_at, s.administrator FROM members m LEFT JOIN space_members s ON s.space = ? AND s.account = m.account WHERE m.conversation = ? ORDER BY m.revision, m.account', row.space, row.ref,
  );
  return {
    conversation: summaryOf(conversations, row, lastOrdinalOf(unread, p.conversationId)), joined: members.some((m) => m.account === p.account), receipts: row.member_count <= (p.receiptsMembersMax ?? limits.receiptsMembersMax),
    members: members.map((m) => ({ account: m.account, joinedAt: m.joined_at, administrator: m.administrator === 1 })),
  };
};
const lastOrdinalOf = (unread: ViewReader, conversationId: string): number =>
  unread.get<{ last_ordinal: number }>('SELECT last_ordinal FROM conversations WHERE ref = (SELECT ref FROM names WHERE name = ?)', `conversation-${conversationId}`)?.last_ordinal ?? 0;

export type SpaceRead = { readonly space: SpaceRow; readonly members: readonly Member[]; readonly channels: readonly (ConversationSummary & { readonly joined: boolean })[] };
const space = (unread: ViewReader, conversations: ViewReader, p: { readonly spaceId: string; readonly account: string }): SpaceRead | null => {
  const row = spaceRowOf(conversations, p.spaceId);
  if (!row) return null;
  const members = conversations.all<{ account: string; joined_at: number; administrator: number }>('SELECT account, joined_at, administrator FROM space_members WHERE space = ? ORDER BY revision, account', p.spaceId);
  const channels = conversations.all<Row>(`${rows} WHERE c.space = ? AND c.closed = 0 ORDER BY c.general DESC, c.ref`, p.spaceId);
  const isIn = (ref: number): boolean => conversations.get('SELECT 1 FROM members WHERE conversation = ? AND account = ?', ref, p.account) !== undefined;
  return {
    space: row, members: members.map((m) => ({ account: m.account, joinedAt: m.joined_at, administrator: m.administrator === 1 })),
    channels: channels.map((channel) => ({ ...summaryOf(conversations, channel, lastOrdinalOf(unread, channel.id)), joined: isIn(channel.ref) })),
  };
};

export const conversationsQueries = {
  /** Everything on a person's sidebar, exact as of the answer's position. */
  'conversations.mine': viewQuery<{ readonly account: string }, MyList>(['unread', 'conversations'], (read, p) => mine(read('unread'), read('conversations'), p.account)),
  /** Null where there is none. Whether the asker may is the door's to say: `joined`, and membership of the space. */
  'conversations.one': viewQuery<{ readonly conversationId: string; readonly account: string; readonly receiptsMembersMax?: number }, ConversationRead | null>(['unread', 'conversations'], (read, p) => one(read('unread'), read('conversations'), p)),
  'conversations.space': viewQuery<{ readonly spaceId: string; readonly account: string }, SpaceRead | null>(['unread', 'conversations'], (read, p) => space(read('unread'), read('conversations'), p)),
  /** What `activityOf` begins with, as of the answer's position. */
  'conversations.standing': viewQuery<{ readonly conversationId: string }, Standing>(['conversations'], (read, p) => {
    const last = read('conversations').get<{ last: string | null; message_count: number }>('SELECT last, message_count FROM conversations WHERE id = ?', p.conversationId);
    return { lastOrdinal: last?.message_count ?? 0, last: last?.last ? (JSON.parse(last.last) as LastLine) : null };
  }),
  'unread.counts': viewQuery<{ readonly account: string; readonly conversationId: string }, { readonly unread: number; readonly mentions: number; readonly cursorOrdinal: number; readonly muted: boolean } | null>(['unread'], (read, p) => {
    const row = read('unread').get<ReadingRow>(`${readingRows} WHERE r.account = ? AND r.conversation = (SELECT ref FROM names WHERE name = ?)`, p.account, `conversation-${p.conversationId}`);
    return row ? countsOfRow(read('unread'), p.account, row) : null;
  }),
};
