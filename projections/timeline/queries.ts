import { limits } from '#src/contract/limits.ts';
import type { LinkPreview } from '#src/contract/links.ts';
import type { MessageLine, TimelineLine, TimelinePage } from '#src/contract/timeline.ts';
import type { Ranges } from '#src/contract/shapes.ts';
import { cursorOf } from '../unread/counts.ts';
import { viewQuery, type ViewReader } from '../view-queries.ts';

export type PageParams = {
  readonly account: string; readonly conversationId: string; readonly where: 'opening' | 'latest' | 'before' | 'after' | 'around' | 'date';
  readonly revision?: number; readonly date?: number; readonly messageId?: string; readonly limit?: number;
  /** The asker's clock, for "the last 30 days". */
  readonly now: number;
};
export type PageValue = Omit<TimelinePage, 'position'>;

const dayMs = 86_400_000;
/** How much of an opening page lies before the first unread line. */
const beforeUnread = 25;

type LineRow = { revision: number; document: string };
/** What somebody may see, as SQL over `lines`: a stretch of the conversation is read in key order, whichever way. */
class Sight {
  readonly #timeline: ViewReader;
  readonly #ref: number;
  readonly #seen: string;
  readonly #bounds: number[] = [];

  constructor(timeline: ViewReader, ref: number, visibility: string, account: string) {
    this.#timeline = timeline;
    this.#ref = ref;
    if (visibility === 'all') this.#seen = '1';
    else {
      const intervals = timeline.all<{ joined: number; left_at: number | null }>('SELECT joined, left_at FROM intervals WHERE conversation = ? AND account = ? ORDER BY joined', ref, account);
      for (const { joined, left_at: left } of intervals) this.#bounds.push(joined, left ?? Number.MAX_SAFE_INTEGER);
      this.#seen = intervals.length === 0 ? '0' : intervals.map(() => 'revision BETWEEN ? AND ?').join(' OR ');
    }
  }

  /** At most `limit` lines from `revision` on (included), nearest first. */
  read(revision: number, direction: 'up' | 'down', limit: number): LineRow[] {
    const [comparison, order] = direction === 'up' ? ['>=', 'ASC'] : ['<=', 'DESC'];
    return this.#timeline.all<LineRow>(`SELECT revision, document FROM lines WHERE conversation = ? AND revision ${comparison} ? AND (${this.#seen}) ORDER BY revision ${order} LIMIT ?`, this.#ref, revision, ...this.#bounds, limit);
  }

  holds(revision: number): boolean {
    return this.read(revision, 'up', 1)[0]?.revision === revision;
  }

  firstUnread(after: number, account: string): number | undefined {
    return this.#timeline.get<{ revision: number }>(`SELECT revision FROM lines WHERE conversation = ? AND revision > ? AND counts = 1 AND author <> ? AND (${this.#seen}) ORDER BY revision LIMIT 1`, this.#ref, after, account, ...this.#bounds)?.revision;
  }

  /** How many lines at the end are not older than `since`, at most `max`. */
  countSince(since: number, max: number): number {
    let count = 0;
    for (const { shown_at: shownAt } of this.#timeline.iterate<{ shown_at: number }>(`SELECT shown_at FROM lines WHERE conversation = ? AND (${this.#seen}) ORDER BY revision DESC LIMIT ?`, this.#ref, ...this.#bounds, max)) {
      if (shownAt < since) break;
      count += 1;
    }
    return count;
  }

  /** The first line at or after a time, by halving: times rise with revisions, but for a clock that once went back. */
  firstAt(date: number, head: number): number {
    let low = 0;
    let high = head + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = this.#timeline.get<{ revision: number; shown_at: number }>('SELECT revision, shown_at FROM lines WHERE conversation = ? AND revision >= ? ORDER BY revision LIMIT 1', this.#ref, middle);
      if (!row || row.shown_at >= date) high = middle;
      else low = row.revision + 1;
    }
    return low;
  }
}

type Conversation = { ref: number; visibility: string; last_ordinal: number; head: number };

const conversationOf = (timeline: ViewReader, conversationId: string): Conversation | undefined =>
  timeline.get<Conversation>('SELECT c.* FROM conversations c JOIN names n ON n.ref = c.ref WHERE n.name = ?', `conversation-${conversationId}`);

