import { html, nothing, type TemplateResult } from 'lit';
import type { FileLine } from '#src/contract/files.ts';
import type { LifeLine, MessageLine } from '#src/contract/timeline.ts';
import { plainText } from '../../client/markdown.ts';
import type { ChangeWaiting, Outgoing, Waiting } from '../../client/outgoing.ts';
import type { CountingLine } from '../../client/timeline-window.ts';
import { workspace } from '../../client/workspace.ts';
import { faceOf, initialsOf } from '../../elements/hansard-avatar.ts';
import '../../elements/hansard-menu.ts';
import { icon } from '../../elements/icons.ts';
import { clock, fullTime } from '../../elements/times.ts';
import { lifeWords } from './life-words.ts';
import { linkPreviewCard } from './link-preview.ts';
import { messageText } from './message-text.ts';
import { saidAt } from './timeline-rows.ts';

/**
 * Rows are template functions and not elements of their own: they are in the page with their full height as soon as the
 * list has rendered, which is what keeps the reader's line at its pixel when a page is put in front of it.
 */
export type LineActs = {
  readonly react: (line: MessageLine, from: HTMLElement) => void;
  readonly toggleReaction: (line: MessageLine, emoji: string) => void;
  readonly reply: (line: MessageLine) => void;
  readonly edit: (line: MessageLine) => void;
  readonly copy: (line: MessageLine) => void;
  readonly markUnread: (line: CountingLine) => void;
  readonly retract: (line: MessageLine) => void;
  readonly withdraw: (line: FileLine) => void;
  readonly viewers: (line: CountingLine, from: HTMLElement) => void;
  readonly goTo: (messageId: string) => void;
  readonly menuToggled: (open: boolean) => void;
};
/** What a message row shows besides its line. */
export type LineSetting = {
  readonly conversationId: string;
  readonly me: string;
  readonly startsRun: boolean;
  readonly active: boolean;
  readonly lit: boolean;
  readonly tabbable: boolean;
  readonly mark: 'none' | 'recorded' | 'viewed';
  readonly receipts: boolean;
  readonly quoted: MessageLine | undefined;
  readonly writable: boolean;
  /** All messages that are loaded are imported. */
  readonly importedOnly: boolean;
  /** A change that is not in the log yet, and should have been. */
  readonly unsent: ChangeWaiting | undefined;
};

const nameOf = (account: string): string => workspace.directory.nameOf(account);
const iso = (at: number): string => new Date(at).toISOString();
const quoteMax = 160;

/** The initials of <hansard-avatar>, without an element and a root of its own for each of seventy rows. */
export const face = (account: string, name: string): TemplateResult => html`<span class=${`initials face-${faceOf(account)}`} aria-hidden="true">${initialsOf(name)}</span>`;

const quote = (replyTo: string, quoted: MessageLine | undefined, acts: LineActs): TemplateResult => {
  const said = !quoted ? 'a message that is not shown here' : quoted.retracted ? 'retracted message' : quoted.text === null ? 'a message whose text is no longer kept' : plainText(quoted.text, quoteMax);
  return html`<button class="quote" dir="auto" @click=${() => acts.goTo(replyTo)} aria-label=${quoted ? `In reply to ${nameOf(quoted.author)}: ${said}. Go there` : 'Go to the message this replies to'}>${quoted ? html`<b>${nameOf(quoted.author)}</b> · ` : nothing}${said}</button>`;
};

const body = (line: MessageLine, me: string): TemplateResult => {
  if (line.retracted) return html`<p class="retracted">${line.retracted.by === me ? 'You' : nameOf(line.retracted.by)} retracted this message at ${clock(line.retracted.at)}.</p>`;
  if (line.text === null) return html`<p class="gone">The text of this message is no longer kept.</p>`;
  if (line.text === '') return html`<p class="gone">A message without text.</p>`;
  return html`<div class=${line.form === 'action' ? 'text action' : 'text'}>${messageText(line, me)}</div>`;
};

const reactions = (line: MessageLine, { me, writable }: LineSetting, acts: LineActs): TemplateResult | typeof nothing => {
  if (line.reactions.length === 0) return nothing;
  const by = new Map<string, string[]>();
  for (const { emoji, account } of line.reactions) by.set(emoji, [...(by.get(emoji) ?? []), account]);
  return html`<div class="reactions" role="group" aria-label="Reactions">${[...by].map(([emoji, accounts]) => {
    const who = accounts.map((account) => (account === me ? 'You' : nameOf(account))).join(', ');
    return html`<button class="reaction" aria-pressed=${accounts.includes(me)} aria-label=${`${emoji} ${accounts.length}: ${who}`} data-tip=${who} ?disabled=${!writable} @click=${() => acts.toggleReaction(line, emoji)}><span aria-hidden="true">${emoji}</span>${accounts.length}</button>`;
  })}</div>`;
};

