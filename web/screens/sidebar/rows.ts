import { css, html, nothing, type TemplateResult } from 'lit';
import type { ConversationRow } from '#src/contract/conversations.ts';
import { isUnread, type SpaceWithChannels } from '../../app/conversation-order.ts';
import { pathOfConversation } from '../../app/router.ts';
import { peopleInCall } from '../../calls/ringing.ts';
import { callIn } from '../../calls/rosters.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { shortTime } from '../../elements/times.ts';

export type RowState = { readonly current: boolean; readonly draft: boolean };

/** The other of a direct chat; undefined for the rest. */
export const otherOf = (row: Pick<ConversationRow, 'kind' | 'members'>): string | undefined =>
  row.kind === 'direct' ? (row.members.find((account) => account !== workspace.me?.account) ?? row.members[0]) : undefined;

const shownCount = (n: number): string => (n > 999 ? '999+' : String(n));

/** Green for what is said to me (direct chats, mentions), grey for what is merely new, none when muted. */
const countOf = (row: ConversationRow): TemplateResult | typeof nothing => {
  if (!isUnread(row)) return nothing;
  const forMe = row.kind === 'direct' ? row.unread : row.mentions;
  return forMe > 0
    ? html`<span class="count strong"><span class="seen-by-readers-only">${row.kind === 'direct' ? 'unread: ' : 'mentions: '}</span>${shownCount(forMe)}</span>`
    : html`<span class="count"><span class="seen-by-readers-only">unread: </span>${shownCount(row.unread)}</span>`;
};

const firstName = (account: string): string => workspace.directory.nameOf(account).split(' ')[0]!;

/** The last thing said, with who said it where that is not plain. */
export const lastSaid = (row: ConversationRow): string => {
  const { last } = row;
  if (!last) return row.kind === 'direct' ? 'Nothing said yet' : 'No messages yet';
  const mine = last.author === workspace.me?.account;
  if (last.text === null) return `${mine ? 'You' : firstName(last.author)} ${last.form === 'file' ? 'withdrew a file' : 'retracted a message'}`;
  if (last.form === 'call') return last.text;
  if (last.form === 'file') return `${mine ? 'You' : firstName(last.author)} shared ${last.text}`;
  if (last.form === 'action') return `${mine ? 'You' : firstName(last.author)} ${last.text}`;
  return mine ? `You: ${last.text}` : row.kind === 'direct' ? last.text : `${firstName(last.author)}: ${last.text}`;
};

const pencil = html`<span class="mark" data-tip="A draft waits here">${icon('pencil', 14)}<span class="seen-by-readers-only">draft</span></span>`;
const muted = html`<span class="mark" data-tip="Muted">${icon('bell-off', 14)}<span class="seen-by-readers-only">muted</span></span>`;

/** Where a call is in progress that is what the row says. */
const callWords = (conversationId: string | undefined): TemplateResult | undefined => {
  const call = conversationId === undefined ? undefined : callIn(conversationId);
  return call && html`<span class="last call one-line">Call in progress, ${peopleInCall(call)}</span>`;
};

/** A direct chat or a group: two lines. */
export const personRow = (row: ConversationRow, { current, draft }: RowState): TemplateResult => {
  const title = workspace.titleOf(row);
  const other = otherOf(row);
  return html`<li><a class="row two ${isUnread(row) ? 'unread' : ''}" href=${pathOfConversation(row.conversationId)} data-id=${row.conversationId} aria-current=${current ? 'page' : 'false'}>
    <hansard-avatar .name=${title} .key=${other ?? row.conversationId} ?square=${!other} .presence=${other ? workspace.presence.stateOf(other) : null}></hansard-avatar>
    <span class="name one-line" dir="auto">${title}</span>
    ${row.last ? html`<time datetime=${new Date(row.last.at).toISOString()}>${shortTime(row.last.at)}</time>` : nothing}
    ${callWords(row.conversationId) ?? html`<span class="last one-line" dir="auto">${lastSaid(row)}</span>`}
    <span class="marks">${draft ? pencil : nothing}${row.muted ? muted : nothing}${countOf(row)}</span>
  </a></li>`;
};