const page = (timeline: ViewReader, unread: ViewReader, p: PageParams): PageValue | null => {
  const conversation = conversationOf(timeline, p.conversationId);
  if (!conversation) return null;
  const sight = new Sight(timeline, conversation.ref, conversation.visibility, p.account);
  const cursor = cursorOf(unread, p.account, p.conversationId);
  const rows = rowsOf(timeline, conversation, sight, cursor.revision, p);
  const lines = rows.map((row) => JSON.parse(row.document) as TimelineLine);
  const first = rows[0]?.revision;
  const last = rows.at(-1)?.revision;
  return {
    lines, quoted: quotedBy(timeline, conversation.ref, sight, lines), lastOrdinal: conversation.last_ordinal, cursor,
    hasOlder: sight.read((first ?? p.revision ?? 0) - 1, 'down', 1).length > 0, hasNewer: sight.read((last ?? p.revision ?? 0) + 1, 'up', 1).length > 0,
    viewed: first === undefined || last === undefined ? [] : completeWithin(timeline, conversation.ref, first, last),
  };
};

const rowsOf = (timeline: ViewReader, conversation: Conversation, sight: Sight, cursor: number, p: PageParams): LineRow[] => {
  const end = Number.MAX_SAFE_INTEGER;
  const limit = p.limit ?? limits.timelinePage;
  const around = (revision: number, before: number): LineRow[] => {
    const older = sight.read(revision - 1, 'down', limit);
    // Near the beginning and near the end the page is filled from the other side.
    const newer = sight.read(revision, 'up', limit - Math.min(before, older.length));
    return [...older.slice(0, limit - newer.length).reverse(), ...newer];
  };
  const latest = (): LineRow[] => {
    const count = p.limit ?? Math.max(limits.timelinePage, sight.countSince(p.now - limits.timelineFirstDays * dayMs, limits.timelinePageMax));
    return sight.read(end, 'down', count).reverse();
  };
  switch (p.where) {
    case 'latest':
      return latest();
    case 'before':
      return sight.read((p.revision ?? end) - 1, 'down', limit).reverse();
    case 'after':
      return sight.read((p.revision ?? -1) + 1, 'up', limit);
    case 'date':
      return around(sight.firstAt(p.date ?? 0, conversation.head), 0);
    case 'around': {
      const revision = p.messageId === undefined ? p.revision : timeline.get<{ revision: number }>('SELECT revision FROM messages WHERE message = ? AND conversation = ?', p.messageId, conversation.ref)?.revision;
      return revision === undefined ? [] : around(revision, Math.floor(limit / 2));
    }
    case 'opening': {
      const join = timeline.get<{ joined: number }>('SELECT joined FROM intervals WHERE conversation = ? AND account = ? AND left_at IS NULL', conversation.ref, p.account);
      const unread = join && sight.firstUnread(Math.max(cursor, join.joined), p.account);
      return unread === undefined ? latest() : around(unread, Math.min(beforeUnread, limit - 1));
    }
  }
};

/** Messages that lines in the page reply to but that are outside it, as far as the asker may see them. */
const quotedBy = (timeline: ViewReader, ref: number, sight: Sight, lines: readonly TimelineLine[]): MessageLine[] => {
  const inPage = new Set(lines.map((line) => (line.kind === 'message' ? line.messageId : '')));
  const wanted = new Set(lines.flatMap((line) => (line.kind === 'message' && line.replyTo !== null && !inPage.has(line.replyTo) ? [line.replyTo] : [])));
  return [...wanted].flatMap((messageId) => {
    const row = timeline.get<LineRow>('SELECT l.revision, l.document FROM messages m JOIN lines l ON l.conversation = m.conversation AND l.revision = m.revision WHERE m.message = ? AND m.conversation = ?', messageId, ref);
    return row && sight.holds(row.revision) ? [JSON.parse(row.document) as MessageLine] : [];
  });
};