export const mark = (line: CountingLine, { mark: shown, receipts }: Pick<LineSetting, 'mark' | 'receipts'>, acts: LineActs): TemplateResult | typeof nothing => {
  if (shown === 'none') return nothing;
  const words = shown === 'viewed' ? 'Viewed by everyone' : 'In the record';
  const drawing = icon(shown === 'viewed' ? 'check-check' : 'check', 16);
  if (!receipts) return html`<span class="mark" title=${words}>${drawing}<span class="seen-by-readers-only">${words}</span></span>`;
  const show = (event: Event): void => acts.viewers(line, event.currentTarget as HTMLElement);
  return html`<button class=${shown === 'viewed' ? 'mark all' : 'mark'} tabindex="-1" aria-label=${`${words}. Show who and when`} @click=${show} @pointerenter=${show} @focus=${show}>${drawing}</button>`;
};

/** Where the viewers of a line are shown: at its mark, or at the line. */
const placeOf = (event: Event): HTMLElement => {
  const row = (event.currentTarget as HTMLElement).closest<HTMLElement>('.row')!;
  return row.querySelector<HTMLElement>('.mark') ?? row;
};

const item = (drawing: Parameters<typeof icon>[0], words: string, does: (event: Event) => void, key = '', danger = false): TemplateResult =>
  html`<button role="menuitem" class=${danger ? 'menu-item danger' : 'menu-item'} @click=${does}>${icon(drawing)}${words}${key ? html`<span class="end">${key}</span>` : nothing}</button>`;
export const markItem = (line: CountingLine, acts: LineActs): TemplateResult => item('mail', 'Mark unread from here', () => acts.markUnread(line), 'U');
export const viewersItem = (line: CountingLine, acts: LineActs): TemplateResult => item('eye', 'Who has viewed it', (event) => acts.viewers(line, placeOf(event)));
export const withdrawItem = (line: FileLine, acts: LineActs): TemplateResult => item('undo-2', 'Withdraw…', () => acts.withdraw(line), 'Del', true);

const menu = (line: MessageLine, { me, writable, receipts }: LineSetting, acts: LineActs): TemplateResult => {
  const own = line.author === me && writable;
  return html`<hansard-menu label="What to do with this message" align="end" @toggled=${(event: CustomEvent<{ open: boolean }>) => acts.menuToggled(event.detail.open)}>
    <button slot="trigger" class="icon-button" aria-label="More" data-tip="More">${icon('ellipsis')}</button>
    ${writable ? item('reply', 'Reply', () => acts.reply(line), 'R') : nothing}
    ${own ? item('pencil', 'Edit', () => acts.edit(line), 'E') : nothing}
    ${line.text ? item('copy', 'Copy text', () => acts.copy(line), 'C') : nothing}
    ${markItem(line, acts)}
    ${receipts ? viewersItem(line, acts) : nothing}
    ${own ? html`<hr class="menu-rule">${item('undo-2', 'Retract…', () => acts.retract(line), 'Del', true)}` : nothing}
  </hansard-menu>`;
};

const toolbar = (line: MessageLine, setting: LineSetting, acts: LineActs): TemplateResult => html`
  <div class="acts" role="toolbar" aria-label="Message">
    ${setting.writable ? html`
      ${workspace.me?.guest ? nothing : html`<button class="icon-button" aria-label="React" data-tip="React" @click=${(event: Event) => acts.react(line, event.currentTarget as HTMLElement)}>${icon('smile-plus', 16)}</button>`}
      <button class="icon-button" aria-label="Reply" data-tip="Reply" data-keys="R" @click=${() => acts.reply(line)}>${icon('reply', 16)}</button>
      ${line.author === setting.me ? html`<button class="icon-button" aria-label="Edit" data-tip="Edit" data-keys="E" @click=${() => acts.edit(line)}>${icon('pencil', 16)}</button>` : nothing}` : nothing}
    ${menu(line, setting, acts)}
  </div>`;

/** One message as a list item. */
export const messageRow = (line: MessageLine, setting: LineSetting, acts: LineActs, wait: WaitingActs): TemplateResult => {
  const at = saidAt(line);
  const { startsRun, active } = setting;
  const name = nameOf(line.author);
  const classes = `row message${startsRun ? ' starts' : ''}${active ? ' active' : ''}${setting.lit ? ' lit' : ''}`;
  return html`<li class=${classes} data-key=${line.messageId} data-revision=${line.revision} data-ordinal=${line.ordinal} tabindex=${setting.tabbable ? 0 : -1}>
    <div class="face">${startsRun ? face(line.author, name) : html`<time class="aside-time" aria-hidden="true">${clock(at)}</time>`}</div>
    <div class="what">
      <div class=${startsRun ? 'by' : 'by seen-by-readers-only'}><span class="name" dir="auto">${name}</span><time datetime=${iso(at)} title=${fullTime(at)}>${clock(at)}</time>${startsRun ? [edited(line), imported(line, setting.importedOnly)] : nothing}</div>
      ${line.replyTo ? quote(line.replyTo, setting.quoted, acts) : nothing}
      ${body(line, setting.me)}
      ${startsRun ? nothing : edited(line)}
      ${line.previews.map((preview) => linkPreviewCard(preview, line.messageId, { conversationId: setting.conversationId, own: setting.writable && line.author === setting.me }))}
      ${reactions(line, setting, acts)}
      ${setting.unsent ? changeNotSent(setting.unsent, wait) : nothing}
    </div>
    ${mark(line, setting, acts)}
    ${active && !line.retracted ? toolbar(line, setting, acts) : nothing}
  </li>`;
};

