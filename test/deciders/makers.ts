import type { AccountOpened, RoleGranted, SignedIn, AccountSuspended, PasswordLinkMade, CredentialSet, OfficerActRequested, Role } from '#src/accounts/events.ts';
import type { ConversationClosed, ConversationOpened, MemberJoined, MemberLeft } from '#src/conversations/events.ts';
import type { FileShared, FileWithdrawn, InfectedFileRefused, QuotaReleased, QuotaReserved, QuotaSettled } from '#src/files/events.ts';
import type { LinkPreviewed, LinkPreviewWithdrawn, PreviewContent } from '#src/links/events.ts';
import { streams } from '#src/kernel/streams.ts';
import type { MentionPlace, MessageEdited, MessagePosted, MessageRetracted, ReactionAdded, ReactionWithdrawn } from '#src/messages/events.ts';
import type { AdministratorAppointed, SpaceFounded, SpaceJoined, SpaceLeft } from '#src/spaces/events.ts';
import type { Happened } from './given-when-then.ts';
import { adam, alice, bob, carla, idOf, mallory, nick, noon, olive, oscar } from './people.ts';

export const group = idOf(100);
export const channel = idOf(101);
export const general = idOf(102);
export const direct = idOf(103);
export const space = idOf(110);
export const hello = idOf(200);
export const other = idOf(201);
export const thumb = idOf(300);

type Fact = { readonly type: string; readonly data: Happened['data']; readonly content?: Happened['content'] };
const inStream = <E extends Fact>(stream: string, event: E): E & { readonly stream: string } => ({ ...event, stream });
type Some<T> = Partial<T> & { readonly [key: string]: unknown };

// Accounts
export const anAccountOpened = (account: string, signInName: string, roles: readonly Role[] = ['employee'], kind: AccountOpened['data']['kind'] = 'employee') =>
  inStream<AccountOpened>(streams.account(account), { type: 'AccountOpened', data: { account, at: noon, kind, roles, signInName: kind === 'nickname' ? null : signInName }, content: { profile: { displayName: signInName, email: null } } });
export const aSuspension = (account: string) => inStream<AccountSuspended>(streams.account(account), { type: 'AccountSuspended', data: { account, at: noon, by: adam } });
export const aRoleGranted = (account: string, role: Role) => inStream<RoleGranted>(streams.account(account), { type: 'RoleGranted', data: { account, approvedBy: null, at: noon, by: adam, role } });
export const aSignIn = (account: string, sessionHash: string, expiresAt = noon + 1_000) =>
  inStream<SignedIn>(streams.account(account), { type: 'SignedIn', data: { account, at: noon, expiresAt, sessionHash }, content: { access: { address: '::1', agent: 'browser' } } });
export const aCredential = (account: string, how: 'self' | 'link' = 'self') =>
  inStream<CredentialSet>(streams.account(account), { type: 'CredentialSet', data: { account, at: noon, by: how }, content: { credential: { hash: '$argon2id$' } } });
export const aPasswordLink = (account: string, tokenHash = 'token', expiresAt = noon + 1_000) =>
  inStream<PasswordLinkMade>(streams.account(account), { type: 'PasswordLinkMade', data: { account, approvedBy: null, at: noon, by: adam, expiresAt, tokenHash } });
export const anOfficerRequest = (account: string, act: 'grant-officer' | 'password-link', from: string, request = other) =>
  inStream<OfficerActRequested>(streams.account(account), { type: 'OfficerActRequested', data: { account, act, at: noon, by: from, request } });

export const everybody: readonly Happened[] = [
  anAccountOpened(alice, 'alice'), anAccountOpened(bob, 'bob'), anAccountOpened(carla, 'carla'), anAccountOpened(mallory, 'mallory'), anAccountOpened(nick, 'nick', [], 'nickname'),
  anAccountOpened(olive, 'olive', ['employee', 'officer']), anAccountOpened(oscar, 'oscar', ['employee', 'officer']), anAccountOpened(adam, 'adam', ['employee', 'administrator']),
];

// Conversations
export const aConversation = (data: Some<ConversationOpened['data']> = {}) => {
  const conversation = data.conversation ?? group;
  return inStream<ConversationOpened>(streams.conversation(conversation), {
    type: 'ConversationOpened',
    data: { at: noon, by: alice, conversation, founders: [alice, bob], historyVisibility: 'all', kind: 'group', space: null, ...data },
    content: { title: { title: '', topic: '' } },
  });
};
export const aChannel = (data: Some<ConversationOpened['data']> = {}) => aConversation({ conversation: channel, founders: [alice], kind: 'channel', space, under: 0, ...data });
export const aDirect = () => aConversation({ conversation: direct, kind: 'direct' });
export const aJoin = (account: string, conversation = group, under?: number) =>
  inStream<MemberJoined>(streams.conversation(conversation), { type: 'MemberJoined', data: { account, at: noon, by: account, ...(under === undefined ? {} : { under }) } });
export const aLeave = (account: string, conversation = group, cause: MemberLeft['data']['cause'] = 'self') =>
  inStream<MemberLeft>(streams.conversation(conversation), { type: 'MemberLeft', data: { account, at: noon, by: account, cause } });
export const aClosing = (conversation = group) => inStream<ConversationClosed>(streams.conversation(conversation), { type: 'ConversationClosed', data: { at: noon, by: alice, cause: 'deleted' } });

