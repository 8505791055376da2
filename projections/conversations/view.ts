import type { DatabaseSync } from 'node:sqlite';
import type { Opened } from '#src/every-event.ts';
import { idOf } from '#src/kernel/streams.ts';
import { Refs, refsSchema } from '../runner/refs.ts';
import type { Applier, View } from '../view.ts';
import { excerptOf, lastOfCall, lastOfFile, type LastLine } from './activity.ts';

/** What conversations and spaces are, who is in them, and the last thing said. Counts per person are in `unread`. */
const schema = `
  ${refsSchema('names')}
  CREATE TABLE conversations (
    ref INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, space TEXT, general INTEGER NOT NULL, title TEXT, topic TEXT, opened_at INTEGER NOT NULL, closed INTEGER NOT NULL,
    member_count INTEGER NOT NULL, message_count INTEGER NOT NULL, last TEXT, last_message TEXT) STRICT;
  CREATE UNIQUE INDEX conversations_by_id ON conversations (id);
  CREATE INDEX conversations_of_space ON conversations (space) WHERE space IS NOT NULL;
  CREATE TABLE members (conversation INTEGER NOT NULL, account TEXT NOT NULL, revision INTEGER NOT NULL, joined_at INTEGER NOT NULL, PRIMARY KEY (conversation, account)) STRICT, WITHOUT ROWID;
  CREATE INDEX members_by_account ON members (account, conversation);
  CREATE INDEX members_by_join ON members (conversation, revision, account);
  CREATE TABLE spaces (id TEXT PRIMARY KEY, name TEXT, topic TEXT, general TEXT NOT NULL, member_count INTEGER NOT NULL, founded_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE space_members (space TEXT NOT NULL, account TEXT NOT NULL, revision INTEGER NOT NULL, joined_at INTEGER NOT NULL, administrator INTEGER NOT NULL, PRIMARY KEY (space, account)) STRICT, WITHOUT ROWID;
  CREATE INDEX space_members_by_account ON space_members (account, space);
  CREATE TABLE silent (account TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`;

/** What happened since the last commit that people's lists must hear of; the runner turns it into rows once every view has committed. */
export type Concern =
  | { readonly is: 'conversation'; readonly conversationId: string; readonly account: string | null }
  | { readonly is: 'conversation-left'; readonly conversationId: string; readonly account: string }
  | { readonly is: 'space'; readonly space: string; readonly account: string | null }
  | { readonly is: 'space-left'; readonly space: string; readonly account: string };

export type ConversationsApplier = Applier & { readonly takeConcerns: () => readonly Concern[] };

const open = (db: DatabaseSync): ConversationsApplier => {
  const names = new Refs(db, 'names');
  const concerns = new Map<string, Concern>();
  const notice = (concern: Concern): void => {
    // The last word about one thing and person counts; map order keeps it last.
    const about = 'space' in concern ? `s ${concern.space}` : `c ${concern.conversationId}`;
    const key = `${about} ${concern.account ?? '*'}`;
    concerns.delete(key);
    concerns.set(key, concern);
  };
  const lasts = lastPart(db);
  const life = lifePart(db, notice);
  const spaces = spacePart(db, notice);
  const putSilent = db.prepare('INSERT INTO silent VALUES (?)');

  const apply = (event: Opened): void => {
    if (event.stream.startsWith('conversation-')) {
      const ref = names.refOf(event.stream, event.position);
      if (!lasts.apply(event, ref)) life(event, ref);
    } else if (event.stream.startsWith('space-')) spaces(event);
    // Nicknames and outsiders have no list to be told about.
    else if (event.type === 'AccountOpened' && (event.data.kind === 'nickname' || event.data.kind === 'external')) putSilent.run(event.data.account);
  };
  const takeConcerns = (): readonly Concern[] => {
    const taken = [...concerns.values()];
    concerns.clear();
    return taken;
  };
  const derive = (_position: number, wanted: boolean): readonly never[] => {
    // Wanted concerns are taken once every view has committed.
    if (!wanted) concerns.clear();
    return [];
  };
  return { apply, flush: lasts.flush, derive, takeConcerns };
};

