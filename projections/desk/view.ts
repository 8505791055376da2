import type { DatabaseSync } from 'node:sqlite';
import type { Opened } from '#src/every-event.ts';
import { idOf } from '#src/kernel/streams.ts';
import { HeldRows } from '../runner/held-rows.ts';
import { Refs, refsSchema } from '../runner/refs.ts';
import type { Applier, View } from '../view.ts';
import { callColumn } from './call-column.ts';
import { meetingColumn } from './meeting-column.ts';

/** What deciders look up by key, and what every node keeps in memory from its start: headers, standing, settings, sessions. */
const schema = `
  ${refsSchema('streams')}
  ${refsSchema('actors')}
  CREATE TABLE commands (command TEXT NOT NULL, stream INTEGER NOT NULL, actor INTEGER NOT NULL, revision INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (command, stream, actor)) STRICT, WITHOUT ROWID;
  CREATE TABLE messages (message TEXT NOT NULL, stream INTEGER NOT NULL, author TEXT NOT NULL, ordinal INTEGER NOT NULL, revision INTEGER NOT NULL, retracted INTEGER NOT NULL, PRIMARY KEY (message, stream)) STRICT, WITHOUT ROWID;
  CREATE TABLE reactions (reaction TEXT NOT NULL, stream INTEGER NOT NULL, message TEXT NOT NULL, author TEXT NOT NULL, emoji TEXT, withdrawn INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (reaction, stream)) STRICT, WITHOUT ROWID;
  CREATE INDEX reactions_of_message ON reactions (message, stream, position);
  CREATE TABLE files (file TEXT NOT NULL, stream INTEGER NOT NULL, author TEXT NOT NULL, ordinal INTEGER NOT NULL, revision INTEGER NOT NULL, withdrawn INTEGER NOT NULL, PRIMARY KEY (file, stream)) STRICT, WITHOUT ROWID;
  CREATE TABLE previews (message TEXT NOT NULL, stream INTEGER NOT NULL, link INTEGER NOT NULL, author TEXT NOT NULL, url TEXT, withdrawn INTEGER NOT NULL, PRIMARY KEY (message, stream, link)) STRICT, WITHOUT ROWID;
  CREATE TABLE conversations (
    stream INTEGER PRIMARY KEY, kind TEXT NOT NULL, space TEXT, general INTEGER NOT NULL, closed INTEGER NOT NULL, visibility TEXT NOT NULL, opened_at INTEGER NOT NULL,
    imported INTEGER NOT NULL, member_count INTEGER NOT NULL, last_ordinal INTEGER NOT NULL, revision INTEGER NOT NULL, leaf TEXT NOT NULL, call TEXT, meeting TEXT) STRICT;
  CREATE INDEX conversations_of_space ON conversations (space) WHERE space IS NOT NULL;
  CREATE TABLE members (stream INTEGER NOT NULL, account TEXT NOT NULL, revision INTEGER NOT NULL, under INTEGER, PRIMARY KEY (stream, account)) STRICT, WITHOUT ROWID;
  CREATE INDEX members_by_account ON members (account, stream);
  CREATE TABLE accounts (account TEXT PRIMARY KEY, kind TEXT NOT NULL, roles TEXT NOT NULL, suspended INTEGER NOT NULL, sign_in_name TEXT, class_of_service TEXT, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE spaces (space TEXT PRIMARY KEY, general TEXT NOT NULL, revision INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE space_members (space TEXT NOT NULL, account TEXT NOT NULL, revision INTEGER NOT NULL, administrator INTEGER NOT NULL, PRIMARY KEY (space, account)) STRICT, WITHOUT ROWID;
  CREATE TABLE settings (name TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, PRIMARY KEY (name, scope, id)) STRICT, WITHOUT ROWID;
  CREATE TABLE sessions (hash TEXT PRIMARY KEY, account TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_of_account ON sessions (account);
  CREATE TABLE requests (request TEXT PRIMARY KEY, account TEXT NOT NULL, act TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

const open = (db: DatabaseSync): Applier => {
  const streams = new Refs(db, 'streams');
  const actors = new Refs(db, 'actors');
  const commands = new HeldRows(db, 'commands', 5, 'ON CONFLICT DO UPDATE SET revision = excluded.revision, count = count + excluded.count');
  const conversations = conversationPart(db);
  const calls = callColumn(db);
  const meetings = meetingColumn(db);
  const applyToAccount = accountPart(db);
  const applyToRest = restPart(db);
  const putHead = db.prepare('UPDATE conversations SET last_ordinal = coalesce(?, last_ordinal), revision = ?, leaf = ? WHERE stream = ?');
  // One write per conversation and batch, however many messages came.
  const heads = new Map<number, { ordinal: number | null; revision: number; leaf: string }>();

  const apply = (event: Opened): void => {
    const stream = streams.refOf(event.stream, event.position);
    const { actor, commandId } = event.metadata;
    const ref = actors.refOf(`${actor.kind}:${actor.id}`, event.position);
    commands.add([commandId, stream, ref, event.revision, 1]);
    if (event.stream.startsWith('conversation-')) {
      conversations.apply(event, stream);
      calls(event, stream);
      meetings(event, stream);
      const ordinal = event.type === 'MessagePosted' || event.type === 'FileShared' ? event.data.ordinal : (heads.get(stream)?.ordinal ?? null);
      heads.set(stream, { ordinal, revision: event.revision, leaf: event.leafHash });
    } else if (event.stream.startsWith('account-')) applyToAccount(event);
    else applyToRest(event);
  };
  const flush = (): void => {
    for (const [stream, head] of heads) putHead.run(head.ordinal, head.revision, head.leaf, stream);
    heads.clear();
    commands.flush();
    conversations.flush();
  };
  return { apply, flush };
};

/** What stands under messages. */
const underMessagesPart = (db: DatabaseSync) => {
  const putReaction = db.prepare('INSERT INTO reactions VALUES (?, ?, ?, ?, ?, 0, ?)');
  const withdraw = db.prepare('UPDATE reactions SET withdrawn = 1 WHERE reaction = ? AND stream = ?');
  const putPreview = db.prepare('INSERT INTO previews VALUES (?, ?, ?, ?, ?, 0)');
  const withdrawPreview = db.prepare('UPDATE previews SET withdrawn = 1 WHERE message = ? AND stream = ? AND link = ?');
  return (event: Opened, stream: number): void => {
    switch (event.type) {
      case 'ReactionAdded':
        putReaction.run(event.data.reactionId, stream, event.data.messageId, event.data.author, event.content.reaction?.emoji ?? null, event.position);
        return;
      case 'ReactionWithdrawn':
        withdraw.run(event.data.reactionId, stream);
        return;
      case 'LinkPreviewed':
        putPreview.run(event.data.messageId, stream, event.data.link, event.data.author, event.content.preview?.url ?? null);
        return;
      case 'LinkPreviewWithdrawn':
        withdrawPreview.run(event.data.messageId, stream, event.data.link);
        return;
      default:
        return;
    }
  };
};

const conversationPart = (db: DatabaseSync) => {
  const messages = new HeldRows(db, 'messages', 6);
  const applyUnderMessages = underMessagesPart(db);
  const retractedColumn = 5;
  const retract = db.prepare('UPDATE messages SET retracted = 1 WHERE message = ? AND stream = ?');
  const putFile = db.prepare('INSERT INTO files VALUES (?, ?, ?, ?, ?, 0)');
  const withdrawFile = db.prepare('UPDATE files SET withdrawn = 1 WHERE file = ? AND stream = ?');
  const putConversation = db.prepare('INSERT INTO conversations VALUES (?, ?, ?, ?, 0, ?, ?, ?, 0, 0, ?, ?, NULL, NULL)');
  const close = db.prepare('UPDATE conversations SET closed = 1 WHERE stream = ?');
  const putMember = db.prepare('INSERT INTO members VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision, under = excluded.under');
  const removeMember = db.prepare('DELETE FROM members WHERE stream = ? AND account = ?');
  const isMember = db.prepare('SELECT 1 FROM members WHERE stream = ? AND account = ?');
  const count = db.prepare('UPDATE conversations SET member_count = member_count + ? WHERE stream = ?');
  const joined = (stream: number, account: string, revision: number, under: number | undefined): void => {
    if (!isMember.get(stream, account)) count.run(1, stream);
    putMember.run(stream, account, revision, under ?? null);
  };
  const apply = (event: Opened, stream: number): void => {
    switch (event.type) {
      case 'MessagePosted': {
        const { messageId: message, author, ordinal } = event.data;
        messages.add([message, stream, author, ordinal, event.revision, 0]);
        return;
      }
      case 'MessageRetracted': {
        const held = messages.find(event.data.messageId, stream);
        if (held === undefined) retract.run(event.data.messageId, stream);
        else messages.set(held, retractedColumn, 1);
        return;
      }
      case 'FileShared':
        putFile.run(event.data.fileId, stream, event.data.author, event.data.ordinal, event.revision);
        return;
      case 'FileWithdrawn':
        withdrawFile.run(event.data.fileId, stream);
        return;
      case 'ConversationOpened': {
        const { data } = event;
        putConversation.run(stream, data.kind, data.space, data.general ? 1 : 0, data.historyVisibility, data.at, data.imported ? 1 : 0, event.revision, event.leafHash);
        for (const account of data.founders) joined(stream, account, event.revision, data.under);
        return;
      }
      case 'MemberJoined':
        joined(stream, event.data.account, event.revision, event.data.under);
        return;
      case 'MemberLeft':
        if (removeMember.run(stream, event.data.account).changes > 0) count.run(-1, stream);
        return;
      case 'ConversationClosed':
        close.run(stream);
        return;
      default:
        applyUnderMessages(event, stream);
    }
  };
  return { apply, flush: (): void => messages.flush() };
};

const accountPart = (db: DatabaseSync) => {
  const putAccount = db.prepare('INSERT INTO accounts VALUES (?, ?, ?, 0, ?, NULL, ?)');
  const touch = db.prepare('UPDATE accounts SET revision = ? WHERE account = ?');
  const suspend = db.prepare('UPDATE accounts SET suspended = ? WHERE account = ?');
  const setClass = db.prepare('UPDATE accounts SET class_of_service = ? WHERE account = ?');
  const rolesOf = db.prepare('SELECT roles FROM accounts WHERE account = ?');
  const putRoles = db.prepare('UPDATE accounts SET roles = ? WHERE account = ?');
  const putSession = db.prepare('INSERT INTO sessions VALUES (?, ?, ?)');
  const endSession = db.prepare('DELETE FROM sessions WHERE hash = ?');
  const endSessions = db.prepare('DELETE FROM sessions WHERE account = ?');
  const putRequest = db.prepare('INSERT INTO requests VALUES (?, ?, ?, ?, ?)');
  const settleRequests = db.prepare('DELETE FROM requests WHERE account = ? AND act = ?');
  const changeRoles = (account: string, change: (roles: string[]) => string[]): void => {
    const row = rolesOf.get(account) as { roles: string };
    putRoles.run(JSON.stringify(change(JSON.parse(row.roles) as string[]).sort()), account);
  };
  const applyOne = (event: Opened): void => {
    switch (event.type) {
      case 'AccountOpened':
        putAccount.run(event.data.account, event.data.kind, JSON.stringify([...event.data.roles].sort()), event.data.signInName, event.revision);
        return;
      case 'RoleGranted': {
        const { account, role } = event.data;
        changeRoles(account, (roles) => [...roles.filter((r) => r !== role), role]);
        if (role === 'officer') settleRequests.run(account, 'grant-officer');
        return;
      }
      case 'RoleWithdrawn': {
        const { account, role } = event.data;
        changeRoles(account, (roles) => roles.filter((r) => r !== role));
        return;
      }
      case 'ClassOfServiceSet':
        setClass.run(event.data.classOfService, event.data.account);
        return;
      case 'PasswordLinkMade':
        if (event.data.approvedBy !== null) settleRequests.run(event.data.account, 'password-link');
        return;
      case 'AccountSuspended':
        suspend.run(1, event.data.account);
        endSessions.run(event.data.account);
        return;
      case 'AccountRestored':
        suspend.run(0, event.data.account);
        return;
      case 'SignedIn':
        putSession.run(event.data.sessionHash, event.data.account, event.data.expiresAt);
        return;
      case 'SignedOut':
        if (event.data.sessionHash === null) endSessions.run(event.data.account);
        else endSession.run(event.data.sessionHash);
        return;
      case 'OfficerActRequested':
        putRequest.run(event.data.request, event.data.account, event.data.act, event.data.by, event.data.at);
        return;
      default:
        return;
    }
  };
  return (event: Opened): void => {
    applyOne(event);
    touch.run(event.revision, idOf(event.stream));
  };
};

const restPart = (db: DatabaseSync) => {
  const putSpace = db.prepare('INSERT INTO spaces VALUES (?, ?, ?)');
  const touchSpace = db.prepare('UPDATE spaces SET revision = ? WHERE space = ?');
  const putMember = db.prepare('INSERT INTO space_members VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision, administrator = excluded.administrator');
  const removeMember = db.prepare('DELETE FROM space_members WHERE space = ? AND account = ?');
  const appoint = db.prepare('UPDATE space_members SET administrator = 1 WHERE space = ? AND account = ?');
  const putSetting = db.prepare('INSERT INTO settings VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at, by = excluded.by');
  const clearSetting = db.prepare('DELETE FROM settings WHERE name = ? AND scope = ? AND id = ?');
  return (event: Opened): void => {
    switch (event.type) {
      case 'SpaceFounded':
        putSpace.run(event.data.space, event.data.general, event.revision);
        putMember.run(event.data.space, event.data.by, event.revision, 1);
        return;
      case 'SpaceJoined':
        putMember.run(idOf(event.stream), event.data.account, event.revision, 0);
        break;
      case 'SpaceLeft':
        removeMember.run(idOf(event.stream), event.data.account);
        break;
      case 'AdministratorAppointed':
        appoint.run(idOf(event.stream), event.data.account);
        break;
      case 'SettingPut':
        putSetting.run(event.data.name, event.data.scope.kind, event.data.scope.id ?? '', event.data.value, event.data.at, event.data.by);
        return;
      case 'SettingCleared':
        clearSetting.run(event.data.name, event.data.scope.kind, event.data.scope.id ?? '');
        return;
      default:
        break;
    }
    if (event.stream.startsWith('space-')) touchSpace.run(event.revision, idOf(event.stream));
  };
};

export const deskView: View = {
  name: 'desk',
  version: 9,
  schema,
  tables: [
    { name: 'streams', orderBy: 'ref' }, { name: 'actors', orderBy: 'ref' }, { name: 'commands', orderBy: 'command, stream, actor' }, { name: 'messages', orderBy: 'message, stream' },
    { name: 'reactions', orderBy: 'reaction, stream' }, { name: 'files', orderBy: 'file, stream' }, { name: 'previews', orderBy: 'message, stream, link' }, { name: 'conversations', orderBy: 'stream' }, { name: 'members', orderBy: 'stream, account' }, { name: 'accounts', orderBy: 'account' },
    { name: 'spaces', orderBy: 'space' }, { name: 'space_members', orderBy: 'space, account' }, { name: 'settings', orderBy: 'name, scope, id' }, { name: 'sessions', orderBy: 'hash' }, { name: 'requests', orderBy: 'request' },
  ],
  open,
};
