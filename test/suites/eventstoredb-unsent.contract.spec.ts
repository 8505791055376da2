import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';

import { NotSent, OutcomeUnknown, type AppendOutcome, type EventLog } from '#src/log/event-log.ts';
import type { EventStoreStandIn } from '#test/support/event-store/event-store-stand-in.ts';
import { aCable, type Cable } from '#test/support/journey-cable.ts';
import { allOf, faultsOf, someEvents } from '#test/support/log-makers.ts';
import { eventually } from '#test/support/waiting.ts';
import { aLog, aServer } from './eventstoredb-places.ts';

const appendDeadlineMs = 300;

/** A node whose line to the database can be pulled. */
const aNode = async (own: { readonly appendDeadlineMs?: number } = {}): Promise<{ readonly server: EventStoreStandIn; readonly cable: Cable; readonly log: EventLog }> => {
  const server = await aServer();
  const cable = await aCable(server.url.replace('esdb:', 'http:'));
  onTestFinished(() => cable.close());
  return { server, cable, log: await aLog({ url: `${cable.url.replace('http:', 'esdb:')}?tls=false` }, { appendDeadlineMs, ...own }) };
};

const idsIn = (server: EventStoreStandIn): Set<string> => new Set(server.events().map(({ id }) => id));
const errorOf = (doing: Promise<unknown>): Promise<unknown> => doing.then(() => undefined, (error: unknown) => error);
const isCutOff = (log: EventLog): Promise<unknown> => eventually('it is cut off', () => log.cutOff());
const isBack = (log: EventLog): Promise<unknown> => eventually('it is back', async () => log.cutOff() === undefined && (await log.makeCurrent().then(() => true, () => false)));

/** After a break the line of appends returns on its own time, which is longer than the deadline here: the same again, while that is the answer. */
const again = async (append: () => Promise<AppendOutcome>, ...answers: readonly (typeof NotSent | typeof OutcomeUnknown)[]): Promise<AppendOutcome> => {
  for (;;) {
    try {
      return await append();
    } catch (error) {
      if (!answers.some((answer) => error instanceof answer)) throw error;
    }
  }
};

/** Something is there, so that the line of appends was open once. A busy machine may need several of these short deadlines. */
const begun = (log: EventLog): Promise<AppendOutcome> => {
  const batch = someEvents(1);
  return again(() => log.append('before', -1, batch), NotSent, OutcomeUnknown);
};

