import { readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';

import { BrokenIntegrity, Fault } from '#src/kernel/fault.ts';
import { OutcomeUnknown } from '#src/log/event-log.ts';
import type { LogAlarm } from '#src/log/eventstoredb/alarms.ts';
import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { aFollower } from '#test/support/log-follower.ts';
import { allOf, anEventToAppend, faultsOf, someEvents } from '#test/support/log-makers.ts';
import { eventually } from '#test/support/waiting.ts';
import { aBareFollower, aFile, aLog, aServer } from './eventstoredb-places.ts';

const tamperWith = (file: string, sql: string): void => {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
};

describe('several nodes on one database', () => {
  it('have the same positions, leaves and root, whatever else lies between', async () => {
    const server = await aServer({ systemEventEvery: 3 });
    const [one, other] = [await aLog(server), await aLog(server)];
    for (let i = 0; i < 30; i += 1) {
      await (i % 2 === 0 ? one : other).append(`s${i % 5}`, Math.floor(i / 5) - 1, someEvents(1));
      if (i % 4 === 0) server.append('$projections-x');
    }
    await one.streamHead('s0');
    await other.streamHead('s0');
    expect(await one.head()).toEqual(await other.head());
    expect(await allOf(one.readAll())).toEqual(await allOf(other.readAll()));
    expect((await one.head()).size).toBe(30);
    expect(await faultsOf(one)).toEqual([]);
  });

  it('see at once what another was answered, when they ask for the head of a stream', async () => {
    const server = await aServer();
    const [one, other] = [await aLog(server), await aLog(server)];
    for (let revision = 0; revision < 30; revision += 1) {
      const event = anEventToAppend();
      expect(await one.append('a', revision - 1, [event])).toMatchObject({ kind: 'appended', revision });
      expect(await other.streamHead('a')).toEqual({ revision, leafHash: event.leafHash });
      expect((await allOf(other.readStream('a', { from: revision }))).map(({ id }) => id)).toEqual([event.id]);
    }
  });

  it('let exactly one have a revision, and show the others what stands there', async () => {
    const server = await aServer();
    const logs = [await aLog(server), await aLog(server)];
    for (let revision = 0; revision < 20; revision += 1) {
      const outcomes = await Promise.all(logs.map(async (log) => {
        const outcome = await log.append('a', revision - 1, someEvents(1));
        return { outcome, seen: (await allOf(log.readStream('a', { from: revision, limit: 1 }))).length };
      }));
      expect(outcomes.map(({ outcome }) => outcome.kind).sort()).toEqual(['appended', 'conflict']);
      expect(outcomes.map(({ seen, outcome }) => [seen, outcome.kind === 'refused' ? -1 : outcome.revision])).toEqual([[1, revision], [1, revision]]);
    }
  });

  it('know how current they are, and are not while nobody answers', async () => {
    const server = await aServer();
    const log = await aLog(server);
    expect(log.isShared).toBe(true);
    await eventually('the node is current', () => performance.now() - log.currentAsOf() < 250);
    expect(log.currentAsOf()).toBeLessThanOrEqual(performance.now());
    expect(log.cutOff()).toBeUndefined();
    server.freeze();
    const sentence = await eventually('it is cut off', () => log.cutOff());
    expect(sentence).toMatch(/^The log at 127\.0\.0\.1:\d+ cannot be reached since \d{4}-.*Z: .+\. What was acknowledged is safe; nothing is acknowledged until it answers again/);
    const stuck = log.currentAsOf();
    expect(performance.now() - stuck).toBeGreaterThan(250);
    await expect(log.append('a', -1, someEvents(1))).rejects.toThrow(OutcomeUnknown);
    await expect(log.streamHead('a')).rejects.toThrow(/cannot be reached since/);
    expect(log.currentAsOf()).toBe(stuck);
    expect(log.stopped()).toBeUndefined();
    server.thaw();
    await eventually('it is back', () => log.cutOff() === undefined && performance.now() - log.currentAsOf() < 250);
  });
});

describe('the follower', () => {
  const strikes = ['subscription-killed', 'subscription-dropped', 'consumer-too-slow', 'subscription-ended', 'subscription-stalled'] as const;
  for (const strike of strikes) {
    it(`goes on after ${strike}, with nothing skipped and nothing twice`, async () => {
      const server = await aServer();
      const log = await aLog(server);
      const follower = aFollower(log, 0);
      for (let round = 0; round < 3; round += 1) {
        server.faults.next(strike);
        for (let i = 0; i < 40; i += 1) server.append(`s${i % 3}`);
        await follower.reaches(round * 40 + 39);
      }
      expect(server.faults.counts[strike]).toBe(3);
      expect(follower.events.map(({ position }) => position)).toEqual(Array.from({ length: 120 }, (_, i) => i));
      expect(await faultsOf(log)).toEqual([]);
    });
  }

  it('goes on when the server dies between catch-up and live, and again while it catches up', async () => {
    const server = await aServer();
    const file = await aFile();
    const log = await aLog(server, { file });
    const follower = aFollower(log, 0);
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 400; i += 1) server.append(`s${i % 7}`);
      // While the first page is on its way, and again just as it turns live.
      await server.restart();
      server.append('last');
      await follower.reaches(round * 401 + 400);
    }
    expect(follower.events.map(({ position }) => position)).toEqual(Array.from({ length: 1203 }, (_, i) => i));
    expect(follower.events.map(({ id }) => id)).toEqual(server.events().filter(({ stream }) => !stream.startsWith('$')).map(({ id }) => id));
  });

  it('looks again whether the database is the same, whenever it has lost it: it may have been put back meanwhile', async () => {
    const server = await aServer();
    const follower = aBareFollower(server);
    onTestFinished(() => follower.stop());
    expect(follower.hasLooked).toBe(false);
    follower.start();
    await eventually('it has looked', () => follower.hasLooked);
    await server.kill();
    await eventually('what it saw counts no more', () => !follower.hasLooked);
    await server.restart();
    await eventually('it has looked again', () => follower.hasLooked);
  });

  it('keeps bytes as they are stored, JSON that is not canonical too, and shows what is no text', async () => {
    const server = await aServer();
    const log = await aLog(server);
    const texts = ['{ "b":1,"a" : 2}', '{"a":1,"a":2}', '1e2', 'no json', '', '{"x":"\\u0041"}'];
    server.append('a', texts.map((data) => ({ data, metadata: data })));
    await aFollower(log, 0).reaches(texts.length - 1);
    expect((await allOf(log.readStream('a'))).map(({ data, metadata }) => [data, metadata])).toEqual(texts.map((text) => [text, text]));
  });
});

