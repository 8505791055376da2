import type { DatabaseSync } from 'node:sqlite';

import { BrokenIntegrity } from '../../kernel/fault.ts';
import { Frontier, hashBytes, rootOf } from '../../ledger/tree.ts';

/** Complete subtrees of up to so many leaves are computed again at a start: at most twice as many events are read. */
const subtreeLeavesMax = 1024;

type TailEvent = { position: number; stream: number; revision: number; leaf: string };

const frontierOf = (file: string, database: DatabaseSync): Frontier => {
  const row = database.prepare('SELECT size, peaks, root FROM tree').get() as { size: number; peaks: Uint8Array; root: string } | undefined;
  if (!row) throw new BrokenIntegrity(`The log ${file} has lost its tree.`);
  let frontier: Frontier;
  try {
    frontier = new Frontier(row.size, row.peaks);
  } catch (error) {
    throw new BrokenIntegrity(`The tree of the log ${file} is damaged: ${(error as Error).message}`, { cause: error });
  }
  if (frontier.root().toString('base64url') !== row.root) throw new BrokenIntegrity(`The tree of the log ${file} is damaged: its peaks do not give its root.`);
  return frontier;
};

/** The complete subtrees at the right end whose leaves are few, each as [start, leaves, peak]. */
const smallSubtrees = (frontier: Frontier): { start: number; leaves: number; peak: Buffer }[] => {
  const peaks = frontier.serialise();
  const found: { start: number; leaves: number; peak: Buffer }[] = [];
  let end = frontier.size;
  for (let at = peaks.length - hashBytes, leaves = 1; at >= 0 && leaves <= subtreeLeavesMax; leaves *= 2) {
    if (Math.floor(frontier.size / leaves) % 2 === 0) continue;
    end -= leaves;
    found.push({ start: end, leaves, peak: peaks.subarray(at, at + hashBytes) });
    at -= hashBytes;
  }
  return found;
};

const checkHeads = (file: string, database: DatabaseSync, tail: readonly TailEvent[]): void => {
  const lastOf = new Map<number, TailEvent>();
  for (const event of tail) lastOf.set(event.stream, event);
  const headOf = database.prepare('SELECT name, revision, leaf FROM streams WHERE id = ?');
  for (const [stream, last] of lastOf) {
    const head = headOf.get(stream) as { name: string; revision: number; leaf: string } | undefined;
    if (!head) throw new BrokenIntegrity(`The log ${file} is inconsistent: the event at position ${last.position} belongs to no stream.`);
    if (head.revision !== last.revision || head.leaf !== last.leaf) {
      throw new BrokenIntegrity(`The log ${file} is inconsistent: the head of ${head.name} is at revision ${head.revision}, its last event at ${last.revision}, or their leaves differ.`);
    }
  }
};

/**
 * The quick check of every start: event count, root, the right end of the tree and the heads of the streams in it agree.
 * Returns the frontier to go on from; throws `BrokenIntegrity` with a sentence otherwise. What lies deeper is for `verify`.
 */
export const checkAtStart = (file: string, database: DatabaseSync): Frontier => {
  const frontier = frontierOf(file, database);
  const { last } = database.prepare('SELECT max(position) AS last FROM events').get() as { last: number | null };
  const events = (last ?? -1) + 1;
  if (events !== frontier.size) throw new BrokenIntegrity(`The log ${file} is inconsistent: it holds ${events} events, but its tree counts ${frontier.size}.`);
  const subtrees = smallSubtrees(frontier);
  const start = subtrees.at(-1)?.start ?? frontier.size;
  // A log of a round size has one large subtree at its end: its last events are looked at for their heads alone.
  const from = Math.min(start, Math.max(0, frontier.size - subtreeLeavesMax));
  const tail = database.prepare('SELECT position, stream, revision, leaf FROM events WHERE position >= ? ORDER BY position').all(from) as unknown as TailEvent[];
  if (tail.length !== frontier.size - from) throw new BrokenIntegrity(`The log ${file} is inconsistent: of its last ${frontier.size - from} events ${tail.length} are there.`);
  const leaves = tail.map(({ leaf }) => Buffer.from(leaf, 'base64url'));
  for (const subtree of subtrees) {
    const own = leaves.slice(subtree.start - from, subtree.start - from + subtree.leaves);
    if (own.some((leaf) => leaf.length !== hashBytes) || !rootOf(own).equals(subtree.peak)) {
      throw new BrokenIntegrity(`The log ${file} is inconsistent: the leaves ${subtree.start} to ${subtree.start + subtree.leaves - 1} do not give the tree's hash over them.`);
    }
  }
  checkHeads(file, database, tail);
  return frontier;
};
