import type { HansardEvent } from '#src/every-event.ts';
import type { Opened } from '#src/every-event.ts';
import type { Actor, DecidedEvent } from '#src/kernel/event.ts';

/** Makers with defaults: what a test sets is what it is about. People have fixed ids for ever. */
export const idFor = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
export const alice = idFor(0xa11ce);
export const bob = idFor(0xb0b);
export const olive = idFor(0x0117e);
export const oscar = idFor(0x05ca);
export const adam = idFor(0xada3);
export const gita = idFor(0x917a);
export const general = idFor(0x6e);

type DataOf<T extends HansardEvent['type']> = Extract<HansardEvent, { type: T }>['data'];
type Made = DecidedEvent & { readonly type: HansardEvent['type'] };
const made = <T extends HansardEvent['type']>(type: T, data: DataOf<T>, content?: object): Made => ({ type, data: data as unknown as DecidedEvent['data'], ...(content && { content: content as NonNullable<DecidedEvent['content']> }) });

const at = Date.UTC(2026, 10, 21, 9);

export const anAccountOpened = ({ displayName = 'Alice', email = null as string | null, ...data }: Partial<DataOf<'AccountOpened'>> & { displayName?: string; email?: string | null } = {}): Made =>
  made('AccountOpened', { account: alice, at, kind: 'employee', roles: ['employee'], signInName: null, ...data }, { profile: { displayName, email } });
export const aConversationOpened = ({ title = '', topic = '', ...data }: Partial<DataOf<'ConversationOpened'>> & { title?: string; topic?: string } = {}): Made =>
  made('ConversationOpened', { at, by: alice, conversation: general, founders: [alice, bob], historyVisibility: 'all', kind: 'group', space: null, ...data }, { title: { title, topic } });
export const aMemberJoined = (data: Partial<DataOf<'MemberJoined'>> = {}): Made => made('MemberJoined', { account: bob, at, by: alice, ...data });
export const aMemberLeft = (data: Partial<DataOf<'MemberLeft'>> = {}): Made => made('MemberLeft', { account: bob, at, by: bob, cause: 'self', ...data });
export const aConversationTitled = ({ title = 'Ledger', topic = '', ...data }: Partial<DataOf<'ConversationTitled'>> & { title?: string; topic?: string } = {}): Made => made('ConversationTitled', { at, by: alice, ...data }, { title: { title, topic } });
export const aMessagePosted = ({ text = 'hello', ...data }: Partial<DataOf<'MessagePosted'>> & { text?: string } = {}): Made =>
  made('MessagePosted', { at, author: alice, form: 'text', mentions: [], messageId: idFor(0x3e55), ordinal: 1, ...data }, { text: { mentions: [], text } });
export const aMessageEdited = ({ text = 'hello, world', ...data }: Partial<DataOf<'MessageEdited'>> & { text?: string } = {}): Made =>
  made('MessageEdited', { at, author: alice, mentions: [], messageId: idFor(0x3e55), ...data }, { text: { mentions: [], text } });
export const aMessageRetracted = (data: Partial<DataOf<'MessageRetracted'>> = {}): Made => made('MessageRetracted', { at, author: alice, by: alice, messageId: idFor(0x3e55), ordinal: 1, ...data });
export const aReactionAdded = ({ emoji = '👍', ...data }: Partial<DataOf<'ReactionAdded'>> & { emoji?: string } = {}): Made =>
  made('ReactionAdded', { at, author: bob, messageId: idFor(0x3e55), reactionId: idFor(0x4eac), ...data }, { reaction: { emoji } });