describe('the copy', () => {
  it('goes on where it was, and is read anew when it is gone', async () => {
    const server = await aServer({ systemEventEvery: 2 });
    const file = await aFile();
    const log = await aLog(server, { file });
    for (let i = 0; i < 30; i += 1) await log.append('a', i - 1, someEvents(1));
    const head = await log.head();
    await log.close();
    for (let i = 0; i < 5; i += 1) server.append('b');
    const again = await aLog(server, { file });
    expect((await again.head()).size).toBe(35);
    const later = await again.head();
    await again.close();
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true });
    const anew = await aLog(server, { file });
    expect(await anew.head()).toEqual(later);
    expect((await allOf(anew.readAll({ limit: 30 }))).length).toBe(head.size);
  });

  it('takes what it has already for what it is, when its checkpoint fell behind', async () => {
    const server = await aServer();
    const file = await aFile();
    const log = await aLog(server, { file });
    for (let i = 0; i < 30; i += 1) await log.append('a', i - 1, someEvents(1));
    const head = await log.head();
    await log.close();
    tamperWith(file, 'DELETE FROM upstream');
    const again = await aLog(server, { file });
    expect(await again.head()).toEqual(head);
    expect(await again.append('a', 29, someEvents(1))).toMatchObject({ kind: 'appended', position: 30 });
  });

  it('refuses another database, with a sentence, and is left as it is', async () => {
    const server = await aServer();
    const file = await aFile();
    const log = await aLog(server, { file });
    await log.append('a', -1, someEvents(3));
    await log.close();
    const before = readFileSync(file);
    const another = await aServer();
    await expect(aLog(another, { file })).rejects.toThrow(BrokenIntegrity);
    another.append('a', [{}, {}, {}]);
    await expect(aLog(another, { file })).rejects.toThrow(/another database, was put back from an older backup, or was scavenged/);
    // Also when it is first asked where it ends, because the look at the last event failed.
    another.faults.next('read-killed');
    await expect(aLog(another, { file })).rejects.toThrow(BrokenIntegrity);
    expect(readFileSync(file)).toEqual(before);
    const same = await aLog(server, { file });
    expect((await same.head()).size).toBe(3);
  });

  it('stops, with a sentence, when the database shows another event than was copied', async () => {
    const server = await aServer();
    const file = await aFile();
    const log = await aLog(server, { file });
    await log.append('a', -1, someEvents(3));
    await log.close();
    tamperWith(file, "UPDATE upstream SET handled_commit = '0', handled_prepare = '0', last_commit = NULL; UPDATE events SET id = 'x' WHERE position = 1");
    await expect(aLog(server, { file })).rejects.toThrow(/another event 1 in a than this appliance has copied/);
  });

  it('has no gap: what a scavenge removed is missed, and nothing is counted past it', async () => {
    const server = await aServer();
    const whole = await aFile();
    const log = await aLog(server, { file: whole });
    await log.append('a', -1, someEvents(5));
    server.setMetadata('a', { $maxCount: 1 });
    server.scavenge();
    const fresh = await aFile();
    await expect(aLog(server, { file: fresh })).rejects.toThrow(BrokenIntegrity);
    await expect(aLog(server, { file: fresh })).rejects.toThrow(/holds the event 4 of a, but not the 4 before it, which were removed/);
    // Who has them goes on.
    expect(await log.append('a', 4, someEvents(1))).toMatchObject({ kind: 'appended', position: 5 });
    await log.close();
    const again = await aLog(server, { file: whole });
    expect((await again.head()).size).toBe(6);
  });

  it('stops a running node, for good and with a sentence, when there is a gap', async () => {
    const server = await aServer();
    const log = await aLog(server);
    await log.append('a', -1, someEvents(2));
    await log.append('b', -1, someEvents(1));
    server.faults.next('subscription-dropped');
    server.append('a', [{}, {}]);
    server.setMetadata('a', { $maxCount: 1 });
    server.scavenge();
    const sentence = await eventually('it stops', () => log.stopped());
    expect(sentence).toMatch(/holds the event 3 of a, but not the 1 before it/);
    await expect(log.append('c', -1, someEvents(1))).rejects.toThrow(sentence);
    expect((await allOf(log.readStream('a'))).length).toBe(2);
  });

  it('is never taken for a log, nor a log for a copy', async () => {
    const server = await aServer();
    const [copy, log] = [await aFile(), await aFile()];
    await (await aLog(server, { file: copy })).close();
    await (await openSqliteLog({ file: log })).close();
    await expect(openSqliteLog({ file: copy })).rejects.toThrow(/is a copy of a log that is kept in EventStoreDB/);
    await expect(aLog(server, { file: log })).rejects.toThrow(/is a log of its own, not a copy/);
  });

  it('has one owner', async () => {
    const server = await aServer();
    const file = await aFile();
    await aLog(server, { file });
    await expect(aLog(server, { file })).rejects.toThrow('is in use by another appliance');
  });
});

