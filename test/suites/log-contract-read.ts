import { expect } from 'vitest';

import type { RecordedEvent } from '#src/kernel/event.ts';
import { emptyRoot, rootOf } from '#src/ledger/tree.ts';
import type { EventLog, EventToAppend } from '#src/log/event-log.ts';
import { allOf, anEventToAppend, someEvents } from '#test/support/log-makers.ts';
import type { LogCases } from './log-contract.ts';

const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);

/** Appends in batches, and gives back what was appended, in order. */
const fill = async (log: EventLog, stream: string, count: number, own?: Partial<EventToAppend>, batchEvents = 500): Promise<EventToAppend[]> => {
  const events = someEvents(count, own);
  for (let at = 0; at < count; at += batchEvents) await log.append(stream, at - 1, events.slice(at, at + batchEvents));
  return events;
};

const firstPage = async (pages: AsyncIterable<readonly RecordedEvent[]>): Promise<readonly RecordedEvent[]> => {
  for await (const page of pages) return page;
  return [];
};

export const readCases: LogCases = {
  'finds nothing in a log that holds nothing': async ({ log }) => {
    expect(await allOf(log.readAll())).toEqual([]);
    expect(await log.head()).toEqual({ size: 0, root: emptyRoot().toString('base64url') });
  },

  'finds a missing stream empty': async ({ log }) => {
    await fill(log, 'a', 2);
    expect(await allOf(log.readStream('b'))).toEqual([]);
    expect(await allOf(log.readStream('b', { backwards: true }))).toEqual([]);
    expect(await log.streamHead('b')).toEqual({ revision: -1, leafHash: null });
  },

  'reads a stream over many pages, in order, without the events of others': async ({ log }) => {
    const [mine] = await Promise.all([fill(log, 'a', 2600), fill(log, 'b', 700)]);
    expect(idsOf(await allOf(log.readStream('a')))).toEqual(idsOf(mine));
    expect(idsOf(await allOf(log.readStream('a', { backwards: true })))).toEqual(idsOf(mine).reverse());
  },

  'reads a stream from a revision, which is included, up to a limit': async ({ log }) => {
    const ids = idsOf(await fill(log, 'a', 50));
    expect(idsOf(await allOf(log.readStream('a', { from: 10 })))).toEqual(ids.slice(10));
    expect(idsOf(await allOf(log.readStream('a', { from: 10, limit: 5 })))).toEqual(ids.slice(10, 15));
    expect(idsOf(await allOf(log.readStream('a', { from: 49 })))).toEqual(ids.slice(49));
    expect(await allOf(log.readStream('a', { from: 50 }))).toEqual([]);
    expect(await allOf(log.readStream('a', { limit: 0 }))).toEqual([]);
  },

  'reads a stream backwards from a revision, which is included, up to a limit': async ({ log }) => {
    const ids = idsOf(await fill(log, 'a', 50));
    expect(idsOf(await allOf(log.readStream('a', { backwards: true, limit: 3 })))).toEqual(ids.slice(47).reverse());
    expect(idsOf(await allOf(log.readStream('a', { backwards: true, from: 10, limit: 4 })))).toEqual(ids.slice(7, 11).reverse());
    expect(idsOf(await allOf(log.readStream('a', { backwards: true, from: 2 })))).toEqual(ids.slice(0, 3).reverse());
    expect(idsOf(await allOf(log.readStream('a', { backwards: true, from: 999, limit: 1 })))).toEqual(ids.slice(49));
  },

  'reads everything in position order, in pages of the size asked for': async ({ log }) => {
    await Promise.all(['a', 'b', 'c'].map((stream) => fill(log, stream, 400, {}, 10)));
    const pages: number[] = [];
    let next = 0;
    for await (const page of log.readAll({ pageEvents: 500 })) {
      pages.push(page.length);
      for (const { position } of page) expect(position).toBe(next++);
    }
    expect(pages).toEqual([500, 500, 200]);
  },

  'reads everything from a position, which is included, up to a limit': async ({ log }) => {
    const ids = idsOf(await fill(log, 'a', 100));
    expect(idsOf(await allOf(log.readAll({ from: 95 })))).toEqual(ids.slice(95));
    expect(idsOf(await allOf(log.readAll({ from: 20, limit: 30, pageEvents: 7 })))).toEqual(ids.slice(20, 50));
    expect(await allOf(log.readAll({ from: 100 }))).toEqual([]);
  },

  'loses nothing when events are so large that few fit a page': async ({ log }) => {
    const ids = idsOf(await fill(log, 'a', 40, { data: `"${'x'.repeat(200_000)}"` }, 3));
    expect(idsOf(await allOf(log.readAll()))).toEqual(ids);
    expect(idsOf(await allOf(log.readStream('a', { backwards: true })))).toEqual([...ids].reverse());
    expect(idsOf(await allOf(log.readAll({ limit: 39 })))).toEqual(ids.slice(0, 39));
  },

  'is not hurt when somebody leaves a loop early': async ({ log }) => {
    const ids = idsOf(await fill(log, 'a', 3000));
    const left = await Promise.all(Array.from({ length: 50 }, () => firstPage(log.readAll())));
    for (const page of left) expect(page[0]?.id).toBe(ids[0]);
    expect(idsOf(await allOf(log.readAll()))).toEqual(ids);
  },

  'gives the root over all leaves after each append': async ({ log }) => {
    const leaves: Buffer[] = [];
    for (let count = 1; count <= 40; count += 1) {
      const event = anEventToAppend();
      leaves.push(Buffer.from(event.leafHash, 'base64url'));
      await log.append(`s${count % 3}`, (await log.streamHead(`s${count % 3}`)).revision, [event]);
      expect(await log.head()).toEqual({ size: count, root: rootOf(leaves).toString('base64url') });
    }
  },
};
