import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { MessageLine } from '#src/contract/timeline.ts';
import { callIn, rosters } from '../../calls/rosters.ts';
import { looking } from '../../client/attention.ts';
import { outbox } from '../../client/outbox.ts';
import { isChange, isPost, type ChangeWaiting, type Outgoing } from '../../client/outgoing.ts';
import { reading } from '../../client/reading.ts';
import { isCounting, isTakenBack, quotedBy, type CountingLine, type TimelineWindow } from '../../client/timeline-window.ts';
import { sentIn, uploading } from '../../client/uploads.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { clock, count, longDay } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { Announcer } from './announcer.ts';
import { fileRow, moreUploadsRow, uploadRow } from './file-line.ts';
import { fileStyles } from './file-styles.ts';
import { lineStyles } from './line-styles.ts';
import { ListKeys } from './list-keys.ts';
import { callRow } from './call-line.ts';
import { lifeRow, messageRow, waitingRow, type LineActs, type LineSetting, type WaitingActs } from './message-line.ts';
import type { OpenConversation } from './open-conversation.ts';
import { pressedOutside } from './pressed-outside.ts';
import { ScrollKeeper, type Place } from './scroll-keeper.ts';
import { rowsOf, type Row } from './timeline-rows.ts';
import { beginning, dayName, loadingRows } from './timeline-states.ts';
import { Viewport } from './viewport.ts';

const lateMs = 3_000;
/** Another page is asked for when less than this many views are left. */
const viewsAhead = 1.5;