// Messages
type Said = { readonly text?: string; readonly places?: readonly MentionPlace[] };
export const aMessagePosted = ({ text = 'Hello, bob', places = [], ...data }: Some<MessagePosted['data']> & Said & { readonly in?: string } = {}) => {
  const { in: conversation = group, ...rest } = data;
  return inStream<MessagePosted>(streams.conversation(conversation), {
    type: 'MessagePosted', data: { at: noon, author: alice, form: 'text', mentions: [], messageId: hello, ordinal: 1, ...rest }, content: { text: { mentions: places, text } },
  });
};
export const aMessageEdited = ({ text = 'Hello, carla', places = [], ...data }: Some<MessageEdited['data']> & Said = {}) =>
  inStream<MessageEdited>(streams.conversation(group), { type: 'MessageEdited', data: { at: noon, author: alice, mentions: [], messageId: hello, ...data }, content: { text: { mentions: places, text } } });
export const aRetraction = (data: Some<MessageRetracted['data']> = {}) =>
  inStream<MessageRetracted>(streams.conversation(group), { type: 'MessageRetracted', data: { at: noon, author: alice, by: alice, messageId: hello, ordinal: 1, ...data } });
export const aReaction = ({ emoji = '👍', ...data }: Some<ReactionAdded['data']> & { readonly emoji?: string } = {}) =>
  inStream<ReactionAdded>(streams.conversation(group), { type: 'ReactionAdded', data: { at: noon, author: alice, messageId: hello, reactionId: thumb, ...data }, content: { reaction: { emoji } } });
export const aReactionWithdrawn = (data: Some<ReactionWithdrawn['data']> = {}) =>
  inStream<ReactionWithdrawn>(streams.conversation(group), { type: 'ReactionWithdrawn', data: { at: noon, author: alice, messageId: hello, reactionId: thumb, ...data } });

// Links
export const meterPage: PreviewContent = { description: 'Every quarter of an hour.', picture: null, site: 'Metering', title: 'Hall C', url: 'https://metering.example/hall-c' };
export const aLinkPreviewed = ({ preview = meterPage, ...data }: Some<LinkPreviewed['data']> & { readonly preview?: PreviewContent } = {}) =>
  inStream<LinkPreviewed>(streams.conversation(group), { type: 'LinkPreviewed', data: { at: noon, author: alice, link: 0, messageId: hello, ...data }, content: { preview } });
export const aLinkPreviewWithdrawn = (data: Some<LinkPreviewWithdrawn['data']> = {}) =>
  inStream<LinkPreviewWithdrawn>(streams.conversation(group), { type: 'LinkPreviewWithdrawn', data: { at: noon, author: alice, by: alice, link: 0, messageId: hello, ...data } });

// Files
export const report = idOf(400);
export const aFileShared = ({ name = 'report.pdf', ...data }: Some<FileShared['data']> & { readonly name?: string } = {}) =>
  inStream<FileShared>(streams.conversation(group), { type: 'FileShared', data: { at: noon, author: alice, blob: 'blob', fileId: report, ordinal: 1, size: 1_000, type: 'application/pdf', ...data }, content: { file: { hash: 'hash', key: 'key', name } } });
export const aFileWithdrawn = (data: Some<FileWithdrawn['data']> = {}) => inStream<FileWithdrawn>(streams.conversation(group), { type: 'FileWithdrawn', data: { at: noon, author: alice, by: alice, fileId: report, ordinal: 1, ...data } });
export const aQuotaReserved = (bytes: number, fileId = report, account = alice) => inStream<QuotaReserved>(streams.account(account), { type: 'QuotaReserved', data: { at: noon, bytes, fileId } });
export const aQuotaSettled = (bytes: number, fileId = report, account = alice) => inStream<QuotaSettled>(streams.account(account), { type: 'QuotaSettled', data: { at: noon, bytes, fileId } });
export const aQuotaReleased = (fileId = report, account = alice) => inStream<QuotaReleased>(streams.account(account), { type: 'QuotaReleased', data: { at: noon, fileId } });
export const anInfectedFile = (data: Some<InfectedFileRefused['data']> = {}) =>
  inStream<InfectedFileRefused>(streams.account(alice), {
    type: 'InfectedFileRefused', data: { at: noon, author: alice, conversation: group, fileId: report, signature: 'Eicar', size: 1_000, ...data }, content: { file: { hash: 'hash', name: 'report.pdf' } },
  });

// Spaces
export const aSpace = (founder = alice) =>
  inStream<SpaceFounded>(streams.space(space), { type: 'SpaceFounded', data: { at: noon, by: founder, general, name: 'name-garden', space }, content: { title: { title: 'Garden', topic: '' } } });
export const aSpaceJoin = (account: string) => inStream<SpaceJoined>(streams.space(space), { type: 'SpaceJoined', data: { account, at: noon, by: alice } });
export const aSpaceLeave = (account: string, joined: number, cause: 'self' | 'removed' = 'self') =>
  inStream<SpaceLeft>(streams.space(space), { type: 'SpaceLeft', data: { account, at: noon, by: account, cause, joined } });
export const anAppointment = (account: string) => inStream<AdministratorAppointed>(streams.space(space), { type: 'AdministratorAppointed', data: { account, at: noon, by: alice } });
