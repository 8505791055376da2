import type { MessageLine, TimelineChange, TimelineLine, TimelinePage } from '#src/contract/timeline.ts';
import { applyToNamed, uniteRanges } from '#src/contract/timeline.ts';
import type { Ranges } from '#src/contract/shapes.ts';

export const idOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export const aMessageLine = (line: Partial<MessageLine> & { readonly revision: number }): MessageLine => ({
  kind: 'message', at: line.revision * 1_000, ordinal: line.revision + 1, messageId: idOf(line.revision), author: idOf(900), form: 'text', text: `line ${line.revision}`, mentions: [], replyTo: null,
  editedAt: null, retracted: null, reactions: [], previews: [], importedSaidAt: null, gone: false, ...line,
});

/** A whole conversation as the server would have it: the plainest model there is, to compare the window with. */
export class WholeTimeline {
  lines: TimelineLine[] = [];
  viewed: Ranges = [];
  position = 0;
  #ordinal = 0;

  /** Makes the next line; a life line when `life`. */
  next(replyTo: string | null = null, life = false): TimelineChange {
    const revision = this.lines.length;
    if (life) return { kind: 'line-added', line: { kind: 'life', revision, at: revision * 1_000, what: 'joined', account: idOf(901), by: idOf(901), title: null, importedSaidAt: null } };
    return { kind: 'line-added', line: aMessageLine({ revision, ordinal: this.#ordinal + 1, replyTo }) };
  }

  record(change: TimelineChange): { readonly position: number; readonly change: TimelineChange } {
    this.position++;
    if (change.kind === 'line-added') {
      this.lines.push(change.line);
      if ('ordinal' in change.line) this.#ordinal = change.line.ordinal;
    } else if (change.kind === 'viewed-by-all') this.viewed = uniteRanges(this.viewed, change.ranges);
    else this.lines = this.lines.map((line) => applyToNamed(line, change));
    return { position: this.position, change };
  }

  /** Lines from one revision up to, not including, another. */
  page(from: number, to: number): TimelinePage {
    const lines = this.lines.slice(Math.max(0, from), Math.max(0, to));
    const here = new Set(lines.flatMap((line) => (line.kind === 'message' ? [line.messageId] : [])));
    const wanted = new Set(lines.flatMap((line) => (line.kind === 'message' && line.replyTo && !here.has(line.replyTo) ? [line.replyTo] : [])));
    const quoted = this.lines.filter((line): line is MessageLine => line.kind === 'message' && wanted.has(line.messageId));
    return { position: this.position, lines, quoted, hasOlder: from > 0, hasNewer: to < this.lines.length, lastOrdinal: this.#ordinal, viewed: this.viewed, cursor: { revision: -1, ordinal: 0 } };
  }
}
