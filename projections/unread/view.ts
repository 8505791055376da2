import type { DatabaseSync } from 'node:sqlite';
import type { Opened } from '#src/every-event.ts';
import { idOf } from '#src/kernel/streams.ts';
import { ManyRows } from '../runner/many-rows.ts';
import { Refs, refsSchema } from '../runner/refs.ts';
import type { Applier, Derived, View } from '../view.ts';
import { ViewReader } from '../view-queries.ts';
import { countsOf } from './counts.ts';

/**
 * ARCHITECTURE section 3, "Unread, exactly". `reading`: one row per person and conversation they ever were in, with the cursor
 * and the latest join. `own` and `retracted` are the two small indexes that are taken off the difference of ordinals.
 */
const schema = `
  ${refsSchema('names')}
  CREATE TABLE conversations (ref INTEGER PRIMARY KEY, last_ordinal INTEGER NOT NULL, last_revision INTEGER NOT NULL) STRICT;
  CREATE TABLE reading (
    account TEXT NOT NULL, conversation INTEGER NOT NULL, is_member INTEGER NOT NULL, joined_at INTEGER NOT NULL, join_ordinal INTEGER NOT NULL,
    cursor_revision INTEGER NOT NULL, cursor_ordinal INTEGER NOT NULL, muted INTEGER NOT NULL, PRIMARY KEY (account, conversation)) STRICT, WITHOUT ROWID;
  CREATE TABLE own (conversation INTEGER NOT NULL, account TEXT NOT NULL, ordinal INTEGER NOT NULL, PRIMARY KEY (conversation, account, ordinal)) STRICT, WITHOUT ROWID;
  CREATE TABLE retracted (conversation INTEGER NOT NULL, ordinal INTEGER NOT NULL, author TEXT NOT NULL, PRIMARY KEY (conversation, ordinal)) STRICT, WITHOUT ROWID;
  CREATE TABLE mentions (conversation INTEGER NOT NULL, account TEXT NOT NULL, ordinal INTEGER NOT NULL, author TEXT NOT NULL, PRIMARY KEY (conversation, account, ordinal)) STRICT, WITHOUT ROWID;
  CREATE INDEX mentions_of_line ON mentions (conversation, ordinal);
`;

const prepare = (db: DatabaseSync) => ({
  putConversation: db.prepare('INSERT INTO conversations VALUES (?, 0, ?)'),
  putHead: db.prepare('UPDATE conversations SET last_ordinal = max(last_ordinal, ?), last_revision = ? WHERE ref = ?'),
  lastOf: db.prepare('SELECT last_ordinal FROM conversations WHERE ref = ?'),
  join: db.prepare('INSERT INTO reading VALUES (?, ?, 1, ?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET is_member = 1, joined_at = excluded.joined_at, join_ordinal = excluded.join_ordinal, cursor_revision = max(cursor_revision, excluded.cursor_revision), cursor_ordinal = max(cursor_ordinal, excluded.cursor_ordinal)'),
  leave: db.prepare('UPDATE reading SET is_member = 0 WHERE account = ? AND conversation = ?'),
  raise: db.prepare('UPDATE reading SET cursor_revision = ?3, cursor_ordinal = ?4 WHERE account = ?1 AND conversation = ?2 AND cursor_revision < ?3'),
  set: db.prepare('UPDATE reading SET cursor_revision = ?, cursor_ordinal = ? WHERE account = ? AND conversation = ?'),
  mute: db.prepare('UPDATE reading SET muted = ? WHERE account = ? AND conversation = ?'),
  own: new ManyRows(db, 'own', 3),
  putRetracted: db.prepare('INSERT INTO retracted VALUES (?, ?, ?)'),
  putMention: db.prepare('INSERT INTO mentions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING'),
  mentionsOf: db.prepare('SELECT account FROM mentions WHERE conversation = ? AND ordinal = ?'),
  dropMentions: db.prepare('DELETE FROM mentions WHERE conversation = ? AND ordinal = ?'),
  membersOf: db.prepare('SELECT account FROM reading WHERE conversation = ? AND is_member = 1'),
});

class UnreadApplier implements Applier {
  readonly #names: Refs;
  readonly #reader: ViewReader;
  readonly #rows: ReturnType<typeof prepare>;
  /** One write per conversation and batch. */
  readonly #heads = new Map<number, { ordinal: number; revision: number }>();
  /** Cursors to raise, by conversation and person: written before anything else is done to a cursor, and with the batch. */
  readonly #raised = new Map<number, Map<string, { revision: number; ordinal: number }>>();
  /** Whose counts moved by more than somebody else's message; `accounts` null: all members'. */
  readonly #moved = new Map<string, { ref: number; accounts: Set<string> | null }>();

  constructor(db: DatabaseSync) {
    this.#names = new Refs(db, 'names');
    this.#reader = new ViewReader(db);
    this.#rows = prepare(db);
  }

  apply(event: Opened): void {
    if (event.stream.startsWith('conversation-')) this.#applyToConversation(event);
    else if (event.stream.startsWith('reading-')) this.#applyToReading(event);
  }

