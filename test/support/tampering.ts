import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { placesIn } from '#appliance/config.ts';
import type { RecordedEvent } from '#src/kernel/event.ts';
import { checkLeaf, type LeafCheck } from '#src/ledger/leaf.ts';
import { Frontier, leafHashOf } from '#src/ledger/tree.ts';
import type { Appliance } from './appliance.ts';

/** What somebody with the database but without the keys can do to the log while nothing runs. */
const withDatabase = <T>({ folder }: Pick<Appliance, 'folder'>, act: (database: DatabaseSync) => T): T => {
  const database = new DatabaseSync(placesIn(folder).log);
  try {
    return act(database);
  } finally {
    database.close();
  }
};

export type Invented = { readonly stream: string; readonly type: string; readonly data: string; readonly metadata: string };

/** Adds an event as the engine would: row, head of the stream and tree agree, so that only its mark gives it away. Gives back its position. */
export const insertForeign = (appliance: Pick<Appliance, 'folder'>, { stream, type, data, metadata }: Invented): number =>
  withDatabase(appliance, (database) => {
    const id = randomUUID();
    const leaf = leafHashOf(`${id}${data}`);
    const leafText = leaf.toString('base64url');
    const tree = database.prepare('SELECT size, peaks FROM tree').get() as { size: number; peaks: Uint8Array };
    const frontier = new Frontier(tree.size, tree.peaks);
    frontier.push(leaf);
    const known = database.prepare('SELECT id, revision FROM streams WHERE name = ?').get(stream) as { id: number; revision: number } | undefined;
    const { last } = database.prepare('SELECT max(id) AS last FROM streams').get() as { last: number };
    const [streamId, revision] = known ? [known.id, known.revision + 1] : [last + 1, 0];
    database.exec('BEGIN');
    if (known) database.prepare('UPDATE streams SET revision = ?, leaf = ? WHERE id = ?').run(revision, leafText, streamId);
    else database.prepare('INSERT INTO streams (id, name, revision, leaf) VALUES (?, ?, ?, ?)').run(streamId, stream, revision, leafText);
    database.prepare('INSERT INTO events (position, stream, revision, id, type, data, metadata, leaf) VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(tree.size, streamId, revision, id, type, data, metadata, leafText);
    database.prepare('UPDATE tree SET size = ?, peaks = ?, root = ?').run(frontier.size, frontier.serialise(), frontier.root().toString('base64url'));
    database.exec('COMMIT');
    return tree.size;
  });

/** Changes the plain data of a recorded event, and nothing else. */
export const alterData = (appliance: Pick<Appliance, 'folder'>, position: number, alter: (data: string) => string): void =>
  withDatabase(appliance, (database) => {
    const { data } = database.prepare('SELECT data FROM events WHERE position = ?').get(position) as { data: string };
    database.prepare('UPDATE events SET data = ? WHERE position = ?').run(alter(data), position);
  });

/** The ledger's own check of every event of the log: those that are not what a writer of ours wrote. */
export const notOurs = async ({ house, recorded }: Appliance): Promise<readonly { readonly position: number; readonly verdict: LeafCheck }[]> => {
  const leaves = new Map<string, string>();
  const found: { position: number; verdict: LeafCheck }[] = [];
  const check = (event: RecordedEvent): void => {
    const verdict = checkLeaf(event, house.logId, house.keyring, leaves.get(event.stream) ?? null);
    if (verdict === 'ours') leaves.set(event.stream, event.leafHash);
    else found.push({ position: event.position, verdict });
  };
  (await recorded()).forEach(check);
  return found;
};
