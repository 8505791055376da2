import { z } from 'zod';
import { endpoint, recorded } from './endpoint.ts';
import { limits } from './limits.ts';
import { at, id, line, optionalLine, revision } from './shapes.ts';

export const conversationKind = z.enum(['direct', 'group', 'channel', 'meeting']);

/** The last thing said, for the list. `text` is a plain excerpt of at most 120 characters; null when retracted or gone. Of a file (`form`) it is the name, and `messageId` is the file's id; of a call that ended it is its length, and `messageId` is the call's id. */
export const lastLine = z.strictObject({ revision, at, author: id, messageId: id, text: z.string().nullable(), form: z.enum(['text', 'action', 'file', 'call']) });

/** What is the same for every member. `other` two of a direct chat are in `members`; `members` is cut at 12 for the list. */
export const conversationSummary = z.strictObject({
  conversationId: id,
  kind: conversationKind,
  space: id.nullable(),
  general: z.boolean(),
  title: z.string(),
  topic: z.string(),
  openedAt: at,
  closed: z.boolean(),
  members: z.array(id),
  memberCount: z.int(),
  messageCount: z.int(),
  lastOrdinal: z.int(),
  last: lastLine.nullable(),
});
export type ConversationSummary = z.infer<typeof conversationSummary>;

/** One row of a person's list. `unread` and `mentions` as in ARCHITECTURE 3, cut at 1000 (shown as 999+). */
export const conversationRow = z.strictObject({
  ...conversationSummary.shape,
  /** `countedTo`: the log position that the counts are complete to. */
  unread: z.int(), mentions: z.int(), muted: z.boolean(), cursorOrdinal: z.int(), countedTo: z.int(), joinedAt: at,
});
export type ConversationRow = z.infer<typeof conversationRow>;

/** `channelCount`: of the channels that are open, General and those one has not joined among them. */
export const spaceRow = z.strictObject({ spaceId: id, name: z.string(), topic: z.string(), general: id, administrators: z.array(id), memberCount: z.int(), channelCount: z.int(), foundedAt: at });
export type SpaceRow = z.infer<typeof spaceRow>;

/** Everything a person's sidebar shows, complete to `position`. */
export const myConversations = z.strictObject({ position: z.int(), conversations: z.array(conversationRow), spaces: z.array(spaceRow) });
export type MyConversations = z.infer<typeof myConversations>;

/** Pushed to one person's sockets. `activity` is coalesced to one a second and conversation, at once when it mentions somebody. */
export type ConversationsChange =
  | { readonly kind: 'conversation-set'; readonly row: ConversationRow }
  | { readonly kind: 'conversation-removed'; readonly conversationId: string }
  | { readonly kind: 'space-set'; readonly space: SpaceRow }
  | { readonly kind: 'space-removed'; readonly spaceId: string }
  | { readonly kind: 'activity'; readonly activity: Activity }
  | { readonly kind: 'counts-set'; readonly conversationId: string; readonly unread: number; readonly mentions: number; readonly cursorOrdinal: number; readonly muted: boolean; readonly lastOrdinal: number; readonly countedTo: number };

/**
 * The same frame for all members. `counts`: the counting lines since the frame before, in order, as runs by one author; the last
 * one has `lastOrdinal`, and ordinals are dense. `mentioned`: account ids (or 'everyone') named in them, one entry a line;
 * `retracted`: lines retracted since, with the log position at which.
 */
export type Activity = {
  readonly conversationId: string;
  readonly lastOrdinal: number;
  readonly last: z.infer<typeof lastLine> | null;
  readonly counts: readonly (readonly [author: string, lines: number])[];
  readonly mentioned: readonly (readonly [ordinal: number, author: string, accounts: readonly string[]])[];
  readonly retracted: readonly (readonly [ordinal: number, author: string, position: number])[];
};

const cut = (count: number): number => Math.max(0, Math.min(1000, count));

