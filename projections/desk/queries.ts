import type { Role, AccountKind } from '#src/accounts/events.ts';
import type { Call } from '#src/calls/call.ts';
import type { ConversationKind, HistoryVisibility } from '#src/conversations/events.ts';
import type { Meeting } from '#src/meetings/meeting.ts';
import type { Membership } from '#src/conversations/permits.ts';
import type { KnownFile, KnownMessage, KnownPreview, KnownReaction } from '#src/kernel/use-case.ts';
import { viewQuery, type ViewReader } from '../view-queries.ts';

/** What one decision asks about its stream. */
export type DeskLookup = {
  readonly stream: string;
  readonly commands?: readonly { readonly actorKind: string; readonly actorId: string; readonly commandId: string }[];
  readonly messages?: readonly string[];
  readonly reactions?: readonly string[];
  readonly reactionsOf?: readonly string[];
  readonly files?: readonly string[];
  readonly previewsOf?: readonly string[];
};
/** `commands` in the order asked. `revision`: of the command's last event; it recorded `count` events, the last ones up to there. */
export type DeskAnswer = {
  readonly commands: readonly ({ readonly revision: number; readonly count: number } | null)[];
  readonly messages: readonly KnownMessage[];
  readonly reactions: readonly KnownReaction[];
  /** Reactions to the messages asked for, withdrawn ones too, in log order. */
  readonly reactionsOf: readonly KnownReaction[];
  readonly files: readonly KnownFile[];
  /** Previews under the messages asked for, withdrawn ones too. */
  readonly previewsOf: readonly KnownPreview[];
};

const messageRow = 'message AS messageId, author, ordinal, revision, retracted';
const reactionRow = 'reaction AS reactionId, author, emoji, message AS messageId, withdrawn';
type Flag<T, K extends keyof T> = Omit<T, K> & { readonly [P in K]: number };
const knownMessage = (row: Flag<KnownMessage, 'retracted'>): KnownMessage => ({ ...row, retracted: row.retracted === 1 });
const knownReaction = (row: Flag<KnownReaction, 'withdrawn'>): KnownReaction => ({ ...row, withdrawn: row.withdrawn === 1 });

const knownFile = (row: Flag<KnownFile, 'withdrawn'>): KnownFile => ({ ...row, withdrawn: row.withdrawn === 1 });

const knownPreview = (row: Flag<KnownPreview, 'withdrawn'>): KnownPreview => ({ ...row, withdrawn: row.withdrawn === 1 });

const lookUp = (desk: ViewReader, lookup: DeskLookup): DeskAnswer => {
  const stream = desk.get<{ ref: number }>('SELECT ref FROM streams WHERE name = ?', lookup.stream)?.ref;
  if (stream === undefined) return { commands: (lookup.commands ?? []).map(() => null), messages: [], reactions: [], reactionsOf: [], files: [], previewsOf: [] };
  return {
    commands: (lookup.commands ?? []).map(
      ({ actorKind, actorId, commandId }) =>
        desk.get<{ revision: number; count: number }>('SELECT revision, count FROM commands WHERE command = ? AND stream = ? AND actor = (SELECT ref FROM actors WHERE name = ?)', commandId, stream, `${actorKind}:${actorId}`) ?? null,
    ),
    messages: (lookup.messages ?? []).flatMap((id) => desk.all<Flag<KnownMessage, 'retracted'>>(`SELECT ${messageRow} FROM messages WHERE message = ? AND stream = ?`, id, stream)).map(knownMessage),
    reactions: (lookup.reactions ?? []).flatMap((id) => desk.all<Flag<KnownReaction, 'withdrawn'>>(`SELECT ${reactionRow} FROM reactions WHERE reaction = ? AND stream = ?`, id, stream)).map(knownReaction),
    reactionsOf: (lookup.reactionsOf ?? []).flatMap((id) => desk.all<Flag<KnownReaction, 'withdrawn'>>(`SELECT ${reactionRow} FROM reactions WHERE message = ? AND stream = ? ORDER BY position`, id, stream)).map(knownReaction),
    files: (lookup.files ?? []).flatMap((id) => desk.all<Flag<KnownFile, 'withdrawn'>>('SELECT file AS fileId, author, ordinal, revision, withdrawn FROM files WHERE file = ? AND stream = ?', id, stream)).map(knownFile),
    previewsOf: (lookup.previewsOf ?? []).flatMap((id) => desk.all<Flag<KnownPreview, 'withdrawn'>>('SELECT message AS messageId, link, author, url, withdrawn FROM previews WHERE message = ? AND stream = ? ORDER BY link', id, stream)).map(knownPreview),
  };
};