/** The last thing said and the number of messages: one write per conversation and batch. */
const lastPart = (db: DatabaseSync) => {
  const read = db.prepare('SELECT last, message_count FROM conversations WHERE ref = ?');
  const write = db.prepare('UPDATE conversations SET last = ?, last_message = ?, message_count = ? WHERE ref = ?');
  const touched = new Map<number, { last: LastLine | null; messages: number; ordinal: number }>();
  const stateOf = (ref: number): { last: LastLine | null; messages: number } => {
    const known = touched.get(ref);
    if (known) return known;
    const row = read.get(ref) as { last: string | null; message_count: number };
    const state = { last: row.last === null ? null : (JSON.parse(row.last) as LastLine), messages: row.message_count, ordinal: 0 };
    touched.set(ref, state);
    return state;
  };
  const apply = (event: Opened, ref: number): boolean => {
    switch (event.type) {
      case 'MessagePosted': {
        const { at, author, messageId, form } = event.data;
        const state = stateOf(ref);
        state.last = { revision: event.revision, at, author, messageId, text: excerptOf(event.content.text?.text), form };
        state.messages += 1;
        return true;
      }
      case 'FileShared': {
        const state = stateOf(ref);
        state.last = lastOfFile(event);
        state.messages += 1;
        return true;
      }
      case 'CallEnded':
        stateOf(ref).last = lastOfCall(event);
        return true;
      case 'FileWithdrawn': {
        const state = stateOf(ref);
        if (state.last?.messageId === event.data.fileId) state.last = { ...state.last, text: null };
        return true;
      }
      case 'MessageEdited': {
        const state = stateOf(ref);
        if (state.last?.messageId === event.data.messageId) state.last = { ...state.last, text: excerptOf(event.content.text?.text) };
        return true;
      }
      case 'MessageRetracted': {
        const state = stateOf(ref);
        if (state.last?.messageId === event.data.messageId) state.last = { ...state.last, text: null };
        return true;
      }
      default:
        return false;
    }
  };
  const flush = (): void => {
    for (const [ref, { last, messages }] of touched) write.run(last === null ? null : JSON.stringify(last), last?.messageId ?? null, messages, ref);
    touched.clear();
  };
  return { apply, flush };
};

