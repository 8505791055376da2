import type { DatabaseSync } from 'node:sqlite';
import { applyToNamed, type TimelineChange, type TimelineLine } from '#src/contract/timeline.ts';
import type { Opened } from '#src/every-event.ts';
import { idOf } from '#src/kernel/streams.ts';
import { HeldRows } from '../runner/held-rows.ts';
import { Refs, refsSchema } from '../runner/refs.ts';
import type { Applier, Derived, View } from '../view.ts';
import { projectTimeline } from './projector.ts';
import { Receipts, receiptsSchema } from './receipts.ts';

/**
 * Lines as documents of the contract, one row each. `ordinal` is null for lines of life and calls; `author` and `shown_at` say whose and of
 * which month the sealed content in the document is. `counts`: a message or file that is not retracted or withdrawn.
 */
const schema = `
  ${refsSchema('names')}
  CREATE TABLE conversations (ref INTEGER PRIMARY KEY, visibility TEXT NOT NULL, last_ordinal INTEGER NOT NULL, head INTEGER NOT NULL) STRICT;
  CREATE TABLE lines (conversation INTEGER NOT NULL, revision INTEGER NOT NULL, ordinal INTEGER, counts INTEGER NOT NULL, author TEXT NOT NULL, shown_at INTEGER NOT NULL, document TEXT NOT NULL, PRIMARY KEY (conversation, revision)) STRICT, WITHOUT ROWID;
  CREATE TABLE messages (message TEXT NOT NULL, conversation INTEGER NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (message, conversation)) STRICT, WITHOUT ROWID;
  CREATE TABLE files (file TEXT NOT NULL, conversation INTEGER NOT NULL, revision INTEGER NOT NULL, PRIMARY KEY (file, conversation)) STRICT, WITHOUT ROWID;
  CREATE TABLE intervals (conversation INTEGER NOT NULL, account TEXT NOT NULL, joined INTEGER NOT NULL, left_at INTEGER, PRIMARY KEY (conversation, account, joined)) STRICT, WITHOUT ROWID;
  CREATE INDEX members ON intervals (conversation, account) WHERE left_at IS NULL;
  ${receiptsSchema}
`;

const open = (db: DatabaseSync): Applier => {
  const names = new Refs(db, 'names');
  const lines = linesPart(db);
  const receipts = new Receipts(db);
  const membership = membershipPart(db, receipts);
  const putConversation = db.prepare('INSERT INTO conversations VALUES (?, ?, 0, ?)');
  const putHead = db.prepare('UPDATE conversations SET last_ordinal = max(last_ordinal, ?), head = ? WHERE ref = ?');
  const headOf = db.prepare('SELECT head FROM conversations WHERE ref = ?');
  const nameOf = db.prepare('SELECT name FROM names WHERE ref = ?');
  const heads = new Map<number, { ordinal: number; revision: number }>();

  const applyToConversation = (event: Opened): void => {
    const ref = names.refOf(event.stream, event.position);
    if (event.type === 'ConversationOpened') putConversation.run(ref, event.data.historyVisibility, event.revision);
    heads.set(ref, { ordinal: event.type === 'MessagePosted' || event.type === 'FileShared' ? event.data.ordinal : (heads.get(ref)?.ordinal ?? 0), revision: event.revision });
    for (const change of projectTimeline(event)) lines.apply(ref, change);
    membership(event, ref);
  };
  const applyViewed = (event: Extract<Opened, { type: 'Viewed' }>): void => {
    for (const range of event.data.ranges) {
      const ref = names.find(`conversation-${range.conversation}`);
      if (ref === undefined) continue;
      const head = heads.get(ref)?.revision ?? (headOf.get(ref) as { head: number }).head;
      // Nobody can have seen what is not there yet.
      if (range.from <= head) receipts.viewed(ref, event.data.account, range.from, Math.min(range.to, head), range.at);
    }
  };
  return {
    apply: (event) => {
      if (event.stream.startsWith('conversation-')) applyToConversation(event);
      else if (event.type === 'Viewed') applyViewed(event);
      else if (event.type === 'SettingPut' && event.data.name === 'receiptsMembersMax' && event.data.scope.kind === 'global') receipts.setMembersMax(JSON.parse(event.data.value) as number);
    },
    flush: () => {
      for (const [ref, head] of heads) putHead.run(head.ordinal, head.revision, ref);
      heads.clear();
      lines.flush();
    },
    derive: (position, wanted) => {
      const derived: Derived[] = [];
      for (const [ref, ranges] of receipts.takeFresh()) {
        if (wanted) derived.push({ view: 'timeline', key: idOf((nameOf.get(ref) as { name: string }).name), position, change: { kind: 'viewed-by-all', ranges } });
      }
      return derived;
    },
  };
};