/** `revision` and `leafHash`: of the last event of the stream that this view has applied. */
export type ConversationHeader = {
  readonly conversationId: string; readonly kind: ConversationKind; readonly space: string | null; readonly general: boolean; readonly closed: boolean;
  readonly historyVisibility: HistoryVisibility; readonly openedAt: number; readonly imported: boolean; readonly lastOrdinal: number; readonly revision: number; readonly leafHash: string; readonly call: Call | null; readonly meeting: Meeting | null;
  readonly members: readonly (readonly [account: string, joinRevision: number, under: number | null])[];
};
type HeaderRow = { stream: number; kind: ConversationKind; space: string | null; general: number; closed: number; visibility: HistoryVisibility; opened_at: number; imported: number; last_ordinal: number; revision: number; leaf: string; call: string | null; meeting: string | null };

const header = (desk: ViewReader, conversationId: string): ConversationHeader | null => {
  const row = desk.get<HeaderRow>('SELECT * FROM conversations WHERE stream = (SELECT ref FROM streams WHERE name = ?)', `conversation-${conversationId}`);
  if (!row) return null;
  const members = desk.all<{ account: string; revision: number; under: number | null }>('SELECT account, revision, under FROM members WHERE stream = ?', row.stream);
  return {
    conversationId, kind: row.kind, space: row.space, general: row.general === 1, closed: row.closed === 1, historyVisibility: row.visibility, openedAt: row.opened_at, imported: row.imported === 1,
    lastOrdinal: row.last_ordinal, revision: row.revision, leafHash: row.leaf, call: row.call === null ? null : (JSON.parse(row.call) as Call), meeting: row.meeting === null ? null : (JSON.parse(row.meeting) as Meeting), members: members.map((m) => [m.account, m.revision, m.under]),
  };
};

/** Everything that a node keeps in memory about who may do what. Sessions that expired before `now` are left out. */
export type DeskStanding = {
  readonly accounts: readonly (readonly [account: string, kind: AccountKind, roles: readonly Role[], suspended: boolean, signInName: string | null, classOfService: string | null, revision: number])[];
  readonly spaces: readonly { readonly space: string; readonly general: string; readonly revision: number; readonly members: readonly (readonly [account: string, joinRevision: number, administrator: boolean])[] }[];
  readonly settings: readonly { readonly name: string; readonly scope: string; readonly id: string | null; readonly value: string; readonly at: number; readonly by: string }[];
  readonly sessions: readonly (readonly [hash: string, account: string, expiresAt: number])[];
  readonly requests: readonly { readonly request: string; readonly account: string; readonly act: 'grant-officer' | 'password-link'; readonly by: string; readonly at: number }[];
};

const standing = (desk: ViewReader, now: number): DeskStanding => {
  const members = new Map<string, [string, number, boolean][]>();
  for (const m of desk.iterate<{ space: string; account: string; revision: number; administrator: number }>('SELECT space, account, revision, administrator FROM space_members')) {
    const list = members.get(m.space) ?? [];
    list.push([m.account, m.revision, m.administrator === 1]);
    members.set(m.space, list);
  }
  return {
    accounts: desk.all<{ account: string; kind: AccountKind; roles: string; suspended: number; sign_in_name: string | null; class_of_service: string | null; revision: number }>('SELECT * FROM accounts')
      .map((a) => [a.account, a.kind, JSON.parse(a.roles) as Role[], a.suspended === 1, a.sign_in_name, a.class_of_service, a.revision]),
    spaces: desk.all<{ space: string; general: string; revision: number }>('SELECT * FROM spaces').map((s) => ({ ...s, members: members.get(s.space) ?? [] })),
    settings: desk.all<{ name: string; scope: string; id: string; value: string; at: number; by: string }>('SELECT * FROM settings').map((s) => ({ ...s, id: s.id === '' ? null : s.id })),
    sessions: desk.all<{ hash: string; account: string; expires_at: number }>('SELECT hash, account, expires_at FROM sessions WHERE expires_at > ?', now).map((s) => [s.hash, s.account, s.expires_at]),
    requests: desk.all('SELECT request, account, act, by, at FROM requests ORDER BY at, request'),
  };
};

/** A conversation that somebody is a member of; `joined`: revision of the latest join. */
type ReadableRow = { readonly conversation: string; readonly kind: ConversationKind; readonly space: string | null; readonly under: number | null; readonly visibility: HistoryVisibility; readonly joined: number };

