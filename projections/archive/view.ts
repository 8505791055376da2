import type { DatabaseSync } from 'node:sqlite';
import { isCallEvent } from '#src/calls/call.ts';
import type { Opened } from '#src/every-event.ts';
import { idOf } from '#src/kernel/streams.ts';
import { isMeetingEvent } from '#src/meetings/meeting.ts';
import { callWords, personOf } from '../calls/words.ts';
import { keeperOf, meetingWords } from '../calls/meeting-words.ts';
import { closerOf, closingWords, leavingWords } from '../conversations/parting-words.ts';
import { HeldRows } from '../runner/held-rows.ts';
import { ManyRows } from '../runner/many-rows.ts';
import { Refs, refsSchema } from '../runner/refs.ts';
import { bulkOf, conversationToken, fullTextSchema, personToken } from '../search/full-text.ts';
import { segmented } from '../search/tokens.ts';
import type { Applier, View } from '../view.ts';
import { inquiriesPart } from './inquiries.ts';
import { previewsPart, previewsSchema, wordsOf } from './previews.ts';

export const kinds = ['message', 'reaction', 'membership', 'life', 'file', 'link', 'call'] as const;
export const states = ['current', 'earlier', 'retracted'] as const;
type Kind = (typeof kinds)[number];

/**
 * Everything ever said or done in a conversation, one row an event. `rows` is narrow, because filters and facets walk it;
 * `details` has the text as it was said. An edit makes the version before it `earlier`; a retraction makes the last one `retracted`. A file is its name, under its id in place of a message's, and is `retracted` once it is withdrawn. What a
 * link led to is its words, under the id of its message, `retracted` with that or once it is withdrawn itself.
 */
const schema = `
  ${refsSchema('names')}
  ${refsSchema('people')}
  CREATE TABLE profiles (account TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE conversations (ref INTEGER PRIMARY KEY, kind TEXT NOT NULL, space TEXT, general INTEGER NOT NULL, title TEXT) STRICT;
  CREATE TABLE spaces (space TEXT PRIMARY KEY, name TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE intervals (conversation INTEGER NOT NULL, account TEXT NOT NULL, joined INTEGER NOT NULL, left_at INTEGER, PRIMARY KEY (conversation, account, joined)) STRICT, WITHOUT ROWID;
  CREATE TABLE rows (position INTEGER PRIMARY KEY, kind INTEGER NOT NULL, state INTEGER NOT NULL, person INTEGER NOT NULL, conversation INTEGER NOT NULL, month INTEGER NOT NULL, shown_at INTEGER NOT NULL) STRICT;
  CREATE TABLE details (position INTEGER PRIMARY KEY, revision INTEGER NOT NULL, at INTEGER NOT NULL, author TEXT NOT NULL, message TEXT, type TEXT NOT NULL, event TEXT NOT NULL, leaf TEXT NOT NULL, imported TEXT, text TEXT) STRICT;
  CREATE TABLE lines (conversation INTEGER NOT NULL, revision INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (conversation, revision)) STRICT, WITHOUT ROWID;
  CREATE TABLE versions (message TEXT NOT NULL, conversation INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (message, conversation, position)) STRICT, WITHOUT ROWID;
  CREATE TABLE retractions (message TEXT NOT NULL, conversation INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, revision INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (message, conversation)) STRICT, WITHOUT ROWID;
  ${previewsSchema}
  CREATE TABLE inquiries (inquiry TEXT PRIMARY KEY, case_stream TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT, open INTEGER NOT NULL, looks INTEGER NOT NULL, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  ${fullTextSchema('texts')}
`;

// Nearly every event is of the month of the one before.
let month = { from: 0, to: 0, number: 0 };
/** Months since year 0, UTC: 2026-11 is 2026 * 12 + 10. */
const monthOf = (at: number): number => {
  if (at >= month.from && at < month.to) return month.number;
  const date = new Date(at);
  const [year, index] = [date.getUTCFullYear(), date.getUTCMonth()];
  month = { from: Date.UTC(year, index), to: Date.UTC(year, index + 1), number: year * 12 + index };
  return month.number;
};

type Entry = { readonly kind: Kind; readonly person: string; readonly text: string | null; readonly message: string | null; readonly state?: 'earlier'; readonly imported?: { readonly saidAt: number } | undefined };

type SetState = (position: number, state: (typeof states)[number]) => void;