/** The timeline: at most a few hundred rows on the page, the reader's row at its pixel whatever comes and goes. */
export class MessageList extends LitElement {
  static override properties = { open: { attribute: false }, acts: { attribute: false }, wait: { attribute: false }, writable: { type: Boolean }, active: { state: true }, ahead: { state: true }, said: { state: true } };
  declare open: OpenConversation;
  declare acts: LineActs;
  declare wait: WaitingActs;
  declare writable: boolean;
  /** Key of the row under the pointer or with the focus. */
  declare active: string;
  declare ahead: { readonly atEnd: boolean; readonly unreadAbove: boolean };
  declare said: string;
  readonly #announcer = new Announcer((sentence) => (this.said = sentence));
  readonly #keys = new ListKeys(this);
  #keeper: ScrollKeeper | undefined;
  #viewport: Viewport | undefined;
  #kept: Place = { atEnd: true };
  #seenOrdinal = 0;
  #dividerSeen = -1;
  #movedByHand = false;
  #menuOpen = false;
  #ends: (() => void)[] = [];
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.active = '';
    this.said = '';
    this.writable = true;
    this.ahead = { atEnd: true, unreadAbove: false };
  }

  static override styles = [base, buttons, surfaces, lineStyles, fileStyles, css`
    :host { position: relative; display: grid; min-block-size: 0; min-inline-size: 0; }
    .scroll { min-block-size: 0; overflow-anchor: none; overflow-x: hidden; display: flex; flex-direction: column; outline-offset: -2px; }
    .scroll > .rows { margin-block-start: auto; }
    .jump { position: absolute; inset-inline: 0; margin-inline: auto; inline-size: fit-content; z-index: 2; box-shadow: var(--shadow); border-radius: var(--round-full); padding: 0.375rem 0.875rem; }
    .jump.down { inset-block-end: 0.625rem; }
    .jump.up { inset-block-start: 0.625rem; }
    .jump.new { color: var(--accent); border-color: var(--accent); }
    .refused { margin: auto; }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    const again = (): void => this.requestUpdate();
    const { live, goal, divider, lit, about } = this.open;
    this.#ends = [live.state.watch(again), goal.watch(again), divider.watch(again), lit.watch(again), about.watch(again), outbox.waiting.watch(again), uploading.watch(again), workspace.connection.watch(again), rosters.watch(again), workspace.directory.version.watch(again),
      pressedOutside(this, () => (this.active = '')), looking.watch((now) => now && this.#viewport?.again())];
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
    this.#viewport?.close();
    clearTimeout(this.#late);
  }

  override firstUpdated(): void {
    const scroller = this.renderRoot.querySelector<HTMLElement>('.scroll')!;
    this.#keeper = new ScrollKeeper(scroller, () => this.rowElements());
    this.#viewport = new Viewport(scroller, (rows) => this.#inView(rows));
    const sizes = new ResizeObserver(() => this.#resized());
    sizes.observe(scroller);
    sizes.observe(scroller.querySelector('.rows')!);
    this.#ends.push(() => sizes.disconnect());
    this.#settle({ atEnd: true });
  }

  override update(changed: Map<PropertyKey, unknown>): void {
    const place = this.#keeper?.place();
    super.update(changed);
    if (place) this.#settle(place);
  }

  get me(): string {
    return workspace.me?.account ?? '';
  }

  rowElements(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('.rows > .row')];
  }

  /** After rows changed: the reader stays, unless there is somewhere to go. */
  #settle(place: Place): void {
    const { window, goal } = this.open;
    const keeper = this.#keeper!;
    if (!window) return;
    const to = goal.value;
    const row = to?.to === 'line' ? this.rowElements().find((one) => Number(one.dataset['revision']) >= to.revision) : to?.to === 'divider' ? this.renderRoot.querySelector<HTMLElement>('.divider') : null;
    if (row) keeper.toRow(row, to?.to === 'divider' ? 0.15 : 0.4);
    else if (to?.to === 'end') keeper.toEnd();
    else keeper.restore(place);
    if (to) goal.set(undefined);
    this.#viewport?.watch(this.rowElements());
    this.#moved();
    if (!window.hasNewer) this.#announcer.saw(window.lines.filter(isCounting).slice(-20), this.me);
  }

  /** The view moved over the rows, or they under it. */
  readonly #moved = (): void => {
    const { open } = this;
    const keeper = this.#keeper;
    if (!keeper || !open.window) return;
    keeper.following = keeper.isAtEnd() && !open.window.hasNewer;
    keeper.noted();
    this.#kept = keeper.place();
    const scroller = this.renderRoot.querySelector<HTMLElement>('.scroll')!;
    const reach = scroller.clientHeight * viewsAhead;
    if (scroller.scrollTop < reach) void open.older();
    if (keeper.rest < reach) void open.newer();
    const first = this.#kept.atEnd ? undefined : this.rowElements().find((row) => row.dataset['key'] === (this.#kept as { rows: readonly (readonly [string, number])[] }).rows[0]?.[0]);
    const revision = Number(first?.dataset['revision'] ?? open.window.lines.at(-1)?.revision ?? -1);
    open.place = { atEnd: keeper.following, revision };
    const unreadAbove = open.hasUnreadAbove || this.#dividerAbove(revision, scroller);
    if (this.ahead.atEnd !== keeper.following || this.ahead.unreadAbove !== unreadAbove) this.ahead = { atEnd: keeper.following, unreadAbove };
  };

  /** Is the divider above what is in view, and has not been in it? */
  #dividerAbove(firstRevision: number, scroller: HTMLElement): boolean {
    const divider = this.open.divider.value;
    if (divider === null || this.#dividerSeen === divider.revision) return false;
    const element = this.renderRoot.querySelector('.divider');
    return element ? element.getBoundingClientRect().bottom < scroller.getBoundingClientRect().top : firstRevision > divider.revision;
  }

  /** A width changed, a font came, the composer grew: the reader's row stays. */
  #resized(): void {
    const keeper = this.#keeper;
    if (!keeper || !this.open.window) return;
    if (!keeper.hasScrolled || (this.#kept.atEnd && !keeper.isAtEnd())) keeper.restore(this.#kept);
    this.#moved();
  }

  readonly #scrolled = (): void => (this.#keeper?.hasResized ? this.#resized() : this.#moved());

  /** Rows stood in the viewport for a moment; they were seen if somebody is looking. */
  #inView(rows: readonly HTMLElement[]): void {
    const { window, conversationId, about } = this.open;
    if (!looking.value || !window || rows.length === 0) return;
    const revisions = rows.flatMap((row) => {
      const to = Number(row.dataset['revision'] ?? -1);
      const from = Number(row.dataset['from'] ?? to);
      return to < 0 ? [] : Array.from({ length: to - from + 1 }, (_, n) => from + n);
    });
    if (rows.some((row) => row.classList.contains('divider'))) this.#dividerSeen = this.open.divider.value?.revision ?? -1;
    reading.viewed(conversationId, revisions, about.value?.receipts ?? false);
    const seen = Math.max(this.#seenOrdinal, ...rows.map((row) => Number(row.dataset['ordinal'] ?? 0)));
    if (seen !== this.#seenOrdinal) {
      this.#seenOrdinal = seen;
      this.requestUpdate();
    }
    if (window.hasNewer || !revisions.includes(window.lines.at(-1)?.revision ?? -1)) return;
    if (this.#movedByHand) this.open.readsOn();
    if (!reading.isHeld(conversationId)) workspace.readToEnd(conversationId);
  }

  readonly #byHand = { handleEvent: (): void => void (this.#movedByHand = true), passive: true };
  readonly menuToggled = (isOpen: boolean): void => {
    this.#menuOpen = isOpen;
  };
  readonly #over = (event: Event): void => {
    if (this.#menuOpen) return;
    const row = (event.composedPath() as Element[]).find((node) => node instanceof HTMLElement && node.classList.contains('row')) as HTMLElement | undefined;
    this.active = row?.dataset['key'] ?? '';
  };
  readonly #leave = (): void => {
    if (!this.#menuOpen) this.active = '';
  };
  /** A long press on a touch screen, or the menu key. */
  readonly #menu = async (event: Event): Promise<void> => {
    if ((event as PointerEvent).pointerType === 'mouse' || (event.composedPath()[0] as Element).closest('a')) return;
    event.preventDefault();
    this.#over(event);
    await this.openMenu();
  };
  async openMenu(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement & { show(): void }>('.message.active hansard-menu')?.show();
  }

  #row(row: Row, window: TimelineWindow, last: string): unknown {
    const { me } = this;
    const names = workspace.directory.version.value;
    const importedOnly = this.open.importedOnly.value;
    const tabbable = (this.#keys.current || last) === row.key;
    switch (row.kind) {
      case 'day':
        return html`<li class="day row" data-key=${row.key}>${dayName(row.at)}</li>`;
      case 'divider':
        return html`<li class="divider row" data-key="divider">${row.at === null ? 'New' : `New since you left, ${Date.now() - row.at > 86_400_000 ? `${longDay(row.at)}, ` : ''}${clock(row.at)}`}</li>`;
      case 'life':
        return guard([row.lines.length, row.lines[0], tabbable, names, importedOnly], () => lifeRow(row.lines, tabbable, importedOnly));
      case 'call':
        return guard([row.line, tabbable, names, callIn(this.open.conversationId)], () => callRow(row.line, this.open.conversationId, tabbable));
      case 'waiting': {
        const connected = workspace.connection.value === 'connected';
        return waitingRow(row.waiting, { me, startsRun: row.startsRun, quoted: row.waiting.replyTo ? quotedBy(window, row.waiting.replyTo) : undefined, connected, late: row.key === last && (!connected || this.#isLate(row.waiting)) }, this.acts, this.wait);
      }
      case 'upload':
        return uploadRow(row.upload, row.startsRun, me);
      case 'more-uploads':
        return moreUploadsRow(row.more);
      case 'file':
      case 'message': {
        const { line } = row;
        const active = this.active === row.key;
        const own = { me, startsRun: row.startsRun, active, lit: this.open.lit.value === line.revision, tabbable, writable: this.writable, importedOnly, ...this.#seenBy(line, active, window) };
        if (line.kind === 'file') return guard([line, names, ...Object.values(own)], () => fileRow(line, { ...own, conversationId: this.open.conversationId }, this.acts));
        const quoted = line.replyTo ? quotedBy(window, line.replyTo) : undefined;
        const setting = { ...own, conversationId: this.open.conversationId, quoted, unsent: this.#unsent(line) };
        return guard([line, names, ...Object.values(setting)], () => messageRow(line, setting, this.acts, this.wait));
      }
    }
  }
  /** Only where it shows: otherwise every row would be made again when it becomes known. */
  #seenBy(line: CountingLine, active: boolean, window: TimelineWindow): Pick<LineSetting, 'mark' | 'receipts'> {
    const receipts = (active || line.author === this.me) && (this.open.about.value?.receipts ?? false);
    const viewed = receipts && window.viewed.some(([from, to]) => from <= line.revision && line.revision <= to);
    return { receipts, mark: line.author !== this.me || isTakenBack(line) ? 'none' : viewed ? 'viewed' : 'recorded' };
  }

  /** The newest change of this line that has been on its way for long, or was refused. */
  #unsent({ messageId }: MessageLine): ChangeWaiting | undefined {
    const change = outbox.waiting.value.filter(isChange).findLast((one) => one.messageId === messageId && one.state !== 'recorded');
    return change && (change.state === 'refused' || workspace.connection.value !== 'connected' || this.#isLate(change)) ? change : undefined;
  }

  #isLate(waiting: Outgoing): boolean {
    const left = waiting.writtenAt + lateMs - Date.now();
    if (left <= 0) return true;
    this.#late ??= setTimeout(() => {
      this.#late = undefined;
      this.requestUpdate();
    }, left);
    return false;
  }

  #jumps(window: TimelineWindow): TemplateResult {
    const fresh = Math.max(0, window.lastOrdinal - Math.max(this.#seenOrdinal, window.cursor.ordinal)); // What was said before one joined is not new.
    return html`
      ${this.ahead.unreadAbove ? html`<button class="button small jump up new" @click=${() => this.open.toFirstUnread()}>${icon('arrow-up', 16)}Jump to first unread</button>` : nothing}
      ${this.ahead.atEnd ? nothing : html`<button class=${fresh > 0 ? 'button small jump down new' : 'button small jump down'} @click=${() => this.open.toEnd()}>${icon('arrow-down', 16)}Jump to latest${fresh > 0 ? ` (${count(fresh)} new)` : ''}</button>`}`;
  }

  #rows(): TemplateResult | typeof nothing {
    const live = this.open.live.state.value;
    if (live.phase === 'loading') return loadingRows();
    if (live.phase === 'refused') return html`<li class="empty">${live.refusal.sentence}</li>`;
    const window = live.snapshot;
    const waiting = window.hasNewer ? [] : outbox.waiting.value.filter(isPost).filter((one) => one.conversationId === this.open.conversationId);
    const rows = rowsOf(this.open.lines, waiting, this.open.divider.value, this.me, window.hasNewer ? [] : sentIn(this.open.conversationId));
    const last = rows.at(-1)?.key ?? '';
    return html`${window.hasOlder ? nothing : beginning(this.open.about.value?.conversation, !window.lines.some(isCounting))}${repeat(rows, (row) => row.key, (row) => this.#row(row, window, last))}`;
  }

  override render() {
    const { window } = this.open;
    return html`
      <div class="scroll" @scroll=${this.#scrolled} @wheel=${this.#byHand} @touchmove=${this.#byHand} @pointerdown=${this.#byHand} @pointerover=${this.#over} @pointerleave=${this.#leave} @focusin=${this.#over} @contextmenu=${this.#menu} @keydown=${this.#keys.press}>
        <ol class="rows" aria-label="Messages" aria-busy=${window ? 'false' : 'true'}>${this.#rows()}</ol>
      </div>
      ${window ? this.#jumps(window) : nothing}
      <div class="seen-by-readers-only" aria-live="polite">${this.said}</div>`;
  }
}
customElements.define('message-list', MessageList);