describe('what was never sent', () => {
  for (const [when, begin] of [['ever', () => undefined], ['since the line broke', begun]] as const) {
    it(`is dropped when nothing could be sent ${when}, and is not recorded when the line is back`, async () => {
      const { server, cable, log } = await aNode();
      await begin(log);
      cable.pull();
      await isCutOff(log);
      const batch = someEvents(2);
      const began = performance.now();
      const error = await errorOf(log.append('a', -1, batch));
      expect(error).toBeInstanceOf(NotSent);
      expect(String(error)).toMatch(/was not sent, because the database could not be reached\. Nothing was recorded/);
      expect(performance.now() - began).toBeGreaterThanOrEqual(appendDeadlineMs);
      cable.plugIn();
      await isBack(log);
      const other = someEvents(1);
      expect(await again(() => log.append('a', -1, other), NotSent, OutcomeUnknown)).toMatchObject({ kind: 'appended', revision: 0 });
      expect(batch.filter(({ id }) => idsIn(server).has(id))).toEqual([]);
      // Whoever decides the same again is taken as anybody else.
      expect(await again(() => log.append('a', 0, batch), NotSent, OutcomeUnknown)).toMatchObject({ kind: 'appended', revision: 2 });
      expect(await faultsOf(log)).toEqual([]);
    });
  }

  it('is dropped too when somebody takes the connection and never says a word', async () => {
    const { server, cable, log } = await aNode();
    await begun(log);
    const taken: Socket[] = [];
    const silent = createServer((socket) => void taken.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => {
      for (const socket of taken) socket.destroy();
      silent.close();
    });
    cable.pull();
    cable.leadTo(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    cable.plugIn();
    await isCutOff(log);
    await eventually('it was connected to the silent one', () => taken.length > 0);
    const [batch, other] = [someEvents(1), someEvents(1)];
    expect(await errorOf(log.append('a', -1, batch))).toBeInstanceOf(NotSent);
    cable.pull();
    cable.leadTo(server.url.replace('esdb:', 'http:'));
    cable.plugIn();
    await isBack(log);
    expect(await again(() => log.append('a', -1, other), NotSent, OutcomeUnknown)).toMatchObject({ kind: 'appended', revision: 0 });
    expect(idsIn(server).has(batch[0]!.id)).toBe(false);
  });

  it('is sent when the line is back in time', async () => {
    const { server, cable, log } = await aNode({ appendDeadlineMs: 4000 });
    cable.pull();
    await isCutOff(log);
    const batch = someEvents(2);
    const outcome = log.append('a', -1, batch);
    cable.plugIn();
    expect(await outcome).toMatchObject({ kind: 'appended', revision: 1 });
    expect(batch.filter(({ id }) => idsIn(server).has(id))).toEqual(batch);
  });
});

describe('what was sent and not answered', () => {
  it('is unknown, and stays so when the line breaks before it is handed over again', async () => {
    const { server, cable, log } = await aNode();
    await begun(log);
    server.freeze();
    const batch = someEvents(2);
    expect(await errorOf(log.append('a', -1, batch))).toBeInstanceOf(OutcomeUnknown);
    cable.pull();
    server.thaw();
    await isCutOff(log);
    for (let again = 0; again < 2; again += 1) expect(await errorOf(log.append('a', -1, batch))).toBeInstanceOf(OutcomeUnknown);
    cable.plugIn();
    await isBack(log);
    expect(await again(() => log.append('a', -1, batch), OutcomeUnknown)).toMatchObject({ kind: 'appended', revision: 1 });
    expect((await allOf(log.readStream('a'))).map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
  });

  it('is unknown to everybody who handed it over, though it was sent for one of them', async () => {
    const { server, cable, log } = await aNode();
    await begun(log);
    server.freeze();
    const batch = someEvents(1);
    const first = errorOf(log.append('a', -1, batch));
    await pause(50);
    cable.pull();
    const second = errorOf(log.append('a', -1, batch));
    expect((await Promise.all([first, second])).map((error) => (error as Error).name)).toEqual(['OutcomeUnknown', 'OutcomeUnknown']);
    server.thaw();
    cable.plugIn();
  });
});

it('never says "not sent" of what comes to be recorded, whenever the line breaks and returns', async () => {
  const { server, cable, log } = await aNode({ appendDeadlineMs: 60 });
  const notSent: string[] = [];
  const answers = { appended: 0, unsent: 0, unknown: 0 };
  let isOver = false;
  const writes = async (stream: string): Promise<void> => {
    for (let revision = -1; !isOver; ) {
      const batch = someEvents(1);
      const error = await errorOf(log.append(stream, revision, batch));
      if (error instanceof NotSent) {
        notSent.push(batch[0]!.id);
        answers.unsent += 1;
        continue;
      }
      // Known in the end: handed over again as it was.
      for (let again = error; again !== undefined; again = await errorOf(log.append(stream, revision, batch))) {
        expect(again).toBeInstanceOf(OutcomeUnknown);
        answers.unknown += 1;
      }
      answers.appended += 1;
      revision += 1;
    }
  };
  const writers = Array.from({ length: 6 }, (_, n) => writes(`s${n}`));
  // As often as it takes to have seen enough of both.
  for (let turn = 0; turn < 15 || Math.min(answers.appended, answers.unsent) < 10; turn += 1) {
    cable.pull();
    await pause(20 + ((turn * 17) % 90));
    cable.plugIn();
    await pause(10 + ((turn * 29) % 120));
  }
  isOver = true;
  await Promise.all(writers);
  await isBack(log);
  const there = idsIn(server);
  expect(notSent.filter((id) => there.has(id))).toEqual([]);
  expect((await allOf(log.readAll())).map(({ id }) => id)).toEqual(server.events().filter(({ stream }) => !stream.startsWith('$')).map(({ id }) => id));
  expect((await log.head()).size).toBe(answers.appended);
});
