import type { DatabaseSync } from 'node:sqlite';
import type { AuditRow } from '#src/contract/archive.ts';
import type { Opened } from '#src/every-event.ts';
import { bytesInWords } from '#src/files/refusals.ts';
import { idOf, streams } from '#src/kernel/streams.ts';
import type { SettingScope } from '#src/settings/events.ts';
import type { Applier, View } from '../view.ts';

/**
 * Who did what to whom, when, from where. `says` never holds sealed content. What an administrator does not see stands
 * apart: `told` ends the sentence (the reason, the words searched for), `filter` is what was asked for (canonical JSON), and
 * `place` is the conversation or space it was about, whose title then stands instead of "a conversation". `address` is the
 * access content. Names and titles are looked up when asked.
 */
const schema = `
  CREATE TABLE rows (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL, by TEXT NOT NULL, subject TEXT, says TEXT NOT NULL, told TEXT, filter TEXT, place TEXT, door TEXT NOT NULL, address TEXT) STRICT;
  CREATE INDEX rows_by_kind ON rows (kind, position);
  CREATE INDEX rows_by_person ON rows (by, position);
  CREATE INDEX rows_by_subject ON rows (subject, position) WHERE subject IS NOT NULL;
  CREATE TABLE names (account TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE places (stream TEXT PRIMARY KEY, title TEXT, space TEXT, founders TEXT) STRICT, WITHOUT ROWID;
`;

type Told = {
  readonly kind: AuditRow['kind']; readonly subject?: string | null; readonly says: string; readonly told?: string | undefined; readonly filter?: string | undefined; readonly place?: string | undefined;
  readonly address?: string | undefined; readonly by?: string;
};

/** Pure: one event in, what the audit log says of it, or undefined. */
export const auditOf = (event: Opened): Told | undefined => accountRow(event) ?? accessRow(event) ?? officerRow(event) ?? spaceRow(event) ?? recordRow(event);

const accountRow = (event: Opened): Told | undefined => {
  switch (event.type) {
    case 'AccountOpened':
      // An import of 24,000 nicknames is one line (ImportMade), not 24,000.
      return event.data.imported ? undefined : { kind: 'account', subject: event.data.account, says: `opened the account${event.data.signInName === null ? '' : ` ${event.data.signInName}`}` };
    case 'ProfileChanged':
      return { kind: 'account', subject: event.data.account, says: 'changed the profile' };
    case 'CredentialSet':
      return { kind: 'account', subject: event.data.account, says: event.data.by === 'link' ? 'set the password with a one-time link' : 'changed the password' };
    case 'PasswordLinkMade':
      return { kind: 'account', subject: event.data.account, says: event.data.approvedBy === null ? 'made a one-time link to set the password' : 'made a one-time link to set the password, with the approval of a second officer' };
    case 'PasswordResetAcknowledged':
      return { kind: 'account', subject: event.data.account, says: 'has seen that the password was reset' };
    case 'AccountSuspended':
      return { kind: 'account', subject: event.data.account, says: 'suspended the account' };
    case 'AccountRestored':
      return { kind: 'account', subject: event.data.account, says: 'restored the account' };
    case 'OfficerActRequested':
      return { kind: 'role', subject: event.data.account, says: event.data.act === 'grant-officer' ? 'asked for the officer\'s role to be granted' : 'asked for an officer\'s one-time link' };
    case 'RoleGranted':
      return { kind: 'role', subject: event.data.account, says: `granted the role ${event.data.role}${event.data.approvedBy === null ? '' : ', with the approval of a second officer'}` };
    case 'ClassOfServiceSet':
      return { kind: 'account', subject: event.data.account, says: classWords(event.data) };
    case 'RoleWithdrawn':
      return { kind: 'role', subject: event.data.account, says: `withdrew the role ${event.data.role}` };
    default:
      return undefined;
  }
};

type ClassChange = Extract<Opened, { type: 'ClassOfServiceSet' }>['data'];
const classWords = ({ before, classOfService }: ClassChange): string =>
  classOfService === null ? `took the class of service ${before}` : `gave the class of service ${classOfService}${before === null ? '' : ` instead of ${before}`}`;