  flush(): void {
    for (const [ref, head] of this.#heads) this.#rows.putHead.run(head.ordinal, head.revision, ref);
    this.#heads.clear();
    this.#rows.own.flush();
    this.#writeRaised();
  }

  #raise(ref: number, account: string, revision: number, ordinal: number): void {
    let cursors = this.#raised.get(ref);
    if (!cursors) this.#raised.set(ref, (cursors = new Map()));
    const cursor = cursors.get(account);
    if (!cursor) cursors.set(account, { revision, ordinal });
    else if (cursor.revision < revision) [cursor.revision, cursor.ordinal] = [revision, ordinal];
  }

  #writeRaised(): void {
    for (const [ref, cursors] of this.#raised) for (const [account, { revision, ordinal }] of cursors) this.#rows.raise.run(account, ref, revision, ordinal);
    this.#raised.clear();
  }

  derive(position: number, wanted: boolean): readonly Derived[] {
    const derived: Derived[] = [];
    for (const [conversationId, { ref, accounts }] of wanted ? this.#moved : []) {
      for (const account of accounts ?? (this.#rows.membersOf.all(ref) as { account: string }[]).map((member) => member.account)) {
        const counts = countsOf(this.#reader, account, ref);
        if (counts) derived.push({ view: 'conversations', key: account, position, change: { kind: 'counts-set', conversationId, ...counts, countedTo: position } });
      }
    }
    this.#moved.clear();
    return derived;
  }

  #notice(conversationId: string, ref: number, account: string | null): void {
    const entry = this.#moved.get(conversationId) ?? { ref, accounts: new Set<string>() };
    if (account === null) entry.accounts = null;
    else entry.accounts?.add(account);
    this.#moved.set(conversationId, entry);
  }

  #lastOrdinal(ref: number): number {
    return this.#heads.get(ref)?.ordinal ?? (this.#rows.lastOf.get(ref) as { last_ordinal: number }).last_ordinal;
  }

  #introduce(event: Opened): number {
    const ref = this.#names.refOf(event.stream, event.position);
    this.#rows.putConversation.run(ref, event.revision);
    return ref;
  }

  #applyToConversation(event: Opened): void {
    const ref = this.#names.find(event.stream) ?? this.#introduce(event);
    this.#heads.set(ref, { ordinal: event.type === 'MessagePosted' || event.type === 'FileShared' ? event.data.ordinal : this.#lastOrdinal(ref), revision: event.revision });
    const conversationId = idOf(event.stream);
    switch (event.type) {
      case 'ConversationOpened':
        this.#writeRaised();
        for (const account of event.data.founders) this.#rows.join.run(account, ref, event.data.at, 0, event.revision, 0);
        return;
      case 'MemberJoined': {
        this.#writeRaised();
        const ordinal = this.#lastOrdinal(ref);
        this.#rows.join.run(event.data.account, ref, event.data.at, ordinal, event.revision, ordinal);
        return this.#notice(conversationId, ref, event.data.account);
      }
      case 'MemberLeft':
        this.#rows.leave.run(event.data.account, ref);
        return;
      case 'MessagePosted': {
        const { author, ordinal, mentions } = event.data;
        this.#rows.own.add(ref, author, ordinal);
        this.#raise(ref, author, event.revision, ordinal);
        for (const account of mentions) this.#rows.putMention.run(ref, account, ordinal, author);
        return this.#notice(conversationId, ref, author);
      }
      case 'FileShared': {
        const { author, ordinal } = event.data;
        this.#rows.own.add(ref, author, ordinal);
        this.#raise(ref, author, event.revision, ordinal);
        return this.#notice(conversationId, ref, author);
      }
      case 'FileWithdrawn':
      case 'MessageRetracted':
        return this.#retract(conversationId, ref, event.data);
      default:
        return;
    }
  }

  /** A client cannot know whether a retracted line was among its mentions: who was named is told. */
  #retract(conversationId: string, ref: number, { author, ordinal }: { readonly author: string; readonly ordinal: number }): void {
    this.#rows.putRetracted.run(ref, ordinal, author);
    for (const { account } of this.#rows.mentionsOf.all(ref, ordinal) as { account: string }[]) this.#notice(conversationId, ref, account === 'everyone' ? null : account);
    this.#rows.dropMentions.run(ref, ordinal);
  }

  #applyToReading(event: Opened): void {
    if (event.type !== 'ReadUpTo' && event.type !== 'MarkedUnread' && event.type !== 'ConversationMuted' && event.type !== 'ConversationUnmuted') return;
    const { account, conversation } = event.data;
    const ref = this.#names.find(`conversation-${conversation}`);
    if (ref === undefined) return;
    if (event.type === 'ReadUpTo') this.#raise(ref, account, event.data.revision, event.data.ordinal);
    else if (event.type === 'MarkedUnread') {
      this.#writeRaised();
      // The cursor stands before the line that is to be the first unread.
      this.#rows.set.run(event.data.revision - 1, event.data.ordinal, account, ref);
    } else this.#rows.mute.run(event.type === 'ConversationMuted' ? 1 : 0, account, ref);
    this.#notice(conversation, ref, account);
  }
}

export const unreadView: View = {
  name: 'unread',
  version: 1,
  schema,
  tables: [
    { name: 'names', orderBy: 'ref' }, { name: 'conversations', orderBy: 'ref' }, { name: 'reading', orderBy: 'account, conversation' }, { name: 'own', orderBy: 'conversation, account, ordinal' },
    { name: 'retracted', orderBy: 'conversation, ordinal' }, { name: 'mentions', orderBy: 'conversation, account, ordinal' },
  ],
  open: (db) => new UnreadApplier(db),
};
