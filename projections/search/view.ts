import type { DatabaseSync } from 'node:sqlite';
import type { Opened } from '#src/every-event.ts';
import { HeldRows } from '../runner/held-rows.ts';
import { ManyRows } from '../runner/many-rows.ts';
import { Refs, refsSchema } from '../runner/refs.ts';
import type { Applier, View } from '../view.ts';
import { bulkOf, conversationToken, fullTextSchema, personToken } from './full-text.ts';
import { segmented } from './tokens.ts';

/** Tables of `sightPart`. */
export const sightSchema = `
  CREATE TABLE conversations (ref INTEGER PRIMARY KEY, since_joined INTEGER NOT NULL) STRICT;
  CREATE TABLE intervals (conversation INTEGER NOT NULL, account TEXT NOT NULL, joined INTEGER NOT NULL, left_at INTEGER, PRIMARY KEY (conversation, account, joined)) STRICT, WITHOUT ROWID;`;

/** What people may find: current versions of messages that are not retracted. `position`: where the message was posted. */
const schema = `
  ${refsSchema('names')}
  ${refsSchema('people')}
  ${sightSchema}
  CREATE TABLE messages (position INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, message TEXT NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL, shown_at INTEGER NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE TABLE places (message TEXT NOT NULL, conversation INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (message, conversation)) STRICT, WITHOUT ROWID;
  ${fullTextSchema('texts')}
`;

/** Who is where matters only where people see what was said since they joined. */
export const sightPart = (db: DatabaseSync) => {
  const putConversation = db.prepare('INSERT INTO conversations VALUES (?, ?)');
  const isSinceJoined = db.prepare('SELECT since_joined FROM conversations WHERE ref = ?');
  const join = db.prepare('INSERT INTO intervals VALUES (?, ?, ?, NULL)');
  const leave = db.prepare('UPDATE intervals SET left_at = ? WHERE conversation = ? AND account = ? AND left_at IS NULL');
  const isRestricted = (ref: number): boolean => (isSinceJoined.get(ref) as { since_joined: number }).since_joined === 1;
  return (event: Opened, ref: number): void => {
    switch (event.type) {
      case 'ConversationOpened':
        putConversation.run(ref, event.data.historyVisibility === 'all' ? 0 : 1);
        if (event.data.historyVisibility !== 'all') for (const account of event.data.founders) join.run(ref, account, event.revision);
        return;
      case 'MemberJoined':
        if (!isRestricted(ref)) return;
        leave.run(event.revision, ref, event.data.account);
        join.run(ref, event.data.account, event.revision);
        return;
      case 'MemberLeft':
        if (isRestricted(ref)) leave.run(event.revision, ref, event.data.account);
        return;
      default:
        return;
    }
  };
};

const open = (db: DatabaseSync): Applier => {
  const names = new Refs(db, 'names');
  const people = new Refs(db, 'people');
  const applySight = sightPart(db);
  const messages = new ManyRows(db, 'messages', 8);
  const putText = db.prepare('INSERT INTO texts (rowid, tokens, scope) VALUES (?, ?, ?)');
  const find = db.prepare('SELECT position FROM places WHERE message = ? AND conversation = ?');
  const dropPlace = db.prepare('DELETE FROM places WHERE message = ? AND conversation = ?');
  const places = new HeldRows(db, 'places', 3);
  const positionColumn = 2;
  const edit = db.prepare('UPDATE messages SET text = ? WHERE position = ?');
  const editText = db.prepare('UPDATE texts SET tokens = ? WHERE rowid = ?');
  const drop = db.prepare('DELETE FROM messages WHERE position = ?');
  const dropText = db.prepare('DELETE FROM texts WHERE rowid = ?');
  const positionOf = (message: string, ref: number): number | undefined => {
    const held = places.find(message, ref);
    return held === undefined ? (find.get(message, ref) as { position: number } | undefined)?.position : (places.valueOf(held, positionColumn) as number);
  };
  const remove = (position: number, message: string, ref: number): void => {
    messages.flush();
    drop.run(position);
    dropText.run(position);
    const held = places.find(message, ref);
    if (held === undefined) dropPlace.run(message, ref);
    else places.drop(held);
  };

  const apply = (event: Opened): void => {
    if (!event.stream.startsWith('conversation-')) return;
    const ref = names.refOf(event.stream, event.position);
    switch (event.type) {
      case 'MessagePosted': {
        const { author, messageId, at, imported } = event.data;
        const text = event.content.text?.text;
        if (text === undefined) return;
        messages.add(event.position, ref, messageId, event.revision, at, imported?.saidAt ?? at, author, text);
        places.add([messageId, ref, event.position]);
        putText.run(event.position, segmented(text), `${conversationToken(ref)} ${personToken(people.refOf(author, event.position))}`);
        return;
      }
      case 'MessageEdited': {
        const position = positionOf(event.data.messageId, ref);
        const text = event.content.text?.text;
        if (position === undefined) return;
        if (text === undefined) return remove(position, event.data.messageId, ref);
        messages.flush();
        edit.run(text, position);
        editText.run(segmented(text), position);
        return;
      }
      case 'MessageRetracted': {
        const position = positionOf(event.data.messageId, ref);
        if (position !== undefined) remove(position, event.data.messageId, ref);
        return;
      }
      default:
        return applySight(event, ref);
    }
  };
  const flush = (): void => {
    messages.flush();
    places.flush();
  };
  return { apply, flush };
};

export const searchView: View = {
  name: 'search',
  version: 2,
  schema,
  tables: [{ name: 'names', orderBy: 'ref' }, { name: 'people', orderBy: 'ref' }, { name: 'conversations', orderBy: 'ref' }, { name: 'intervals', orderBy: 'conversation, account, joined' }, { name: 'messages', orderBy: 'position' }, { name: 'places', orderBy: 'message, conversation' }, { fts: 'texts' }],
  open,
  bulk: bulkOf('texts'),
};
