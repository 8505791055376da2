import type { LifeLine, MessageLine, TimelineLine } from '#src/contract/timeline.ts';
import type { Waiting } from '../../client/outgoing.ts';

export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'divider'; readonly key: 'divider'; readonly at: number | null }
  | { readonly kind: 'message'; readonly key: string; readonly line: MessageLine; readonly startsRun: boolean }
  | { readonly kind: 'life'; readonly key: string; readonly lines: readonly LifeLine[] }
  | { readonly kind: 'waiting'; readonly key: string; readonly waiting: Waiting; readonly startsRun: boolean };

export type Divider = { readonly revision: number; readonly at: number | null };

const runMs = 5 * 60_000;

/** When it was said: an import carries the time of its source. */
export const saidAt = (line: TimelineLine): number => line.importedSaidAt ?? line.at;

const dayKeyOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** Joins or leaves in a row become one row. */
const goesWith = (before: LifeLine, line: LifeLine): boolean => before.what === line.what && ['joined', 'left'].includes(line.what) && Math.abs(saidAt(line) - saidAt(before)) < 12 * 3_600_000;

/**
 * The rows of a timeline: a mark at each day of the reader's, the divider before the first unread line, runs of one author
 * within five minutes, then what is not in the log yet.
 */
export const rowsOf = (lines: readonly TimelineLine[], waiting: readonly Waiting[], divider: Divider | null, me: string): Row[] => {
  const rows: Row[] = [];
  let day: number | undefined;
  let run: { readonly author: string; readonly at: number; readonly imported: boolean } | undefined;
  const begin = (at: number, revision: number): void => {
    const key = dayKeyOf(at);
    if (key !== day) {
      rows.push({ kind: 'day', key: `day-${key}-${revision}`, at });
      run = undefined;
    }
    day = key;
  };
  let divided = false;
  for (const line of lines) {
    const at = saidAt(line);
    begin(at, line.revision);
    if (divider && !divided && line.revision >= divider.revision) {
      divided = true;
      rows.push({ kind: 'divider', key: 'divider', at: divider.at });
      run = undefined;
    }
    if (line.kind === 'message') {
      const imported = line.importedSaidAt !== null;
      const startsRun = !run || run.author !== line.author || run.imported !== imported || at - run.at > runMs || at < run.at || line.form === 'action' || line.replyTo !== null;
      rows.push({ kind: 'message', key: line.messageId, line, startsRun });
      run = line.form === 'action' ? undefined : { author: line.author, at, imported };
    } else if (line.kind === 'file') run = undefined;
    else {
      run = undefined;
      const last = rows.at(-1);
      if (last?.kind === 'life' && goesWith(last.lines.at(-1)!, line)) rows[rows.length - 1] = { ...last, lines: [...last.lines, line] };
      else rows.push({ kind: 'life', key: `life-${line.revision}`, lines: [line] });
    }
  }
  for (const one of waiting) {
    begin(one.writtenAt, Number.MAX_SAFE_INTEGER);
    const startsRun = !run || run.author !== me || run.imported || one.writtenAt - run.at > runMs || one.replyTo !== null;
    rows.push({ kind: 'waiting', key: one.key, waiting: one, startsRun });
    run = { author: me, at: one.writtenAt, imported: false };
  }
  return rows;
};