const edited = (line: MessageLine): TemplateResult | typeof nothing =>
  line.editedAt === null || line.retracted ? nothing : html`<span class="note" title=${`Edited ${fullTime(line.editedAt)}. The first version stays in the record.`}>edited ${clock(line.editedAt)}</span>`;
/** `quiet`: everything in view is imported, and the header says so once; who listens still hears it with each line. */
export const imported = (line: CountingLine, quiet: boolean): TemplateResult | typeof nothing =>
  line.importedSaidAt === null ? nothing : html`<span class=${quiet ? 'seen-by-readers-only' : 'note imported'} title=${`Imported. The time is the one its source states; it came into this record ${fullTime(line.at)}.`}>imported</span>`;

export type WaitingActs = { readonly retry: (refused: Outgoing) => void; readonly rewrite: (refused: Outgoing) => void; readonly discard: (refused: Outgoing) => void };

/** Why it was not sent, and what can be done with it. */
const refusedNote = (refused: Outgoing, words: string, again: string, wait: WaitingActs): TemplateResult => html`<div class="not-sent refused" role="alert">${icon('circle-alert', 14)}<span>${words} ${refused.refusal?.sentence ?? ''}</span>
  <button class="text-button" @click=${() => wait.retry(refused)}>Retry</button><button class="text-button" @click=${() => wait.rewrite(refused)}>${again}</button><button class="text-button" @click=${() => wait.discard(refused)}>Discard</button></div>`;

const changeNotSent = (change: ChangeWaiting, wait: WaitingActs): TemplateResult => {
  if (change.state === 'refused') return refusedNote(change, 'Your edit was not recorded; its text is kept here.', 'Write as a new message', wait);
  return html`<div class="not-sent">${workspace.connection.value === 'connected' ? 'This change is not confirmed yet.' : 'This change is not sent yet. It will go out when the connection is back.'}</div>`;
};

/** A message that is not in the log yet. It stands where its line will stand. */
export const waitingRow = (waiting: Waiting, setting: Pick<LineSetting, 'me' | 'startsRun' | 'quoted'> & { readonly connected: boolean; readonly late: boolean }, acts: LineActs, wait: WaitingActs): TemplateResult => {
  const { me, startsRun } = setting;
  const said = waiting.state === 'recorded' ? 'In the record' : '';
  return html`<li class=${`row message waiting${startsRun ? ' starts' : ''}`} data-key=${waiting.key} tabindex="-1">
    <div class="face">${startsRun ? face(me, nameOf(me)) : nothing}</div>
    <div class="what">
      <div class=${startsRun ? 'by' : 'by seen-by-readers-only'}><span class="name" dir="auto">${nameOf(me)}</span><time datetime=${iso(waiting.writtenAt)}>${clock(waiting.writtenAt)}</time></div>
      ${waiting.replyTo ? quote(waiting.replyTo, setting.quoted, acts) : nothing}
      <div class="text">${messageText(waiting, me)}</div>
      ${waiting.state === 'refused' ? refusedNote(waiting, 'Not sent.', 'Edit', wait) : nothing}
      ${waiting.state === 'waiting' && setting.late ? html`<div class="not-sent">${setting.connected ? 'Not confirmed yet.' : 'Not sent yet. It will go out when the connection is back.'}</div>` : nothing}
    </div>
    ${said ? html`<span class="mark" title=${said}>${icon('check', 16)}<span class="seen-by-readers-only">${said}</span></span>` : html`<span class="mark"></span>`}
  </li>`;
};

/** Life of the conversation, small. Several joins or leaves in a row are one line. */
export const lifeRow = (lines: readonly LifeLine[], tabbable: boolean, importedOnly: boolean): TemplateResult => {
  const last = lines.at(-1)!;
  return html`<li class="row life" data-key=${`life-${lines[0]!.revision}`} data-revision=${last.revision} data-from=${lines[0]!.revision} tabindex=${tabbable ? 0 : -1} dir="auto">
    ${lifeWords(lines, nameOf)} <time datetime=${iso(saidAt(last))} title=${fullTime(saidAt(last))}>${clock(saidAt(last))}</time>${last.importedSaidAt !== null ? html` <span class=${importedOnly ? 'seen-by-readers-only' : 'note imported'}>imported</span>` : nothing}
  </li>`;
};