const accessRow = (event: Opened): Told | undefined => {
  switch (event.type) {
    case 'SignedIn':
      return { kind: 'sign-in', subject: event.data.account, says: 'signed in', address: event.content.access?.address };
    case 'SignedOut':
      return { kind: 'sign-in', subject: event.data.account, says: event.data.cause === 'self' ? 'signed out' : `was signed out (${event.data.cause})` };
    case 'SignInRefused':
      return { kind: 'refusal', by: event.data.account ?? 'unknown', subject: event.data.account, says: `was refused the sign-in (${spaced(event.data.reason)})${times(event.data.count)}`, address: event.content.access?.address };
    case 'Refused':
      return { kind: 'refusal', by: event.data.account, subject: event.data.account, says: `was refused to ${spaced(event.data.endpoint)} (${spaced(event.data.code)})${times(event.data.count)}` };
    case 'InfectedFileRefused':
      return { kind: 'refusal', by: event.data.author, subject: event.data.author, place: streams.conversation(event.data.conversation), says: `was refused a file of ${bytesInWords(event.data.size)} in a conversation, because a virus was found in it (${event.data.signature})`, told: after(': ', event.content.file?.name) };
    case 'HistoryDownloaded':
      return { kind: 'download', subject: event.data.account, place: streams.conversation(event.data.conversation), says: `downloaded the history of a conversation, up to revision ${event.data.upTo}` };
    default:
      return undefined;
  }
};

/** `searchArchive` and `not-a-member` as words. */
const spaced = (name: string): string => name.replaceAll('-', ' ').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
const times = (count: number): string => (count === 1 ? '' : `, ${count} times`);

const officerRow = (event: Opened): Told | undefined => {
  switch (event.type) {
    case 'CaseOpened':
      return { kind: 'inquiry', says: 'opened a case', told: after(': ', event.content.case?.title) };
    case 'InquiryOpened':
      return { kind: 'inquiry', subject: event.data.inquiry, says: 'opened an inquiry', told: after(': ', event.content.case?.reason) };
    case 'Looked':
      return { kind: 'inquiry', subject: event.data.inquiry, ...lookOf(event.data.kind, event.content.case) };
    case 'Answered':
      return { kind: 'inquiry', subject: event.data.inquiry, says: `was given ${events(event.data.count)}, complete to position ${event.data.position}` };
    case 'InquiryClosed':
      return { kind: 'inquiry', subject: event.data.inquiry, says: 'closed the inquiry' };
    case 'ExportMade':
      return { kind: 'export', subject: event.data.inquiry, says: `exported ${events(event.data.count)}`, told: after(', the result of a search for ', wanted(event.content.case?.query)), filter: event.content.case?.filter };
    case 'AuditLooked':
      return { kind: event.data.export ? 'export' : 'inquiry', says: event.data.export ? 'exported the audit log' : 'read the audit log', filter: event.data.filter };
    default:
      return undefined;
  }
};

type Look = Extract<Opened, { type: 'Looked' }>['content']['case'];
const lookOf = (kind: 'search' | 'hit' | 'file', look: Look | undefined): Omit<Told, 'kind'> =>
  kind === 'search'
    ? { says: 'searched the archive', told: after(' for ', wanted(look?.query)), filter: look?.filter }
    : { says: kind === 'file' ? 'opened a file of a conversation' : 'opened a hit in a conversation', told: after(', revision ', look?.revision?.toString()), place: look?.conversation === undefined ? undefined : streams.conversation(look.conversation) };

const events = (count: number): string => (count === 1 ? '1 event' : `${count} events`);
/** A search without words is one for everything; where the words were erased nothing is claimed. */
const wanted = (query: string | undefined): string | undefined => (query === undefined ? undefined : query.trim() === '' ? 'everything' : `“${query}”`);
const after = (join: string, words: string | undefined): string | undefined => (words === undefined ? undefined : join + words);

const spaceRow = (event: Opened): Told | undefined => {
  switch (event.type) {
    case 'SpaceFounded':
      return { kind: 'space', subject: event.data.space, says: 'founded a space', place: event.stream };
    case 'SpaceTitled':
      return { kind: 'space', subject: idOf(event.stream), says: 'gave a space another name', told: after(': ', event.content.title?.title) };
    case 'SpaceJoined':
      return event.data.by === event.data.account ? undefined : { kind: 'space', subject: event.data.account, says: 'brought somebody into a space', place: event.stream };
    case 'SpaceLeft':
      return event.data.cause === 'self' ? undefined : { kind: 'space', subject: event.data.account, says: 'removed somebody from a space', place: event.stream };
    case 'AdministratorAppointed':
      return { kind: 'space', subject: event.data.account, says: 'appointed an administrator of a space', place: event.stream };
    default:
      return undefined;
  }
};

/** An account is the subject; a class is nobody, and stands in the sentence. */
const scoped = ({ kind, id }: SettingScope, says: string): Pick<Told, 'subject' | 'says'> => (kind === 'class' ? { says: `${says} for the class of service ${id}` } : { subject: id, says });

