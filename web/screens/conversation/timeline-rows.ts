import type { CallLine } from '#src/contract/calls.ts';
import type { FileLine } from '#src/contract/files.ts';
import type { LifeLine, MessageLine, TimelineLine } from '#src/contract/timeline.ts';
import type { Waiting } from '../../client/outgoing.ts';
import type { Upload } from '../../client/uploads.ts';
import { isOneOfMany } from './life-words.ts';

export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'divider'; readonly key: 'divider'; readonly at: number | null }
  | { readonly kind: 'message'; readonly key: string; readonly line: MessageLine; readonly startsRun: boolean }
  | { readonly kind: 'file'; readonly key: string; readonly line: FileLine; readonly startsRun: boolean }
  | { readonly kind: 'life'; readonly key: string; readonly lines: readonly LifeLine[] }
  | { readonly kind: 'call'; readonly key: string; readonly line: CallLine }
  | { readonly kind: 'waiting'; readonly key: string; readonly waiting: Waiting; readonly startsRun: boolean }
  | { readonly kind: 'upload'; readonly key: string; readonly upload: Upload; readonly startsRun: boolean }
  | { readonly kind: 'more-uploads'; readonly key: 'more-uploads'; readonly more: number };

export type Divider = { readonly revision: number; readonly at: number | null };

const runMs = 5 * 60_000;
const uploadsShown = 12;

/** When it was said: an import carries the time of its source. */
export const saidAt = (line: TimelineLine): number => (line.kind === 'call' ? line.at : (line.importedSaidAt ?? line.at));

const dayKeyOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** Joins or leaves of one kind in a row become one row. */
const goesWith = (before: LifeLine, line: LifeLine): boolean => before.what === line.what && isOneOfMany(line) && Math.abs(saidAt(line) - saidAt(before)) < 12 * 3_600_000;

type Run = { readonly author: string; readonly at: number; readonly imported: boolean };
const goesOn = (run: Run | undefined, next: Run): boolean => run !== undefined && run.author === next.author && run.imported === next.imported && next.at - run.at <= runMs && next.at >= run.at;

/** Files that follow a message on its way stand below it; those whose message is in the log already come first. */
const inOrder = (waiting: readonly Waiting[], uploads: readonly Upload[]): readonly (Waiting | Upload)[] => {
  const under = (messageId: string): readonly Upload[] => uploads.filter(({ sent }) => sent?.messageId === messageId);
  const alone = uploads.filter(({ sent }) => !waiting.some(({ key }) => key === sent?.messageId));
  return [...alone, ...waiting.flatMap((one) => [one, ...under(one.key)])];
};

/** Puts what is not in the log yet below the lines. Of many files the first are shown, so that the page stays small. */
const addWaiting = (rows: Row[], waiting: readonly Waiting[], uploads: readonly Upload[], me: string, last: Run | undefined, begin: (at: number) => boolean): void => {
  let run = last;
  for (const one of inOrder(waiting, uploads.slice(0, uploadsShown))) {
    const isPost = 'text' in one;
    const at = isPost ? one.writtenAt : (one.sent?.at ?? 0);
    if (begin(at)) run = undefined;
    const now = { author: me, at: Math.max(at, run?.at ?? at), imported: false }; // What comes after the lines is later, whatever this clock says.
    const startsRun = !goesOn(run, now) || (isPost && one.replyTo !== null);
    rows.push(isPost ? { kind: 'waiting', key: one.key, waiting: one, startsRun } : { kind: 'upload', key: one.key, upload: one, startsRun });
    run = now;
  }
  if (uploads.length > uploadsShown) rows.push({ kind: 'more-uploads', key: 'more-uploads', more: uploads.length - uploadsShown });
};

/**
 * The rows of a timeline: a mark at each day of the reader's, the divider before the first unread line, runs of one author
 * within five minutes, then what is not in the log yet.
 */
export const rowsOf = (lines: readonly TimelineLine[], waiting: readonly Waiting[], divider: Divider | null, me: string, uploads: readonly Upload[] = []): Row[] => {
  const rows: Row[] = [];
  let day: number | undefined;
  let run: Run | undefined;
  const begin = (at: number, revision: number): boolean => {
    const key = dayKeyOf(at);
    if (key === day) return false;
    rows.push({ kind: 'day', key: `day-${key}-${revision}`, at });
    day = key;
    return true;
  };
  let divided = false;
  for (const line of lines) {
    const at = saidAt(line);
    if (begin(at, line.revision)) run = undefined;
    if (divider && !divided && line.revision >= divider.revision) {
      divided = true;
      rows.push({ kind: 'divider', key: 'divider', at: divider.at });
      run = undefined;
    }
    if (line.kind === 'life') {
      run = undefined;
      const last = rows.at(-1);
      if (last?.kind === 'life' && goesWith(last.lines.at(-1)!, line)) rows[rows.length - 1] = { ...last, lines: [...last.lines, line] };
      else rows.push({ kind: 'life', key: `life-${line.revision}`, lines: [line] });
      continue;
    }
    if (line.kind === 'call') {
      run = undefined;
      rows.push({ kind: 'call', key: `call-${line.revision}`, line });
      continue;
    }
    const now = { author: line.author, at, imported: line.importedSaidAt !== null };
    const isAction = line.kind === 'message' && line.form === 'action';
    const startsRun = !goesOn(run, now) || isAction || (line.kind === 'message' && line.replyTo !== null);
    rows.push(line.kind === 'file' ? { kind: 'file', key: line.fileId, line, startsRun } : { kind: 'message', key: line.messageId, line, startsRun });
    run = isAction ? undefined : now;
  }
  addWaiting(rows, waiting, uploads, me, run, (at) => begin(at, Number.MAX_SAFE_INTEGER));
  return rows;
};
