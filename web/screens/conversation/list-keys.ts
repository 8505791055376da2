import { isCounting, isTakenBack } from '../../client/timeline-window.ts';
import type { MessageList } from './message-list.ts';

/** Keys over the rows of the timeline: one row is in the tab order, arrows move, letters act on the row with the focus and nowhere else (WCAG 2.1.4). */
export class ListKeys {
  /** Key of the row in the tab order; empty for the last one. */
  current = '';
  readonly #list: MessageList;

  constructor(list: MessageList) {
    this.#list = list;
  }

  readonly press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') return this.#escape(event);
    const row = event.composedPath()[0] as HTMLElement;
    if (!row.classList?.contains('row') || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = this.#list.rowElements().filter((one) => one.hasAttribute('tabindex'));
    const here = rows.indexOf(row);
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) this.#focus(rows[Math.max(0, to)] ?? row);
    else if (!this.#act(event.key, row)) return;
    event.preventDefault();
  };

  #focus(row: HTMLElement): void {
    this.current = row.dataset['key'] ?? '';
    this.#list.active = this.current;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }

  /** @returns whether the key means something here. */
  #act(key: string, row: HTMLElement): boolean {
    const line = this.#list.open.window?.lines.find((one) => isCounting(one) && (one.kind === 'file' ? one.fileId : one.messageId) === row.dataset['key']);
    if (!line || !isCounting(line) || isTakenBack(line)) return false;
    const { acts, writable } = this.#list;
    const own = writable && line.author === this.#list.me;
    if (key.toLowerCase() === 'u') return acts.markUnread(line), true;
    if (key === 'Enter') return void this.#list.openMenu(), true;
    if (line.kind === 'file') return key === 'Delete' && own && (acts.withdraw(line), true);
    switch (key.toLowerCase()) {
      case 'e': return own && (acts.edit(line), true);
      case 'r': return writable && (acts.reply(line), true);
      case 'c': return acts.copy(line), true;
      case '+': return writable && (acts.react(line, row), true);
      case 'delete': return own && (acts.retract(line), true);
      default: return false;
    }
  }

  /** The first Escape puts the divider away, the next one leads back to writing. */
  #escape(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const { divider } = this.#list.open;
    if (divider.value) divider.set(null);
    else this.#list.dispatchEvent(new CustomEvent('write', { bubbles: true, composed: true }));
    event.preventDefault();
  }
}