/** Runs in the browser on the person's list; the server's own list is read from the views. */
export const applyConversationsChange = (mine: MyConversations, change: ConversationsChange, me: string): MyConversations => {
  const others = (id: string) => mine.conversations.filter((c) => c.conversationId !== id);
  switch (change.kind) {
    case 'conversation-set':
      return { ...mine, conversations: [...others(change.row.conversationId), change.row] };
    case 'conversation-removed':
      return { ...mine, conversations: others(change.conversationId) };
    case 'space-set':
      return { ...mine, spaces: [...mine.spaces.filter((s) => s.spaceId !== change.space.spaceId), change.space] };
    case 'space-removed':
      return { ...mine, spaces: mine.spaces.filter((s) => s.spaceId !== change.spaceId) };
    case 'counts-set':
      return { ...mine, conversations: mine.conversations.map((row) => (row.conversationId === change.conversationId ? { ...row, unread: change.unread, mentions: change.mentions, cursorOrdinal: change.cursorOrdinal, muted: change.muted, lastOrdinal: Math.max(row.lastOrdinal, change.lastOrdinal), countedTo: change.countedTo } : row)) };
    case 'activity':
      return { ...mine, conversations: mine.conversations.map((row) => (row.conversationId === change.activity.conversationId ? applyActivity(row, change.activity, me) : row)) };
  }
};

/**
 * Each client derives its own count from the one frame for all. What the row has counted already (by ordinal, for retractions by
 * position) is passed over: frames are coalesced, and counts that the server set may have come before them.
 */
export const applyActivity = (row: ConversationRow, activity: Activity, me: string): ConversationRow => {
  let ordinal = activity.lastOrdinal - activity.counts.reduce((sum, [, lines]) => sum + lines, 0);
  let byOthers = 0;
  for (const [author, lines] of activity.counts) {
    const uncounted = Math.min(lines, Math.max(0, ordinal + lines - row.lastOrdinal));
    if (author !== me) byOthers += uncounted;
    ordinal += lines;
  }
  const taken = activity.retracted.filter(([line, author, position]) => author !== me && line > row.cursorOrdinal && position > row.countedTo).length;
  const named = activity.mentioned.filter(([line, author, accounts]) => author !== me && line > row.lastOrdinal && (accounts.includes(me) || accounts.includes('everyone'))).length;
  const lastOrdinal = Math.max(row.lastOrdinal, activity.lastOrdinal);
  return { ...row, lastOrdinal, last: activity.last, unread: cut(row.unread + byOthers - taken), mentions: cut(row.mentions + named) };
};

export const listConversations = endpoint({ name: 'listConversations', kind: 'query', method: 'GET', path: '/conversations', policy: 'guest', says: 'The signed-in person\'s conversations and spaces, with exact unread and mention counts.', input: z.strictObject({}), output: myConversations, refusals: [] });