const membership = (desk: ViewReader, conversationId: string, account: string): Membership | null => {
  const row = desk.get<Omit<Membership, 'conversation'>>(
    'SELECT c.kind, c.space, m.revision AS joined, m.under, c.member_count AS memberCount, c.revision AS head FROM streams s JOIN conversations c ON c.stream = s.ref JOIN members m ON m.stream = c.stream AND m.account = ? WHERE s.name = ?',
    account, `conversation-${conversationId}`,
  );
  return row ? { conversation: conversationId, ...row } : null;
};

export const deskQueries = {
  /** Null for who is no member. */
  'desk.membership': viewQuery<{ readonly account: string; readonly conversationId: string }, Membership | null>(['desk'], (read, p) => membership(read('desk'), p.conversationId, p.account)),
  /** Ids of the conversations somebody is a member of. */
  'desk.lookup': viewQuery<readonly DeskLookup[], readonly DeskAnswer[]>(['desk'], (read, lookups) => lookups.map((lookup) => lookUp(read('desk'), lookup))),
  'desk.conversation': viewQuery<{ readonly conversationId: string }, ConversationHeader | null>(['desk'], (read, p) => header(read('desk'), p.conversationId)),
  'desk.requests': viewQuery<Record<string, never>, DeskStanding['requests']>(['desk'], (read) => read('desk').all('SELECT request, account, act, by, at FROM requests ORDER BY at, request')),
  'desk.settings': viewQuery<Record<string, never>, DeskStanding['settings']>(['desk'], (read) => read('desk').all('SELECT name, scope, id, value, at, by FROM settings ORDER BY name, scope, id')),
  /** What a person is a member of; for a channel, the join of the space that it stands under. */
  'desk.readableBy': viewQuery<{ readonly account: string }, readonly ReadableRow[]>(['desk'], (read, p) =>
    read('desk')
      .all<ReadableRow>(
        'SELECT s.name AS conversation, c.kind, c.space, m.under, c.visibility, m.revision AS joined FROM members m JOIN streams s ON s.ref = m.stream JOIN conversations c ON c.stream = m.stream WHERE m.account = ? ORDER BY m.stream', p.account,
      )
      .map((row) => ({ ...row, conversation: row.conversation.slice('conversation-'.length) })),
  ),
  /** Every call in progress: what a node begins with. */
  'desk.calls': viewQuery<Record<string, never>, readonly { readonly conversationId: string; readonly call: Call }[]>(['desk'], (read) =>
    read('desk').all<{ name: string; call: string }>("SELECT s.name, c.call FROM conversations c JOIN streams s ON s.ref = c.stream WHERE c.call ->> '$.over' = 0 ORDER BY c.stream")
      .map(({ name, call }) => ({ conversationId: name.slice('conversation-'.length), call: JSON.parse(call) as Call })),
  ),
  /** Every meeting that is not over, with its latest call: what a node begins with. */
  'desk.meetings': viewQuery<Record<string, never>, readonly { readonly conversationId: string; readonly meeting: Meeting; readonly call: Call | null }[]>(['desk'], (read) =>
    read('desk').all<{ name: string; call: string | null; meeting: string }>("SELECT s.name, c.call, c.meeting FROM conversations c JOIN streams s ON s.ref = c.stream WHERE c.meeting ->> '$.over' = 0 ORDER BY c.stream")
      .map(({ name, call, meeting }) => ({ conversationId: name.slice('conversation-'.length), meeting: JSON.parse(meeting) as Meeting, call: call === null ? null : (JSON.parse(call) as Call) })),
  ),
  'desk.standing': viewQuery<{ readonly now: number }, DeskStanding>(['desk'], (read, p) => standing(read('desk'), p.now)),
  /** Channels of a space that have not closed, General first; where `account` is a member, `under` is the join of the space it stands under. */
  'desk.channelsOfSpace': viewQuery<{ readonly space: string; readonly account: string }, readonly { readonly conversationId: string; readonly general: boolean; readonly isMember: boolean; readonly under: number | null }[]>(['desk'], (read, p) =>
    read('desk')
      .all<{ name: string; general: number; account: string | null; under: number | null }>(
        'SELECT s.name, c.general, m.account, m.under FROM conversations c JOIN streams s ON s.ref = c.stream LEFT JOIN members m ON m.stream = c.stream AND m.account = ? WHERE c.space = ? AND c.closed = 0 ORDER BY c.general DESC, c.stream',
        p.account, p.space,
      )
      .map((row) => ({ conversationId: row.name.slice('conversation-'.length), general: row.general === 1, isMember: row.account !== null, under: row.under })),
  ),
};