const recordRow = (event: Opened): Told | undefined => {
  switch (event.type) {
    case 'SettingPut':
      return { kind: 'setting', subject: event.data.scope.id, says: `set ${event.data.name} from ${event.data.before ?? 'the default'} to ${event.data.value}` };
    case 'SettingCleared':
      return { kind: 'setting', subject: event.data.scope.id, says: `put ${event.data.name} back to the default` };
    case 'IceServerAdded':
      return { kind: 'setting', ...scoped(event.data.scope, `added the ICE server ${event.data.url}`) };
    case 'IceServerRemoved':
      return { kind: 'setting', ...scoped(event.data.scope, `removed the ICE server ${event.data.url}`) };
    case 'LogFounded':
      return { kind: 'custody', says: `founded the log ${event.data.logId}` };
    case 'WriterAnnounced':
      return { kind: 'custody', says: `announced the writer ${event.data.writer}` };
    case 'SigningKeyAnnounced':
      return { kind: 'custody', says: 'announced a signing key' };
    case 'FilesStoreAnnounced':
      return { kind: 'custody', says: `announced the store of files ${event.data.store}` };
    case 'ForeignEventFound':
      return { kind: 'custody', says: `found a foreign event in ${event.data.stream} at revision ${event.data.revision} (${event.data.reason})` };
    case 'LogAlarmRaised':
      return { kind: 'custody', says: `found the log changed in its database: ${event.data.kind}, ${event.data.doneTo}` };
    case 'RoleChangeAnnounced':
      return { kind: 'custody', subject: event.data.account, says: `announced a change of roles: ${event.data.change}` };
    case 'LeaseTaken':
      return { kind: 'custody', says: `took the lease ${event.data.lease}, term ${event.data.term}, as node ${event.data.node}` };
    case 'LeaseReleased':
      return { kind: 'custody', says: `released the lease ${event.data.lease}, term ${event.data.term}, as node ${event.data.node}` };
    case 'ClockAnomaly':
      return { kind: 'custody', says: `found the clock moved by ${event.data.now - event.data.before} ms` };
    case 'ApplianceStarted':
      return { kind: 'custody', says: `started version ${event.data.version}` };
    case 'ViewRebuilt':
      return { kind: 'custody', says: `rebuilt the view ${event.data.view} up to position ${event.data.position}` };
    case 'ImportMade':
      return { kind: 'custody', says: `imported ${event.data.lines} lines from ${event.data.source}` };
    default:
      return undefined;
  }
};

/** Keeps what conversations and spaces are called. */
const placesPart = (db: DatabaseSync): ((event: Opened) => void) => {
  const put = db.prepare('INSERT INTO places VALUES (?, ?, ?, ?)');
  const titled = db.prepare('UPDATE places SET title = ? WHERE stream = ?');
  return (event) => {
    switch (event.type) {
      case 'ConversationOpened': {
        const { kind, general, space, founders } = event.data;
        const [title, from] = [event.content.title?.title, space === null ? null : streams.space(space)];
        return void put.run(event.stream, general ? null : (title ?? null), from, kind === 'direct' ? founders.join(' ') : null);
      }
      case 'SpaceFounded':
        return void put.run(event.stream, event.content.title?.title ?? null, null, null);
      case 'ConversationTitled':
      case 'SpaceTitled':
        return void titled.run(event.content.title?.title ?? null, event.stream);
      default:
        return undefined;
    }
  };
};

const open = (db: DatabaseSync): Applier => {
  const put = db.prepare('INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const putName = db.prepare('INSERT INTO names VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name');
  const putPlace = placesPart(db);
  return {
    apply: (event) => {
      putPlace(event);
      // Most of a log is talk and reading; none of it is audited.
      if (event.stream.startsWith('conversation-') || event.stream.startsWith('reading-')) return;
      if (event.type === 'AccountOpened' || event.type === 'ProfileChanged') putName.run(event.data.account, event.content.profile?.displayName ?? '');
      const row = auditOf(event);
      if (!row) return;
      const { actor, door } = event.metadata;
      put.run(event.position, event.data.at, row.kind, event.type, row.by ?? actor.id, row.subject ?? null, row.says, row.told ?? null, row.filter ?? null, row.place ?? null, door, row.address ?? null);
    },
  };
};

const tables = [{ name: 'rows', orderBy: 'position' }, { name: 'names', orderBy: 'account' }, { name: 'places', orderBy: 'stream' }] as const;
export const auditView: View = { name: 'audit', version: 3, schema, tables, open };