const linesPart = (db: DatabaseSync) => {
  const putLine = db.prepare('INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?)');
  const messages = new HeldRows(db, 'messages', 3);
  const revisionColumn = 2;
  const find = db.prepare('SELECT revision FROM messages WHERE message = ? AND conversation = ?');
  const documentOf = db.prepare('SELECT document FROM lines WHERE conversation = ? AND revision = ?');
  const revisionOf = (message: string, ref: number): number | undefined => {
    const held = messages.find(message, ref);
    return held === undefined ? (find.get(message, ref) as { revision: number } | undefined)?.revision : (messages.valueOf(held, revisionColumn) as number);
  };
  const putFile = db.prepare('INSERT INTO files VALUES (?, ?, ?)');
  const findFile = db.prepare('SELECT revision FROM files WHERE file = ? AND conversation = ?');
  const putDocument = db.prepare('UPDATE lines SET document = ?, counts = ? WHERE conversation = ? AND revision = ?');
  const add = (ref: number, line: TimelineLine): void => {
    const shownAt = ('importedSaidAt' in line ? line.importedSaidAt : null) ?? line.at;
    if (line.kind === 'message') {
      putLine.run(ref, line.revision, line.ordinal, 1, line.author, shownAt, JSON.stringify(line));
      messages.add([line.messageId, ref, line.revision]);
    } else if (line.kind === 'file') {
      putLine.run(ref, line.revision, line.ordinal, 1, line.author, shownAt, JSON.stringify(line));
      putFile.run(line.fileId, ref, line.revision);
    } else putLine.run(ref, line.revision, null, 0, line.account ?? 'appliance', shownAt, JSON.stringify(line));
  };
  const apply = (ref: number, change: TimelineChange): void => {
    if (change.kind === 'line-added') return add(ref, change.line);
    if (change.kind === 'viewed-by-all') return;
    const revision = 'fileId' in change ? (findFile.get(change.fileId, ref) as { revision: number } | undefined)?.revision : revisionOf(change.messageId, ref);
    if (revision === undefined) throw new Error(`there is no line of ${'fileId' in change ? `file ${change.fileId}` : `message ${change.messageId}`}`);
    const line = applyToNamed(JSON.parse((documentOf.get(ref, revision) as { document: string }).document) as TimelineLine, change);
    putDocument.run(JSON.stringify(line), (line.kind === 'message' && line.retracted) || (line.kind === 'file' && line.withdrawn) ? 0 : 1, ref, revision);
  };
  return { apply, flush: (): void => messages.flush() };
};

const membershipPart = (db: DatabaseSync, receipts: Receipts) => {
  const join = db.prepare('INSERT INTO intervals VALUES (?, ?, ?, NULL)');
  const current = db.prepare('SELECT joined FROM intervals WHERE conversation = ? AND account = ? AND left_at IS NULL');
  const leave = db.prepare('UPDATE intervals SET left_at = ? WHERE conversation = ? AND account = ? AND left_at IS NULL');
  const ended = (ref: number, account: string, revision: number): void => {
    const row = current.get(ref, account) as { joined: number } | undefined;
    if (!row) return;
    leave.run(revision, ref, account);
    receipts.released(ref, account, row.joined, revision);
  };
  return (event: Opened, ref: number): void => {
    if (event.type === 'ConversationOpened') for (const account of event.data.founders) join.run(ref, account, event.revision);
    else if (event.type === 'MemberLeft') ended(ref, event.data.account, event.revision);
    else if (event.type === 'MemberJoined') {
      // An import knows joins of people who never were seen leaving: the latest join is the one that counts.
      ended(ref, event.data.account, event.revision);
      join.run(ref, event.data.account, event.revision);
    }
  };
};

export const timelineView: View = {
  name: 'timeline',
  version: 4,
  schema,
  tables: [
    { name: 'names', orderBy: 'ref' }, { name: 'conversations', orderBy: 'ref' }, { name: 'lines', orderBy: 'conversation, revision' }, { name: 'messages', orderBy: 'message, conversation' }, { name: 'files', orderBy: 'file, conversation' },
    { name: 'intervals', orderBy: 'conversation, account, joined' }, { name: 'viewed', orderBy: 'conversation, account, from_revision' }, { name: 'complete', orderBy: 'conversation, from_revision' }, { name: 'receipts', orderBy: 'one' },
  ],
  open,
};