/** A channel: one line. */
export const channelRow = (row: ConversationRow, { current, draft }: RowState): TemplateResult => html`
  <li><a class="row one ${isUnread(row) ? 'unread' : ''}" href=${pathOfConversation(row.conversationId)} data-id=${row.conversationId} aria-current=${current ? 'page' : 'false'}>
    ${icon('hash', 16)}<span class="name one-line" dir="auto">${row.general ? 'General' : row.title}</span>
    ${callIn(row.conversationId) ? html`<span class="mark call" data-tip="Call in progress">${icon('phone', 14)}<span class="seen-by-readers-only">call in progress</span></span>` : nothing}<span class="marks">${draft ? pencil : nothing}${row.muted ? muted : nothing}${countOf(row)}</span>
  </a></li>`;

/** A space: two lines, the latest thing said in any of its channels. */
export const spaceHead = ({ space, latest, channels }: SpaceWithChannels, current: boolean): TemplateResult => html`
  <a class="row two" href="/spaces/${space.spaceId}" aria-current=${current ? 'page' : 'false'}>
    <hansard-avatar .name=${space.name} .key=${space.spaceId} square></hansard-avatar>
    <span class="name one-line" dir="auto">${space.name}</span>
    ${latest?.last ? html`<time datetime=${new Date(latest.last.at).toISOString()}>${shortTime(latest.last.at)}</time>` : nothing}
    ${callWords(channels.find(({ conversationId }) => callIn(conversationId))?.conversationId) ?? html`<span class="last one-line" dir="auto">${latest ? lastSaid(latest) : space.topic || 'No messages yet'}</span>`}
  </a>`;

export const rowStyles = css`
  .row { position: relative; color: var(--ink); text-decoration: none; border-radius: var(--round-m); margin-inline: 0.5rem; padding-inline: 0.5rem; cursor: pointer; }
  .row:hover { background: var(--hover); }
  .row:focus-visible { outline-offset: -2px; }
  .row[aria-current="page"] { background: var(--accent-soft); --avatar-surface: var(--accent-soft); }
  .row.two { display: grid; grid-template-columns: 28px minmax(0, 1fr) auto auto; grid-template-rows: auto auto; column-gap: 0.625rem; align-content: center; min-block-size: var(--row-two); }
  .row.two > hansard-avatar { grid-row: 1 / 3; align-self: center; }
  .row.two > .name { grid-area: 1 / 2; font-size: var(--text-m); line-height: 1.35; }
  .row.two > time { grid-area: 1 / 3; font-size: var(--text-xs); color: var(--ink-3); align-self: center; }
  .row.two > .last { grid-area: 2 / 2 / 3 / 4; font-size: var(--text-s); line-height: 1.35; color: var(--ink-3); }
  .row.two > .last.call, .row.one > .call { color: var(--accent); }
  .row.two > .marks { grid-area: 1 / 4 / 3 / 5; }
  .row.unread > .name { font-weight: 600; }
  .row.unread.two > .last { color: var(--ink); }
  .row.one { display: flex; align-items: center; gap: 0.75rem; min-block-size: var(--row-one); padding-inline-start: 1.375rem; color: var(--ink-2); }
  .row.one > .icon { color: var(--ink-3); }
  .row.one > .name { flex: 1; font-size: var(--text-m); }
  .row.one.unread { color: var(--ink); }
  .row.one[aria-current="page"] { color: var(--ink); }
  .row.one.unread > .icon { color: var(--ink-2); }
  .marks { display: flex; align-items: center; gap: 0.3125rem; }
  .marks:empty { display: none; }
  .mark { color: var(--ink-3); display: grid; }
  .count { background: var(--sunken); }
  @media (forced-colors: active) { .row[aria-current="page"] { outline: 2px solid Highlight; outline-offset: -2px; } }
`;
