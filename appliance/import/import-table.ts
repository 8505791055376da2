import type { LineRefused, SourceLine } from './parse-line.ts';

/** What an import did, in full: every line read is in `recorded`, `alreadyThere` or `refused`. */
export type ImportTable = {
  linesRead: number; messages: number; actions: number; joins: number; leaves: number;
  /** Seen joining, and again without having left: recorded as a second join. */
  joinsSeenTwice: number;
  /** Seen joining after a join that had been assumed: recorded as well. */
  joinsAfterAssumed: number;
  /** Spoke or left without having been seen joining: recorded after a join that is marked as assumed. */
  joinsAssumed: number;
  /** Said before the line above: kept as said; the order is the file's. */
  timesGoneBack: number;
  emptyTexts: number; nicknames: number; rooms: number;
  recorded: number; alreadyThere: number; refused: number;
  refusedByReason: Record<string, number>;
  /** The first of them. */
  refusedLines: LineRefused[];
};

const refusedLinesMax = 50;
const countOf = { message: 'messages', action: 'actions', joined: 'joins', left: 'leaves' } as const;

/** Counts what is in the file, from the file alone: the same whether a line is recorded now or was before. */
export class ImportTally {
  readonly table: ImportTable = {
    linesRead: 0, messages: 0, actions: 0, joins: 0, leaves: 0, joinsSeenTwice: 0, joinsAfterAssumed: 0, joinsAssumed: 0, timesGoneBack: 0, emptyTexts: 0, nicknames: 0, rooms: 0, recorded: 0, alreadyThere: 0, refused: 0, refusedByReason: {}, refusedLines: [],
  };
  /** Who is in a room, and whether they were seen coming. */
  readonly #present = new Map<string, Map<string, 'seen' | 'assumed'>>();
  readonly #nicknames = new Set<string>();
  #latest = -Infinity;

  /** Events that this line makes: two where a join is assumed. */
  line({ kind, nick, room, saidAt, text }: SourceLine): 1 | 2 {
    const { table } = this;
    let present = this.#present.get(room);
    if (!present) this.#present.set(room, (present = new Map()));
    this.#nicknames.add(nick);
    table.linesRead += 1;
    table[countOf[kind]] += 1;
    table.nicknames = this.#nicknames.size;
    table.rooms = this.#present.size;
    if (saidAt < this.#latest) table.timesGoneBack += 1;
    this.#latest = saidAt;
    if (text === '' && (kind === 'message' || kind === 'action')) table.emptyTexts += 1;
    const came = present.get(nick);
    if (kind === 'left') present.delete(nick);
    else present.set(nick, kind === 'joined' ? 'seen' : (came ?? 'assumed'));
    if (kind === 'joined') {
      if (came === 'seen') table.joinsSeenTwice += 1;
      if (came === 'assumed') table.joinsAfterAssumed += 1;
      return 1;
    }
    if (came === undefined) table.joinsAssumed += 1;
    return came === undefined ? 2 : 1;
  }

  refused(refused: LineRefused): void {
    const { table } = this;
    table.linesRead += 1;
    table.refused += 1;
    table.refusedByReason[refused.reason] = (table.refusedByReason[refused.reason] ?? 0) + 1;
    if (table.refusedLines.length < refusedLinesMax) table.refusedLines.push(refused);
  }
}
