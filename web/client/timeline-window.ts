import type { FileLine } from '#src/contract/files.ts';
import { applyToLine, applyToNamed, uniteRanges, type MessageLine, type TimelineChange, type TimelineLine, type TimelinePage } from '#src/contract/timeline.ts';
import type { Ranges } from '#src/contract/shapes.ts';

/** At most this many lines are loaded, and each is a row: with day marks and what waits to be sent the page stays under 300 rows. */
export const windowLinesMax = 225;

/** A piece of a conversation without gaps: what is loaded of it, and whether there is more on either side. */
export type TimelineWindow = {
  readonly position: number;
  readonly lines: readonly TimelineLine[];
  /** Messages that loaded lines reply to and that are not loaded themselves. */
  readonly quoted: ReadonlyMap<string, MessageLine>;
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** Of the conversation, not of the window. */
  readonly lastOrdinal: number;
  readonly viewed: Ranges;
  readonly cursor: TimelinePage['cursor'];
};

/** What counts as said: a message or a file. */
export type CountingLine = MessageLine | FileLine;
export const isCounting = (line: TimelineLine): line is CountingLine => line.kind === 'message' || line.kind === 'file';
/** Taken back by its author: nobody is told of it any more. */
export const isTakenBack = (line: CountingLine): boolean => (line.kind === 'file' ? line.withdrawn !== null : line.retracted !== null);

const isMessage = (line: TimelineLine): line is MessageLine => line.kind === 'message';
const byId = (lines: readonly MessageLine[]): Map<string, MessageLine> => new Map(lines.map((line) => [line.messageId, line]));

export const windowOf = (page: TimelinePage): TimelineWindow => ({ ...page, quoted: byId(page.quoted) });

export const findMessage = (window: TimelineWindow, messageId: string): MessageLine | undefined =>
  window.lines.find((line): line is MessageLine => isMessage(line) && line.messageId === messageId);

/** The message a reply points to, loaded or not. */
export const quotedBy = (window: TimelineWindow, messageId: string): MessageLine | undefined => findMessage(window, messageId) ?? window.quoted.get(messageId);

const withLine = (window: TimelineWindow, line: TimelineLine): TimelineWindow => {
  const lastOrdinal = isCounting(line) ? Math.max(window.lastOrdinal, line.ordinal) : window.lastOrdinal;
  const last = window.lines.at(-1);
  if (window.hasNewer || (last && line.revision <= last.revision)) return { ...window, lastOrdinal };
  return { ...window, lastOrdinal, lines: [...window.lines, line] };
};

/**
 * A snapshot plus its pushes equals a fresh snapshot of the same lines. A line past a window that does not reach the end is
 * not taken in (it comes with its page). A change that was applied before does no harm.
 */
export const applyTimelineChange = (window: TimelineWindow, change: TimelineChange): TimelineWindow => {
  if (change.kind === 'line-added') return withLine(window, change.line);
  if (change.kind === 'viewed-by-all') return { ...window, viewed: uniteRanges(window.viewed, change.ranges) };
  if (change.kind === 'file-withdrawn') return { ...window, lines: window.lines.map((line) => applyToNamed(line, change)) };
  const quoted = window.quoted.get(change.messageId);
  const at = window.lines.findLastIndex((line) => isMessage(line) && line.messageId === change.messageId);
  if (at < 0 && !quoted) return window;
  return {
    ...window,
    lines: at < 0 ? window.lines : window.lines.with(at, applyToLine(window.lines[at] as MessageLine, change)),
    quoted: quoted ? new Map(window.quoted).set(change.messageId, applyToLine(quoted, change)) : window.quoted,
  };
};

const joined = (window: TimelineWindow, page: TimelinePage): Pick<TimelineWindow, 'quoted' | 'viewed' | 'lastOrdinal'> => ({
  quoted: new Map([...window.quoted, ...byId(page.quoted)]),
  viewed: uniteRanges(window.viewed, page.viewed),
  lastOrdinal: Math.max(window.lastOrdinal, page.lastOrdinal),
});

/** Puts a page that ends right before the window in front of it, and lets go of the far end. */
export const joinOlder = (window: TimelineWindow, page: TimelinePage): TimelineWindow => {
  const first = window.lines[0]?.revision ?? Infinity;
  return trimNewest({ ...window, ...joined(window, page), lines: [...page.lines.filter((line) => line.revision < first), ...window.lines], hasOlder: page.hasOlder });
};

/** Puts a page that begins right after the window behind it, and lets go of the far end. */
export const joinNewer = (window: TimelineWindow, page: TimelinePage): TimelineWindow => {
  const last = window.lines.at(-1)?.revision ?? -1;
  return trimOldest({ ...window, ...joined(window, page), lines: [...window.lines, ...page.lines.filter((line) => line.revision > last)], hasNewer: page.hasNewer });
};

/** Keeps what remaining lines quote of the lines that go, and forgets quotes nobody needs. */
const keepQuoted = (window: TimelineWindow, lines: readonly TimelineLine[]): ReadonlyMap<string, MessageLine> => {
  const wanted = new Set(lines.flatMap((line) => (isMessage(line) && line.replyTo ? [line.replyTo] : [])));
  const gone = window.lines.filter((line): line is MessageLine => isMessage(line) && wanted.has(line.messageId) && !lines.includes(line));
  return byId([...window.quoted.values()].filter((line) => wanted.has(line.messageId)).concat(gone));
};

export const trimNewest = (window: TimelineWindow, max = windowLinesMax): TimelineWindow => {
  if (window.lines.length <= max) return window;
  const lines = window.lines.slice(0, max);
  return { ...window, lines, quoted: keepQuoted(window, lines), hasNewer: true };
};

export const trimOldest = (window: TimelineWindow, max = windowLinesMax): TimelineWindow => {
  if (window.lines.length <= max) return window;
  const lines = window.lines.slice(-max);
  return { ...window, lines, quoted: keepQuoted(window, lines), hasOlder: true };
};
