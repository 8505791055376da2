import { expect } from 'vitest';

import { Fault } from '#src/kernel/fault.ts';
import { logLimits, type EventToAppend } from '#src/log/event-log.ts';
import { allOf, anEventToAppend, someEvents } from '#test/support/log-makers.ts';
import type { LogCases } from './log-contract.ts';

const nothing = '{}';
/** An event whose data and metadata are `bytes` long in UTF-8. */
const anEventOf = (bytes: number, letter = 'x'): EventToAppend =>
  anEventToAppend({ metadata: nothing, data: `"${letter.repeat((bytes - nothing.length - 2) / Buffer.byteLength(letter))}"` });
const refusedAs = (code: string) => ({ kind: 'refused', code });

export const appendCases: LogCases = {
  'answers with the position of the first event and the revision of the last': async ({ log }) => {
    expect(await log.append('a', -1, someEvents(3))).toEqual({ kind: 'appended', position: 0, revision: 2 });
    expect(await log.append('b', -1, someEvents(1))).toEqual({ kind: 'appended', position: 3, revision: 0 });
    expect(await log.append('a', 2, someEvents(2))).toEqual({ kind: 'appended', position: 4, revision: 4 });
  },

  'keeps every text and leaf as it was given': async ({ log }) => {
    const texts = ['', '"\\u0000\\u001f"', '"é上海 \u{1f600} \u202e"', '{"a":1,"b":[null,true,9007199254740991]}', ' "not trimmed" \n'];
    const events = texts.map((data) => anEventToAppend({ data, metadata: data, type: `Said ${data}` }));
    await log.append('conversation-é', -1, events);
    const kept = await allOf(log.readStream('conversation-é'));
    expect(kept).toEqual(events.map((event, i) => ({ ...event, position: i, revision: i, stream: 'conversation-é' })));
  },

  'is seen by every read once it is answered': async ({ log }) => {
    for (let revision = 0; revision < 20; revision += 1) {
      const event = anEventToAppend();
      await log.append('a', revision - 1, [event]);
      const [head, whole, last] = await Promise.all([log.streamHead('a'), log.head(), allOf(log.readStream('a', { backwards: true, limit: 1 }))]);
      expect([head.revision, head.leafHash, whole.size, last[0]?.id]).toEqual([revision, event.leafHash, revision + 1, event.id]);
    }
  },

  'conflicts at any other revision than the expected one, and writes nothing': async ({ log }) => {
    await log.append('a', -1, someEvents(3));
    for (const expected of [-1, 0, 1, 3, 99]) expect(await log.append('a', expected, someEvents(1))).toEqual({ kind: 'conflict', revision: 2 });
    for (const expected of [0, 7]) expect(await log.append('missing', expected, someEvents(1))).toEqual({ kind: 'conflict', revision: -1 });
    expect((await log.head()).size).toBe(3);
    expect(await log.append('a', 2, someEvents(1))).toMatchObject({ kind: 'appended' });
  },

  'lets exactly one of many racers have a revision, and tells the others where the stream is': async ({ log }) => {
    for (let revision = 0; revision < 10; revision += 1) {
      const outcomes = await Promise.all(Array.from({ length: 16 }, () => log.append('a', revision - 1, someEvents(1))));
      expect(outcomes.filter(({ kind }) => kind === 'appended')).toEqual([{ kind: 'appended', position: revision, revision }]);
      expect(outcomes.filter(({ kind }) => kind === 'conflict')).toEqual(Array.from({ length: 15 }, () => ({ kind: 'conflict', revision })));
    }
  },

  'keeps the order in which one caller handed over, without waiting for answers': async ({ log }) => {
    const outcomes = await Promise.all(Array.from({ length: 300 }, (_, i) => log.append('a', i - 1, someEvents(1))));
    expect(outcomes).toEqual(Array.from({ length: 300 }, (_, i) => ({ kind: 'appended', position: i, revision: i })));
  },

  'gives the events of a batch positions without a gap, whoever else appends': async ({ log }) => {
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, i) => log.append(`s${i}`, -1, someEvents(1 + (i % 7)))));
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.kind !== 'appended') throw new Error(`s${i}: ${outcome.kind}`);
      const events = await allOf(log.readStream(`s${i}`));
      expect(events.map(({ position }) => position)).toEqual(Array.from({ length: 1 + (i % 7) }, (_, n) => outcome.position + n));
    }
  },

  'answers a batch that is sent again as the first time, and writes nothing': async ({ log, reopen }) => {
    const batch = someEvents(3);
    const first = await log.append('a', -1, batch);
    expect(await log.append('a', -1, batch)).toEqual(first);
    await log.append('a', 2, someEvents(2));
    await log.append('b', -1, someEvents(2));
    expect(await log.append('a', -1, batch)).toEqual(first);
    const later = await reopen();
    expect(await later.append('a', -1, batch)).toEqual(first);
    expect((await later.head()).size).toBe(7);
  },

  'answers a batch that is sent again while the first is under way as the first time': async ({ log }) => {
    const batch = someEvents(2);
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => log.append('a', -1, batch)));
    expect(outcomes).toEqual(Array.from({ length: 5 }, () => ({ kind: 'appended', position: 0, revision: 1 })));
    expect((await log.head()).size).toBe(2);
  },

  'does not take another batch for one that is sent again': async ({ log }) => {
    const [one, two] = [anEventToAppend(), anEventToAppend()];
    await log.append('a', -1, [one, two]);
    const conflict = { kind: 'conflict', revision: 1 };
    expect(await log.append('a', -1, [one, anEventToAppend()])).toEqual(conflict);
    expect(await log.append('a', -1, [one, two, anEventToAppend()])).toEqual(conflict);
    expect(await log.append('a', -1, [{ ...one, leafHash: two.leafHash }, two])).toEqual(conflict);
    expect(await log.append('a', 0, [one])).toEqual(conflict);
  },

  'takes an event of exactly the largest size and refuses one byte more': async ({ log }) => {
    expect(await log.append('a', -1, [anEventOf(logLimits.eventBytesMax)])).toMatchObject({ kind: 'appended' });
    expect(await log.append('a', 0, [anEventOf(logLimits.eventBytesMax + 1)])).toEqual(refusedAs('event-too-large'));
    expect(await log.append('a', 0, [anEventToAppend(), anEventOf(logLimits.eventBytesMax + 1)])).toEqual(refusedAs('event-too-large'));
    expect((await log.head()).size).toBe(1);
  },

  'counts bytes, not letters': async ({ log }) => {
    const bytes = logLimits.eventBytesMax;
    expect(await log.append('a', -1, [anEventOf(bytes, 'é')])).toMatchObject({ kind: 'appended' });
    expect(await log.append('a', 0, [anEventOf(bytes + 2, 'é')])).toEqual(refusedAs('event-too-large'));
  },

  'takes a batch of exactly the largest size and refuses one byte or one event more': async ({ log }) => {
    const third = logLimits.batchBytesMax / 3;
    expect(await log.append('a', -1, [anEventOf(third), anEventOf(third), anEventOf(third)])).toMatchObject({ kind: 'appended' });
    expect(await log.append('a', 2, [anEventOf(third), anEventOf(third), anEventOf(third - 10), anEventOf(11)])).toEqual(refusedAs('batch-too-large'));
    expect(await log.append('a', 2, someEvents(logLimits.batchEventsMax))).toMatchObject({ kind: 'appended' });
    expect(await log.append('b', -1, someEvents(logLimits.batchEventsMax + 1))).toEqual(refusedAs('batch-too-large'));
    expect(await log.streamHead('b')).toEqual({ revision: -1, leafHash: null });
  },

  'rejects what cannot be stored as it was given, and stays well': async ({ log }) => {
    await expect(log.append('a', -1, [])).rejects.toThrow(Fault);
    await expect(log.append('', -1, someEvents(1))).rejects.toThrow(Fault);
    for (const expected of [-2, 0.5, Number.NaN]) await expect(log.append('a', expected, someEvents(1))).rejects.toThrow(Fault);
    for (const leafHash of ['', 'x'.repeat(42), 'x'.repeat(44), '='.repeat(43)]) await expect(log.append('a', -1, [anEventToAppend({ leafHash })])).rejects.toThrow(Fault);
    await expect(log.append('a', -1, [anEventToAppend({ data: '"\ud800"' })])).rejects.toThrow(Fault);
    expect(log.stopped()).toBeUndefined();
    expect(await log.append('a', -1, someEvents(1))).toMatchObject({ kind: 'appended' });
  },

  'takes essential events as it takes posts while there is room': async ({ log }) => {
    expect(await log.append('custody', -1, someEvents(1), 'essential')).toEqual({ kind: 'appended', position: 0, revision: 0 });
    expect(await log.append('custody', 0, someEvents(1), 'posts')).toEqual({ kind: 'appended', position: 1, revision: 1 });
  },
};
