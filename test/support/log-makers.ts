import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RecordedEvent } from '#src/kernel/event.ts';
import { rootOf } from '#src/ledger/tree.ts';
import type { EventLog, EventToAppend } from '#src/log/event-log.ts';

/** An event to append. The engine looks into nothing, so its leaf hash is simply a hash of its id. */
export const anEventToAppend = (own: Partial<EventToAppend> = {}): EventToAppend => {
  const id = own.id ?? randomUUID();
  const leafHash = createHash('sha256').update(id).digest('base64url');
  return { id, type: 'MessagePosted', data: `{"messageId":"${id}","text":"hi"}`, metadata: '{"schema":1}', leafHash, ...own };
};

export const someEvents = (count: number, own: Partial<EventToAppend> = {}): EventToAppend[] => Array.from({ length: count }, () => anEventToAppend(own));

/** A folder of its own, removed by `remove`. */
export const aFolder = async (): Promise<{ folder: string; file: string; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'hansard-log-'));
  return { folder, file: join(folder, 'log.db'), remove: () => rm(folder, { recursive: true, force: true }) };
};

export const allOf = async (pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const page of pages) {
    if (page.length === 0) throw new Error('A page of a log is never empty.');
    events.push(...page);
  }
  return events;
};

/** What is wrong with a log as a whole: gaps, doubles, heads and the tree over all leaves. Empty when it is well. */
export const faultsOf = async (log: EventLog): Promise<string[]> => {
  const head = await log.head();
  const events = await allOf(log.readAll({ limit: head.size }));
  const faults: string[] = [];
  const last = new Map<string, RecordedEvent>();
  const ids = new Set<string>();
  for (const [i, event] of events.entries()) {
    if (event.position !== i) faults.push(`position ${event.position} stands at ${i}`);
    const revision = (last.get(event.stream)?.revision ?? -1) + 1;
    if (event.revision !== revision) faults.push(`${event.stream} has revision ${event.revision} where ${revision} belongs`);
    if (ids.has(event.id)) faults.push(`${event.id} is there twice`);
    ids.add(event.id);
    last.set(event.stream, event);
  }
  if (events.length !== head.size) faults.push(`the head counts ${head.size} events, ${events.length} are read`);
  const root = rootOf(events.map(({ leafHash }) => Buffer.from(leafHash, 'base64url'))).toString('base64url');
  if (root !== head.root) faults.push('the root is not that of the leaves');
  for (const [stream, event] of last) {
    const { revision, leafHash } = await log.streamHead(stream);
    if (revision !== event.revision || leafHash !== event.leafHash) faults.push(`the head of ${stream} is not its last event`);
  }
  return faults;
};