/** The rows of events: narrow, in detail, by place, and their words. */
const entriesPart = (db: DatabaseSync) => {
  const people = new Refs(db, 'people');
  const rows = new ManyRows(db, 'rows', 7);
  const details = new ManyRows(db, 'details', 10);
  const lines = new ManyRows(db, 'lines', 3);
  const putText = db.prepare('INSERT INTO texts (rowid, tokens, scope) VALUES (?, ?, ?)');
  const updateState = db.prepare('UPDATE rows SET state = ? WHERE position = ?');
  const setState: SetState = (position, state) => {
    rows.flush();
    updateState.run(states.indexOf(state), position);
  };
  const add = (event: Opened, ref: number, entry: Entry): void => {
    const { at } = event.data as { at: number };
    const person = people.refOf(entry.person, event.position);
    const shownAt = entry.imported?.saidAt ?? at;
    rows.add(event.position, kinds.indexOf(entry.kind), 0, person, ref, monthOf(shownAt), shownAt);
    details.add(event.position, event.revision, at, entry.person, entry.message, event.type, event.id, event.leafHash, entry.imported ? JSON.stringify(entry.imported) : null, entry.text);
    lines.add(ref, event.revision, event.position);
    if (entry.text !== null) putText.run(event.position, segmented(entry.text), `${conversationToken(ref)} ${personToken(person)}`);
  };
  const flush = (): void => {
    for (const table of [rows, details, lines]) table.flush();
  };
  return { add, setState, flush };
};

const open = (db: DatabaseSync): Applier => {
  const names = new Refs(db, 'names');
  const { add, setState, flush } = entriesPart(db);
  const versions = versionsPart(db, setState);
  const previews = previewsPart(db, setState);
  const nameOfAccount = profilePart(db);
  const life = lifePart(db);
  const inquiries = inquiriesPart(db);

  const applyToConversation = (event: Opened): void => {
    const ref = names.refOf(event.stream, event.position);
    life(event, ref);
    switch (event.type) {
      case 'MessagePosted':
      case 'MessageEdited': {
        const { author, messageId } = event.data;
        add(event, ref, { kind: 'message', person: author, text: event.content.text?.text ?? null, message: messageId, imported: event.type === 'MessagePosted' ? event.data.imported : undefined });
        return versions.add(messageId, ref, event);
      }
      case 'MessageRetracted':
        previews.retract(event.data.messageId, ref);
        return versions.retract(event.data.messageId, event, ref);
      case 'LinkPreviewed':
        add(event, ref, { kind: 'link', person: event.data.author, text: wordsOf(event.content.preview), message: event.data.messageId });
        return previews.add(event, ref);
      case 'LinkPreviewWithdrawn':
        previews.withdraw(event, ref);
        return add(event, ref, { kind: 'link', person: event.data.by, text: null, message: event.data.messageId });
      case 'FileShared':
        add(event, ref, { kind: 'file', person: event.data.author, text: event.content.file?.name ?? null, message: event.data.fileId });
        return versions.add(event.data.fileId, ref, event);
      case 'FileWithdrawn':
        return versions.retract(event.data.fileId, event, ref);
      case 'ReactionAdded':
        return add(event, ref, { kind: 'reaction', person: event.data.author, text: event.content.reaction?.emoji ?? null, message: event.data.messageId });
      case 'ReactionWithdrawn':
        return add(event, ref, { kind: 'reaction', person: event.data.author, text: null, message: event.data.messageId });
      case 'MemberJoined':
        return add(event, ref, { kind: 'membership', person: event.data.account, text: `${nameOfAccount(event.data.account)} joined`, message: null, imported: event.data.imported });
      case 'MemberLeft':
        return add(event, ref, { kind: 'membership', person: event.data.account, text: leavingWords(event, nameOfAccount), message: null, imported: event.data.imported });
      case 'ConversationOpened':
        return add(event, ref, { kind: 'life', person: event.data.by, text: [event.content.title?.title, event.content.title?.topic, ...event.data.founders.map(nameOfAccount)].filter(Boolean).join(' · '), message: null, imported: event.data.imported });
      case 'ConversationTitled':
        return add(event, ref, { kind: 'life', person: event.data.by, text: [event.content.title?.title, event.content.title?.topic].filter(Boolean).join(' · '), message: null });
      case 'ConversationClosed':
        return add(event, ref, { kind: 'life', person: closerOf(event), text: closingWords(event, nameOfAccount), message: null });
      default:
        if (isCallEvent(event)) add(event, ref, { kind: 'call', person: personOf(event), text: callWords(event, nameOfAccount), message: null });
        else if (isMeetingEvent(event)) add(event, ref, { kind: 'life', person: keeperOf(event), text: meetingWords(event, nameOfAccount), message: null });
    }
  };
  return {
    flush: () => {
      flush();
      versions.flush();
    },
    apply: (event) => {
      if (event.stream.startsWith('conversation-')) applyToConversation(event);
      else if (event.type === 'AccountOpened' || event.type === 'ProfileChanged') nameOfAccount.learn(event.data.account, event.content.profile?.displayName ?? '');
      else if (event.stream.startsWith('case-')) inquiries(event);
      else if (event.type === 'SpaceFounded' || event.type === 'SpaceTitled') life(event, 0);
    },
  };
};

