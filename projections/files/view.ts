import type { DatabaseSync } from 'node:sqlite';
import { fileKindOf } from '#src/contract/files.ts';
import type { Opened } from '#src/every-event.ts';
import { idOf } from '#src/kernel/streams.ts';
import { Refs, refsSchema } from '../runner/refs.ts';
import { bulkOf, conversationToken, fullTextSchema, personToken } from '../search/full-text.ts';
import { segmented } from '../search/tokens.ts';
import { sightPart, sightSchema } from '../search/view.ts';
import type { Applier, View } from '../view.ts';

/**
 * Every file ever shared, by the log position of its sharing. `name` and `hash` (SHA-256 of the file, hexadecimal) come from sealed content
 * and are null where its key is gone; the file's own key is never here. `uploads`: reservations that are neither settled nor released.
 */
const schema = `
  ${refsSchema('names')}
  ${refsSchema('people')}
  ${sightSchema}
  CREATE TABLE files (
    position INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, file TEXT NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL, author TEXT NOT NULL, name TEXT, size INTEGER NOT NULL, type TEXT NOT NULL,
    kind TEXT NOT NULL, width INTEGER, height INTEGER, hash TEXT, blob TEXT NOT NULL, message TEXT, withdrawn_at INTEGER) STRICT;
  CREATE UNIQUE INDEX files_by_id ON files (file, conversation);
  CREATE INDEX files_by_author ON files (author, position);
  CREATE INDEX files_by_conversation ON files (conversation, position);
  CREATE INDEX files_by_hash ON files (hash) WHERE hash IS NOT NULL;
  CREATE INDEX files_by_blob ON files (blob);
  CREATE INDEX files_by_message ON files (message, conversation) WHERE message IS NOT NULL;
  CREATE INDEX files_without_key ON files (position) WHERE name IS NULL;
  CREATE TABLE used (account TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE uploads (account TEXT NOT NULL, file TEXT NOT NULL, bytes INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (account, file)) STRICT, WITHOUT ROWID;
  ${fullTextSchema('texts')}
`;

const quotaPart = (db: DatabaseSync) => {
  const reserve = db.prepare('INSERT INTO uploads VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes, at = excluded.at');
  const end = db.prepare('DELETE FROM uploads WHERE account = ? AND file = ?');
  const use = db.prepare('INSERT INTO used VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes');
  return (event: Opened): void => {
    const account = idOf(event.stream);
    if (event.type === 'QuotaReserved') reserve.run(account, event.data.fileId, event.data.bytes, event.data.at);
    else if (event.type === 'QuotaSettled' || event.type === 'QuotaReleased' || event.type === 'InfectedFileRefused') {
      end.run(account, event.data.fileId);
      if (event.type === 'QuotaSettled') use.run(account, event.data.bytes);
    }
  };
};

const hexOf = (hash: string): string => Buffer.from(hash, 'base64url').toString('hex');

const open = (db: DatabaseSync): Applier => {
  const names = new Refs(db, 'names');
  const people = new Refs(db, 'people');
  const applySight = sightPart(db);
  const applyQuota = quotaPart(db);
  const put = db.prepare('INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)');
  const putText = db.prepare('INSERT INTO texts (rowid, tokens, scope) VALUES (?, ?, ?)');
  const withdraw = db.prepare('UPDATE files SET withdrawn_at = ? WHERE file = ? AND conversation = ?');
  const apply = (event: Opened): void => {
    if (event.stream.startsWith('account-')) return applyQuota(event);
    if (!event.stream.startsWith('conversation-')) return;
    switch (event.type) {
      case 'FileShared': {
        const { at, author, blob, fileId, height = null, messageId = null, size, type, width = null } = event.data;
        const { name = null, hash = null } = event.content.file ?? {};
        const ref = names.refOf(event.stream, event.position);
        put.run(event.position, ref, fileId, event.revision, at, author, name, size, type, fileKindOf(type), width, height, hash === null ? null : hexOf(hash), blob, messageId);
        if (name !== null) putText.run(event.position, segmented(name), `${conversationToken(ref)} ${personToken(people.refOf(author, event.position))}`);
        return;
      }
      case 'FileWithdrawn':
        withdraw.run(event.data.at, event.data.fileId, names.refOf(event.stream, event.position));
        return;
      case 'ConversationOpened':
      case 'MemberJoined':
      case 'MemberLeft':
        return applySight(event, names.refOf(event.stream, event.position));
      default:
        return;
    }
  };
  return { apply };
};

export const filesView: View = {
  name: 'files',
  version: 2,
  schema,
  tables: [
    { name: 'names', orderBy: 'ref' }, { name: 'people', orderBy: 'ref' }, { name: 'conversations', orderBy: 'ref' }, { name: 'intervals', orderBy: 'conversation, account, joined' }, { name: 'files', orderBy: 'position' },
    { name: 'used', orderBy: 'account' }, { name: 'uploads', orderBy: 'account, file' }, { fts: 'texts' },
  ],
  open,
  bulk: bulkOf('texts'),
};