const completeWithin = (timeline: ViewReader, ref: number, from: number, to: number): Ranges =>
  timeline
    .all<{ from_revision: number; to_revision: number }>('SELECT from_revision, to_revision FROM complete WHERE conversation = ? AND from_revision <= ? AND to_revision >= ? ORDER BY from_revision', ref, to, from)
    .map((range) => [Math.max(from, range.from_revision), Math.min(to, range.to_revision)]);

type PreviewParams = { readonly account: string; readonly conversationId: string; readonly messageId: string; readonly link: number };

const previewSeen = (timeline: ViewReader, p: PreviewParams): LinkPreview | null => {
  const conversation = conversationOf(timeline, p.conversationId);
  const row = conversation && timeline.get<LineRow>('SELECT l.revision, l.document FROM messages m JOIN lines l ON l.conversation = m.conversation AND l.revision = m.revision WHERE m.message = ? AND m.conversation = ?', p.messageId, conversation.ref);
  if (!row || !new Sight(timeline, conversation.ref, conversation.visibility, p.account).holds(row.revision)) return null;
  return (JSON.parse(row.document) as MessageLine).previews.find(({ link }) => link === p.link) ?? null;
};

/** `memberCount` tells whether receipts are on. `notYet`: members since before the line who have no evidence for it. Null: no such line. */
export type ViewersValue = { readonly viewed: readonly { readonly account: string; readonly at: number }[]; readonly notYet: readonly string[]; readonly memberCount: number };

/** Everyone who has evidence of viewing a line, its author aside. Works for officers too, who see those who left. */
export const viewersOf = (timeline: ViewReader, conversationId: string, revision: number): ViewersValue | null => {
  const conversation = conversationOf(timeline, conversationId);
  const line = conversation && timeline.get<{ author: string }>('SELECT author FROM lines WHERE conversation = ? AND revision = ?', conversation.ref, revision);
  if (!conversation || !line) return null;
  const people = timeline.all<{ account: string; joined: number; is_member: number }>('SELECT account, max(joined) AS joined, max(left_at IS NULL) AS is_member FROM intervals WHERE conversation = ? GROUP BY account ORDER BY account', conversation.ref);
  const viewed: { account: string; at: number }[] = [];
  const notYet: string[] = [];
  for (const person of people) {
    if (person.account === line.author) continue;
    const seen = timeline.get<{ to_revision: number; at: number }>('SELECT to_revision, at FROM viewed WHERE conversation = ? AND account = ? AND from_revision <= ? ORDER BY from_revision DESC LIMIT 1', conversation.ref, person.account, revision);
    if (seen && seen.to_revision >= revision) viewed.push({ account: person.account, at: seen.at });
    else if (person.is_member === 1 && person.joined <= revision) notYet.push(person.account);
  }
  return { viewed, notYet, memberCount: people.filter((person) => person.is_member === 1).length };
};

export const timelineQueries = {
  /** Null where there is no such conversation. `position` of the answer is that of the lines. */
  'timeline.page': viewQuery<PageParams, PageValue | null>(['timeline', 'unread'], (read, p) => page(read('timeline'), read('unread'), p)),
  /** A preview as it is under its message now; null where the asker sees none. */
  'timeline.preview': viewQuery<PreviewParams, LinkPreview | null>(['timeline'], (read, p) => previewSeen(read('timeline'), p)),
  'timeline.viewers': viewQuery<{ readonly conversationId: string; readonly revision: number }, ViewersValue | null>(['timeline'], (read, p) => viewersOf(read('timeline'), p.conversationId, p.revision)),
  /** For cursors: the revision of a line's head and the last ordinal at or before a revision. */
  'timeline.ordinalAt': viewQuery<{ readonly conversationId: string; readonly revision: number }, { readonly ordinal: number; readonly head: number } | null>(['timeline'], (read, p) => {
    const timeline = read('timeline');
    const conversation = conversationOf(timeline, p.conversationId);
    if (!conversation) return null;
    const line = timeline.get<{ ordinal: number }>('SELECT ordinal FROM lines WHERE conversation = ? AND revision <= ? AND ordinal IS NOT NULL ORDER BY revision DESC LIMIT 1', conversation.ref, p.revision);
    return { ordinal: line?.ordinal ?? 0, head: conversation.head };
  }),
};