const versionsPart = (db: DatabaseSync, setState: SetState) => {
  const last = db.prepare('SELECT max(position) AS position FROM versions WHERE message = ? AND conversation = ?');
  const putRetraction = db.prepare('INSERT INTO retractions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const versions = new HeldRows(db, 'versions', 3);
  const positionColumn = 2;
  const lastOf = (message: string, ref: number): number | null => {
    const held = versions.find(message, ref);
    return held === undefined ? (last.get(message, ref) as { position: number | null }).position : (versions.valueOf(held, positionColumn) as number);
  };
  return {
    add: (message: string, ref: number, event: Opened): void => {
      if (event.type === 'MessageEdited') {
        const before = lastOf(message, ref);
        if (before !== null) setState(before, 'earlier');
      }
      versions.add([message, ref, event.position]);
    },
    flush: (): void => versions.flush(),
    retract: (message: string, event: Extract<Opened, { type: 'MessageRetracted' | 'FileWithdrawn' }>, ref: number): void => {
      const { at, by } = event.data;
      const version = lastOf(message, ref);
      if (version !== null) setState(version, 'retracted');
      putRetraction.run(message, ref, at, by, event.revision, event.position);
    },
  };
};

const profilePart = (db: DatabaseSync) => {
  const put = db.prepare('INSERT INTO profiles VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name');
  const find = db.prepare('SELECT name FROM profiles WHERE account = ?');
  const nameOf = (account: string): string => (find.get(account) as { name: string } | undefined)?.name ?? '';
  return Object.assign(nameOf, { learn: (account: string, name: string): void => void put.run(account, name) });
};

const lifePart = (db: DatabaseSync) => {
  const put = db.prepare('INSERT INTO conversations VALUES (?, ?, ?, ?, ?)');
  const titled = db.prepare('UPDATE conversations SET title = ? WHERE ref = ?');
  const space = db.prepare('INSERT INTO spaces VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name');
  const join = db.prepare('INSERT INTO intervals VALUES (?, ?, ?, NULL)');
  const leave = db.prepare('UPDATE intervals SET left_at = ? WHERE conversation = ? AND account = ? AND left_at IS NULL');
  return (event: Opened, ref: number): void => {
    switch (event.type) {
      case 'ConversationOpened':
        put.run(ref, event.data.kind, event.data.space, event.data.general ? 1 : 0, event.content.title?.title ?? null);
        for (const account of event.data.founders) join.run(ref, account, event.revision);
        return;
      case 'ConversationTitled':
        titled.run(event.content.title?.title ?? null, ref);
        return;
      case 'MemberJoined':
        leave.run(event.revision, ref, event.data.account);
        join.run(ref, event.data.account, event.revision);
        return;
      case 'MemberLeft':
        leave.run(event.revision, ref, event.data.account);
        return;
      case 'SpaceFounded':
      case 'SpaceTitled':
        space.run(idOf(event.stream), event.content.title?.title ?? null);
        return;
      default:
        return;
    }
  };
};

export const archiveView: View = {
  name: 'archive',
  version: 5,
  schema,
  tables: [
    { name: 'names', orderBy: 'ref' }, { name: 'people', orderBy: 'ref' }, { name: 'profiles', orderBy: 'account' }, { name: 'conversations', orderBy: 'ref' }, { name: 'spaces', orderBy: 'space' },
    { name: 'intervals', orderBy: 'conversation, account, joined' }, { name: 'rows', orderBy: 'position' }, { name: 'details', orderBy: 'position' }, { name: 'lines', orderBy: 'conversation, revision' },
    { name: 'versions', orderBy: 'message, conversation, position' }, { name: 'retractions', orderBy: 'message, conversation' }, { name: 'previews', orderBy: 'message, conversation, link' }, { name: 'inquiries', orderBy: 'inquiry' }, { fts: 'texts' },
  ],
  open,
  bulk: bulkOf('texts'),
};