export const aReactionWithdrawn = (data: Partial<DataOf<'ReactionWithdrawn'>> = {}): Made => made('ReactionWithdrawn', { at, author: bob, messageId: idFor(0x3e55), reactionId: idFor(0x4eac), ...data });
export const aFileShared = ({ name = 'readings.pdf', ...data }: Partial<DataOf<'FileShared'>> & { name?: string } = {}): Made =>
  made('FileShared', { at, author: alice, blob: 'jnF0pyqgMTj5ZLAhwA5fzWRXvxVZUSbTkNwXNSKrNVk', fileId: idFor(0xf11e), ordinal: 1, size: 48_211, type: 'application/pdf', ...data }, { file: { hash: 'pZ_Q5A0B8ZAbm5YGbQkU0M3JHDVdKUlGJYhrqzT7JbY', key: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY', name } });
export const aLinkPreviewed = ({ url = 'https://x.example/', title = 'A page', ...data }: Partial<DataOf<'LinkPreviewed'>> & { readonly url?: string; readonly title?: string } = {}): Made =>
  made('LinkPreviewed', { at, author: alice, link: 0, messageId: idFor(0x3e55), ...data }, { preview: { description: 'What it is about', picture: { alt: '', bytes: 'UklGRg', height: 2, width: 3 }, site: 'X', title, url } });
export const aLinkPreviewWithdrawn = (data: Partial<DataOf<'LinkPreviewWithdrawn'>> = {}): Made => made('LinkPreviewWithdrawn', { at, author: alice, by: alice, link: 0, messageId: idFor(0x3e55), ...data });
export const aFileWithdrawn = (data: Partial<DataOf<'FileWithdrawn'>> = {}): Made => made('FileWithdrawn', { at, author: alice, by: alice, fileId: idFor(0xf11e), ordinal: 1, ...data });
export const aQuotaReserved = (data: Partial<DataOf<'QuotaReserved'>> = {}): Made => made('QuotaReserved', { at, bytes: 48_211, fileId: idFor(0xf11e), ...data });
export const aQuotaSettled = (data: Partial<DataOf<'QuotaSettled'>> = {}): Made => made('QuotaSettled', { at, bytes: 48_211, fileId: idFor(0xf11e), ...data });
export const aViewed = (data: Partial<DataOf<'Viewed'>> = {}): Made => made('Viewed', { account: bob, at, ranges: [], rule: 1, ...data });
export const aReadUpTo = (data: Partial<DataOf<'ReadUpTo'>> = {}): Made => made('ReadUpTo', { account: bob, at, conversation: general, ordinal: 1, revision: 1, ...data });
export const aMarkedUnread = (data: Partial<DataOf<'MarkedUnread'>> = {}): Made => made('MarkedUnread', { account: bob, at, conversation: general, ordinal: 0, revision: 1, ...data });
export const aConversationMuted = (data: Partial<DataOf<'ConversationMuted'>> = {}): Made => made('ConversationMuted', { account: bob, at, conversation: general, ...data });
export const aSpaceFounded = ({ title = 'Office', topic = '', ...data }: Partial<DataOf<'SpaceFounded'>> & { title?: string; topic?: string } = {}): Made =>
  made('SpaceFounded', { at, by: alice, general, name: 'name-of-the-space', space: idFor(0x59ace), ...data }, { title: { title, topic } });
export const anInquiryOpened = ({ reason = 'complaint 7', ...data }: Partial<DataOf<'InquiryOpened'>> & { reason?: string } = {}): Made => made('InquiryOpened', { at, by: olive, inquiry: idFor(0x19), ...data }, { case: { reason } });
export const aSignedIn = ({ address = '192.0.2.1', ...data }: Partial<DataOf<'SignedIn'>> & { address?: string } = {}): Made =>
  made('SignedIn', { account: alice, at, expiresAt: at + 1000, sessionHash: 'session', ...data }, { access: { address, agent: 'test' } });

/** A record in the making: gives positions, revisions, ids and metadata to what makers made. */
export class History {
  readonly events: Opened[] = [];
  readonly #heads = new Map<string, number>();

  get head(): number {
    return this.events.length - 1;
  }

  /** Revision of the last event of a stream, or -1. */
  revisionOf(stream: string): number {
    return this.#heads.get(stream) ?? -1;
  }

  add(stream: string, event: DecidedEvent, actor: Actor = { kind: 'account', id: alice }): Opened {
    const position = this.events.length;
    const revision = this.revisionOf(stream) + 1;
    this.#heads.set(stream, revision);
    const opened = {
      position, stream, revision, id: idFor(0xe0000000 + position), type: event.type, data: event.data, content: event.content ?? {}, leafHash: `leaf-${position}`,
      metadata: { actor, basis: [], commandId: idFor(0xc0000000 + position), correlation: idFor(0xc0000000 + position), door: 'web', schema: 1, ledger: { commitments: [], mac: '', previous: null, writer: 'w' } },
    } as unknown as Opened;
    this.events.push(opened);
    return opened;
  }
}