describe('alarms', () => {
  it('tell, on every node and again at every opening, what was done to the database', async () => {
    const server = await aServer();
    const [file, heard, elsewhere] = [await aFile(), [] as LogAlarm[], [] as LogAlarm[]];
    const log = await aLog(server, { file, onAlarm: (alarm) => heard.push(alarm) });
    await aLog(server, { onAlarm: (alarm) => elsewhere.push(alarm) });
    await log.append('b', -1, someEvents(1));
    await log.append('c', -1, someEvents(1));
    await log.append('a', -1, someEvents(4));
    server.setMetadata('a', { $maxAge: 60 });
    server.delete('b');
    server.tombstone('c');
    server.setMetadata('a', { $acl: { $w: '$all' } });
    server.append('$settings', [{ type: 'update-default-acl', data: '{}' }]);
    const seen = (count: number) => eventually(`both have heard of ${count}`, () => heard.length === count && elsewhere.length === count, () => [heard, elsewhere]);
    // A scavenge removes what tells of older settings too: whoever has not heard by then never will.
    await seen(5);
    server.scavenge();
    const kinds = ['truncated', 'deleted', 'tombstoned', 'metadata-set', 'access-changed', 'scavenged'];
    await seen(kinds.length);
    expect(heard.map(({ kind }) => kind)).toEqual(kinds);
    expect(heard.map(({ stream }) => stream).slice(0, 4)).toEqual(['a', 'b', 'c', 'a']);
    expect(elsewhere).toEqual(heard);
    await log.close();
    const later: LogAlarm[] = [];
    await aLog(server, { file, onAlarm: (alarm) => later.push(alarm) });
    expect(later).toEqual(heard);
  });

  it('do not stop the log: a stream that was cut or deleted softly is recorded on', async () => {
    const server = await aServer();
    const log = await aLog(server);
    await log.append('a', -1, someEvents(3));
    server.setMetadata('a', { $maxCount: 1 });
    server.delete('a');
    expect(await log.append('a', 2, someEvents(1))).toMatchObject({ kind: 'appended', revision: 3 });
    expect((await log.streamHead('a')).revision).toBe(3);
    expect((await allOf(log.readStream('a'))).length).toBe(4);
  });

  it('say of a stream that was deleted for ever that nothing more can be recorded, and the others go on', async () => {
    const server = await aServer();
    const log = await aLog(server);
    await log.append('a', -1, someEvents(2));
    server.tombstone('a');
    await expect(log.append('a', 1, someEvents(1))).rejects.toThrow(Fault);
    await expect(log.append('a', 1, someEvents(1))).rejects.toThrow(/a was deleted for ever in the database. Nothing more can be recorded in it; what it held is kept/);
    expect(await log.append('b', -1, someEvents(1))).toMatchObject({ kind: 'appended', position: 2 });
    expect((await allOf(log.readStream('a'))).length).toBe(2);
    expect(log.stopped()).toBeUndefined();
  });
});

describe('opening', () => {
  it('fails with a sentence when nobody is there, and when the address may not be used', async () => {
    const server = await aServer();
    const { url } = server;
    await server.kill();
    await expect(aLog({ url }, { connectDeadlineMs: 700 })).rejects.toThrow(/The database at 127\.0\.0\.1:\d+ cannot be reached: .+ Nothing was changed/);
    await expect(aLog({ url: 'esdb://one.example:2113?tls=false' })).rejects.toThrow(/tls=false/);
    await server.restart();
  });

  it('waits for a server that is coming', async () => {
    const server = await aServer();
    const { url } = server;
    server.append('a');
    await server.kill();
    const opening = aLog({ url });
    await server.restart();
    expect((await (await opening).head()).size).toBe(1);
  });
});