const lifePart = (db: DatabaseSync, notice: (concern: Concern) => void) => {
  const put = db.prepare('INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, NULL, NULL)');
  const titled = db.prepare('UPDATE conversations SET title = ?, topic = ? WHERE ref = ?');
  const closed = db.prepare('UPDATE conversations SET closed = 1 WHERE ref = ?');
  const count = db.prepare('UPDATE conversations SET member_count = member_count + ? WHERE ref = ?');
  const join = db.prepare('INSERT INTO members VALUES (?, ?, ?, ?)');
  const rejoin = db.prepare('UPDATE members SET revision = ?, joined_at = ? WHERE conversation = ? AND account = ?');
  const isMember = db.prepare('SELECT 1 FROM members WHERE conversation = ? AND account = ?');
  const leave = db.prepare('DELETE FROM members WHERE conversation = ? AND account = ?');
  const spaceOf = db.prepare('SELECT space FROM conversations WHERE ref = ?');
  /** Everybody in the space sees how many channels it has, joined or not. */
  const noticeSpaceOf = (ref: number): void => {
    const { space } = spaceOf.get(ref) as { space: string | null };
    if (space !== null) notice({ is: 'space', space, account: null });
  };
  const memberJoined = (ref: number, account: string, revision: number, at: number): void => {
    if (isMember.get(ref, account)) rejoin.run(revision, at, ref, account);
    else {
      join.run(ref, account, revision, at);
      count.run(1, ref);
    }
  };
  return (event: Opened, ref: number): void => {
    const conversationId = idOf(event.stream);
    const everybody = { is: 'conversation', conversationId, account: null } as const;
    switch (event.type) {
      case 'ConversationOpened': {
        const { data, content } = event;
        put.run(ref, conversationId, data.kind, data.space, data.general ? 1 : 0, content.title?.title ?? null, content.title?.topic ?? null, data.at);
        for (const account of data.founders) memberJoined(ref, account, event.revision, data.at);
        notice(everybody);
        noticeSpaceOf(ref);
        return;
      }
      case 'MemberJoined':
        memberJoined(ref, event.data.account, event.revision, event.data.at);
        notice({ is: 'conversation', conversationId, account: event.data.account });
        notice(everybody);
        return;
      case 'MemberLeft':
        if (leave.run(ref, event.data.account).changes > 0) count.run(-1, ref);
        notice({ is: 'conversation-left', conversationId, account: event.data.account });
        notice(everybody);
        return;
      case 'ConversationTitled':
        titled.run(event.content.title?.title ?? null, event.content.title?.topic ?? null, ref);
        notice(everybody);
        return;
      case 'ConversationClosed':
        closed.run(ref);
        notice(everybody);
        noticeSpaceOf(ref);
        return;
      default:
        return;
    }
  };
};

const spacePart = (db: DatabaseSync, notice: (concern: Concern) => void) => {
  const put = db.prepare('INSERT INTO spaces VALUES (?, ?, ?, ?, 0, ?)');
  const titled = db.prepare('UPDATE spaces SET name = ?, topic = ? WHERE id = ?');
  const join = db.prepare('INSERT INTO space_members VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision, joined_at = excluded.joined_at, administrator = excluded.administrator');
  const leave = db.prepare('DELETE FROM space_members WHERE space = ? AND account = ?');
  const appoint = db.prepare('UPDATE space_members SET administrator = 1 WHERE space = ? AND account = ?');
  const recount = db.prepare('UPDATE spaces SET member_count = (SELECT count(*) FROM space_members WHERE space = ?1) WHERE id = ?1');
  const generalOf = db.prepare('SELECT general FROM spaces WHERE id = ?');
  return (event: Opened): void => {
    const space = idOf(event.stream);
    switch (event.type) {
      case 'SpaceFounded':
        put.run(space, event.content.title?.title ?? null, event.content.title?.topic ?? null, event.data.general, event.data.at);
        join.run(space, event.data.by, event.revision, event.data.at, 1);
        recount.run(space);
        break;
      case 'SpaceTitled':
        titled.run(event.content.title?.title ?? null, event.content.title?.topic ?? null, space);
        // General carries the space's name and topic.
        notice({ is: 'conversation', conversationId: (generalOf.get(space) as { general: string }).general, account: null });
        break;
      case 'SpaceJoined':
        join.run(space, event.data.account, event.revision, event.data.at, 0);
        recount.run(space);
        notice({ is: 'space', space, account: event.data.account });
        break;
      case 'SpaceLeft':
        leave.run(space, event.data.account);
        recount.run(space);
        notice({ is: 'space-left', space, account: event.data.account });
        break;
      case 'AdministratorAppointed':
        appoint.run(space, event.data.account);
        break;
      default:
        return;
    }
    notice({ is: 'space', space, account: null });
  };
};

export const conversationsView = {
  name: 'conversations',
  version: 2,
  schema,
  tables: [
    { name: 'names', orderBy: 'ref' }, { name: 'conversations', orderBy: 'ref' }, { name: 'members', orderBy: 'conversation, account' }, { name: 'spaces', orderBy: 'id' },
    { name: 'space_members', orderBy: 'space, account' }, { name: 'silent', orderBy: 'account' },
  ],
  open,
} satisfies View;
