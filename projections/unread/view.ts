import type { DatabaseSync } from 'node:sqlite';
import type { Opened } from '#src/every-event.ts';
import { idOf } from '#src/kernel/streams.ts';
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

const open = (db: DatabaseSync): Applier => {
  const names = new Refs(db, 'names');
  const putConversation = db.prepare('INSERT INTO conversations VALUES (?, 0, ?)');
  const putHead = db.prepare('UPDATE conversations SET last_ordinal = max(last_ordinal, ?), last_revision = ? WHERE ref = ?');
  const lastOf = db.prepare('SELECT last_ordinal FROM conversations WHERE ref = ?');
  const join = db.prepare('INSERT INTO reading VALUES (?, ?, 1, ?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET is_member = 1, joined_at = excluded.joined_at, join_ordinal = excluded.join_ordinal, cursor_revision = max(cursor_revision, excluded.cursor_revision), cursor_ordinal = max(cursor_ordinal, excluded.cursor_ordinal)');
  const leave = db.prepare('UPDATE reading SET is_member = 0 WHERE account = ? AND conversation = ?');
  const raise = db.prepare('UPDATE reading SET cursor_revision = ?3, cursor_ordinal = ?4 WHERE account = ?1 AND conversation = ?2 AND cursor_revision < ?3');
  const set = db.prepare('UPDATE reading SET cursor_revision = ?, cursor_ordinal = ? WHERE account = ? AND conversation = ?');
  const mute = db.prepare('UPDATE reading SET muted = ? WHERE account = ? AND conversation = ?');
  const putOwn = db.prepare('INSERT INTO own VALUES (?, ?, ?)');
  const putRetracted = db.prepare('INSERT INTO retracted VALUES (?, ?, ?)');
  const putMention = db.prepare('INSERT INTO mentions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const mentionsOf = db.prepare('SELECT account FROM mentions WHERE conversation = ? AND ordinal = ?');
  const dropMentions = db.prepare('DELETE FROM mentions WHERE conversation = ? AND ordinal = ?');
  const membersOf = db.prepare('SELECT account FROM reading WHERE conversation = ? AND is_member = 1');
  const heads = new Map<number, { ordinal: number; revision: number }>();
  const reader = new ViewReader(db);
  /** Whose counts moved by more than a message: conversation ref to accounts, null for all members. */
  const moved = new Map<string, { ref: number; accounts: Set<string> | null }>();

  const notice = (conversationId: string, ref: number, account: string | null): void => {
    const entry = moved.get(conversationId) ?? { ref, accounts: new Set<string>() };
    if (account === null) entry.accounts = null;
    else entry.accounts?.add(account);
    moved.set(conversationId, entry);
  };
  const lastOrdinal = (ref: number): number => heads.get(ref)?.ordinal ?? (lastOf.get(ref) as { last_ordinal: number }).last_ordinal;

  const applyToConversation = (event: Opened): void => {
    const ref = names.find(event.stream) ?? introduce(event);
    const head = heads.get(ref);
    heads.set(ref, { ordinal: event.type === 'MessagePosted' ? event.data.ordinal : (head?.ordinal ?? lastOrdinal(ref)), revision: event.revision });
    const conversationId = idOf(event.stream);
    switch (event.type) {
      case 'ConversationOpened':
        for (const account of event.data.founders) join.run(account, ref, event.data.at, 0, event.revision, 0);
        return;
      case 'MemberJoined': {
        const ordinal = lastOrdinal(ref);
        join.run(event.data.account, ref, event.data.at, ordinal, event.revision, ordinal);
        notice(conversationId, ref, event.data.account);
        return;
      }
      case 'MemberLeft':
        leave.run(event.data.account, ref);
        return;
      case 'MessagePosted': {
        const { author, ordinal, mentions } = event.data;
        putOwn.run(ref, author, ordinal);
        raise.run(author, ref, event.revision, ordinal);
        for (const account of mentions) putMention.run(ref, account, ordinal, author);
        notice(conversationId, ref, author);
        return;
      }
      case 'MessageRetracted': {
        const { author, ordinal } = event.data;
        putRetracted.run(ref, ordinal, author);
        for (const { account } of mentionsOf.all(ref, ordinal) as { account: string }[]) notice(conversationId, ref, account === 'everyone' ? null : account);
        dropMentions.run(ref, ordinal);
        return;
      }
      default:
        return;
    }
  };
  const introduce = (event: Opened): number => {
    const ref = names.refOf(event.stream, event.position);
    putConversation.run(ref, event.revision);
    return ref;
  };

  const applyToReading = (event: Opened): void => {
    if (event.type !== 'ReadUpTo' && event.type !== 'MarkedUnread' && event.type !== 'ConversationMuted' && event.type !== 'ConversationUnmuted') return;
    const { account, conversation } = event.data;
    const ref = names.find(`conversation-${conversation}`);
    if (ref === undefined) return;
    if (event.type === 'ReadUpTo') raise.run(account, ref, event.data.revision, event.data.ordinal);
    // The cursor stands before the line that is to be the first unread.
    else if (event.type === 'MarkedUnread') set.run(event.data.revision - 1, event.data.ordinal, account, ref);
    else mute.run(event.type === 'ConversationMuted' ? 1 : 0, account, ref);
    notice(conversation, ref, account);
  };

  return {
    apply: (event) => {
      if (event.stream.startsWith('conversation-')) applyToConversation(event);
      else if (event.stream.startsWith('reading-')) applyToReading(event);
    },
    flush: () => {
      for (const [ref, head] of heads) putHead.run(head.ordinal, head.revision, ref);
      heads.clear();
    },
    derive: (position, wanted) => {
      const derived: Derived[] = [];
      if (wanted) {
        for (const [conversationId, { ref, accounts }] of moved) {
          for (const account of accounts ?? (membersOf.all(ref) as { account: string }[]).map((m) => m.account)) {
            const counts = countsOf(reader, account, ref);
            if (counts) derived.push({ view: 'conversations', key: account, position, change: { kind: 'counts-set', conversationId, ...counts } });
          }
        }
      }
      moved.clear();
      return derived;
    },
  };
};

export const unreadView: View = {
  name: 'unread',
  version: 1,
  schema,
  tables: [
    { name: 'names', orderBy: 'ref' }, { name: 'conversations', orderBy: 'ref' }, { name: 'reading', orderBy: 'account, conversation' }, { name: 'own', orderBy: 'conversation, account, ordinal' },
    { name: 'retracted', orderBy: 'conversation, ordinal' }, { name: 'mentions', orderBy: 'conversation, account, ordinal' },
  ],
  open,
};