export const member = z.strictObject({ account: id, joinedAt: at, administrator: z.boolean() });
export const readConversation = endpoint({
  name: 'readConversation', kind: 'query', method: 'GET', path: '/conversations/:conversationId', policy: 'guest', says: 'A conversation with its members. A channel can be read about by every member of its space.',
  input: z.strictObject({ conversationId: id }),
  output: z.strictObject({ position: z.int(), conversation: conversationSummary, members: z.array(member), joined: z.boolean(), receipts: z.boolean() }), refusals: ['not-a-member'],
});
export const openDirect = endpoint({
  name: 'openDirect', kind: 'command', method: 'POST', path: '/direct', policy: 'member', says: 'Opens the direct chat with somebody, or finds it: two people who open it at once get one.',
  input: z.strictObject({ with: id }), output: z.strictObject({ revision: z.int(), conversationId: id }), refusals: ['person-not-found', 'person-suspended'],
});
export const openGroup = endpoint({
  name: 'openGroup', kind: 'command', method: 'PUT', path: '/groups/:conversationId', policy: 'member', says: 'Opens a group with a title; at most five members unless the setting says otherwise.',
  input: z.strictObject({ conversationId: id, title: line(limits.titleMax), members: z.array(id).max(1_000) }), output: recorded, refusals: ['group-full', 'person-not-found', 'person-suspended', 'conversation-id-taken'],
});
export const inviteToGroup = endpoint({
  name: 'inviteToGroup', kind: 'command', method: 'PUT', path: '/groups/:conversationId/members/:account', policy: 'member', says: 'Any member invites.',
  input: z.strictObject({ conversationId: id, account: id }), output: recorded, refusals: ['not-a-member', 'conversation-closed', 'group-full', 'already-a-member', 'person-not-found', 'person-suspended', 'not-a-group'],
});
export const titleConversation = endpoint({
  name: 'titleConversation', kind: 'command', method: 'PATCH', path: '/conversations/:conversationId', policy: 'member', says: 'Gives a group or channel another title and topic. General carries its space\'s.',
  input: z.strictObject({ conversationId: id, title: line(limits.titleMax), topic: optionalLine(limits.topicMax).default('') }), output: recorded, refusals: ['not-a-member', 'conversation-closed', 'not-an-administrator', 'title-is-the-spaces', 'direct-has-no-title'],
});
export const leaveConversation = endpoint({
  name: 'leaveConversation', kind: 'command', method: 'DELETE', path: '/conversations/:conversationId/members/me', policy: 'member', says: 'Leaves a group or channel. A group closes when its last member leaves.',
  input: z.strictObject({ conversationId: id }), output: recorded, refusals: ['not-a-member', 'direct-cannot-be-left', 'conversation-closed'],
});
export const foundSpace = endpoint({
  name: 'foundSpace', kind: 'command', method: 'PUT', path: '/spaces/:spaceId', policy: 'member', says: 'Founds a space with a unique name; the founder is its first administrator. The General channel comes with it.',
  input: z.strictObject({ spaceId: id, general: id, name: line(limits.titleMax), topic: optionalLine(limits.topicMax).default('') }), output: recorded, refusals: ['name-taken', 'space-id-taken'],
});
export const titleSpace = endpoint({
  name: 'titleSpace', kind: 'command', method: 'PATCH', path: '/spaces/:spaceId', policy: 'member', says: 'Gives a space another name and topic.',
  input: z.strictObject({ spaceId: id, name: line(limits.titleMax), topic: optionalLine(limits.topicMax).default('') }), output: recorded, refusals: ['not-a-member', 'not-an-administrator', 'name-taken'],
});
const inSpace = z.strictObject({ spaceId: id, account: id });
export const inviteToSpace = endpoint({ name: 'inviteToSpace', kind: 'command', method: 'PUT', path: '/spaces/:spaceId/members/:account', policy: 'member', says: 'An administrator of the space invites; a former administrator returns as a plain member.', input: inSpace, output: recorded, refusals: ['not-a-member', 'not-an-administrator', 'already-a-member', 'person-not-found', 'person-suspended'] });
export const removeFromSpace = endpoint({ name: 'removeFromSpace', kind: 'command', method: 'DELETE', path: '/spaces/:spaceId/members/:account', policy: 'member', says: 'An administrator of the space removes a member.', input: inSpace, output: recorded, refusals: ['not-a-member', 'not-an-administrator', 'last-administrator'] });
export const appointAdministrator = endpoint({ name: 'appointAdministrator', kind: 'command', method: 'PUT', path: '/spaces/:spaceId/administrators/:account', policy: 'member', says: 'An administrator of the space makes a member one too.', input: inSpace, output: recorded, refusals: ['not-a-member', 'not-an-administrator', 'already-an-administrator'] });
export const leaveSpace = endpoint({ name: 'leaveSpace', kind: 'command', method: 'DELETE', path: '/spaces/:spaceId/members/me', policy: 'member', says: 'Leaves a space and its channels. The last administrator cannot.', input: z.strictObject({ spaceId: id }), output: recorded, refusals: ['not-a-member', 'last-administrator'] });
export const readSpace = endpoint({ name: 'readSpace', kind: 'query', method: 'GET', path: '/spaces/:spaceId', policy: 'member', says: 'A space, its members and all its channels.', input: z.strictObject({ spaceId: id }), output: z.strictObject({ position: z.int(), space: spaceRow, members: z.array(member), channels: z.array(z.strictObject({ ...conversationSummary.shape, joined: z.boolean() })) }), refusals: ['not-a-member'] });
export const openChannel = endpoint({
  name: 'openChannel', kind: 'command', method: 'PUT', path: '/spaces/:spaceId/channels/:conversationId', policy: 'member', says: 'An administrator of the space opens a channel; its members join by themselves.',
  input: z.strictObject({ spaceId: id, conversationId: id, name: line(limits.titleMax), topic: optionalLine(limits.topicMax).default('') }), output: recorded, refusals: ['not-a-member', 'not-an-administrator', 'conversation-id-taken'],
});
export const joinChannel = endpoint({ name: 'joinChannel', kind: 'command', method: 'PUT', path: '/conversations/:conversationId/members/me', policy: 'member', says: 'A member of the space joins a channel.', input: z.strictObject({ conversationId: id }), output: recorded, refusals: ['not-a-member', 'already-a-member', 'conversation-closed', 'not-a-channel'] });
export const closeChannel = endpoint({ name: 'closeChannel', kind: 'command', method: 'DELETE', path: '/conversations/:conversationId', policy: 'member', says: 'An administrator of the space closes a channel. The record keeps it.', input: z.strictObject({ conversationId: id }), output: recorded, refusals: ['not-a-member', 'not-an-administrator', 'conversation-closed', 'not-a-channel', 'general-stays'] });
