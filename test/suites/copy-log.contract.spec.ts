import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { copyLog, type CopyProgress } from '#src/log/copy-log.ts';
import { OutcomeUnknown, type EventLog } from '#src/log/event-log.ts';
import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { aFolder, allOf, faultsOf, someEvents } from '#test/support/log-makers.ts';

let from: EventLog;
let to: EventLog;
const removing: (() => Promise<void>)[] = [];
const anEmptyLog = async (): Promise<EventLog> => {
  const { file, remove } = await aFolder();
  removing.push(remove);
  return openSqliteLog({ file, reserveBytes: 0 });
};

beforeEach(async () => {
  [from, to] = await Promise.all([anEmptyLog(), anEmptyLog()]);
  for (let i = 0; i < 300; i += 1) await from.append(`s${i % 7}`, Math.floor(i / 7) * 2 - 1, someEvents(2));
});
afterEach(async () => {
  await from.close();
  await to.close();
  await Promise.all(removing.splice(0).map((remove) => remove()));
});

const copy = (target: EventLog = to, signal = new AbortController().signal, onProgress: (progress: CopyProgress) => void = () => undefined) => copyLog(from, target, { onProgress, signal });

describe('a log copied into another', () => {
  it('has every event at its position and revision, and the same root', async () => {
    const { root } = await from.head();
    const seen: CopyProgress[] = [];
    expect(await copy(to, undefined, (progress) => seen.push(progress))).toEqual({ events: 600, root, before: 0 });
    expect(await allOf(to.readAll())).toEqual(await allOf(from.readAll()));
    expect(await faultsOf(to)).toEqual([]);
    expect(seen.at(-1)).toEqual({ doing: 'verifying', done: 600, of: 600 });
  });

  it('goes on where it was interrupted, and behind what came since', async () => {
    const stopping = new AbortController();
    let appends = 0;
    const interrupted = { ...to, append: (...given: Parameters<EventLog['append']>) => ((appends += 1) === 100 && stopping.abort(new Error('stopped')), to.append(...given)) };
    await expect(copy(interrupted, stopping.signal)).rejects.toThrow('stopped');
    const { size } = await to.head();
    expect(size).toBeGreaterThan(0);
    await from.append('late', -1, someEvents(3));
    expect(await copy()).toEqual({ events: 603, root: (await from.head()).root, before: size });
  });

  it('takes what is appended to the source meanwhile', async () => {
    let added = false;
    const growing = { ...to, append: async (...given: Parameters<EventLog['append']>) => {
      if (!added) await from.append('meanwhile', -1, someEvents(1));
      added = true;
      return to.append(...given);
    } };
    expect(await copy(growing)).toMatchObject({ events: 601 });
  });

  it('sends a batch again whose outcome is unknown, and has it once', async () => {
    let unknown = 0;
    const flaky = { ...to, append: async (...given: Parameters<EventLog['append']>) => {
      const outcome = await to.append(...given);
      if ((unknown += 1) % 3 === 0) throw new OutcomeUnknown('lost');
      return outcome;
    } };
    expect(await copy(flaky)).toMatchObject({ events: 600, root: (await from.head()).root });
  });

  it('is refused where the target holds something else, more, or is written to by others', async () => {
    await to.append('s0', -1, someEvents(2));
    await expect(copy()).rejects.toThrow('The logs differ at position 0: id of s0, revision 0, is another in the target.');
    const other = await anEmptyLog();
    for (let i = 0; i < 601; i += 1) await other.append(`o${i}`, -1, someEvents(1), 'essential');
    await expect(copy(other)).rejects.toThrow('The target holds 601 events, the source only 600');
    await other.close();
    const shared = await anEmptyLog();
    const meddling = { ...shared, append: async (...given: Parameters<EventLog['append']>) => {
      if (given[0] === 's3') await shared.append('s3', -1, someEvents(1));
      return shared.append(...given);
    } };
    await expect(copy(meddling)).rejects.toThrow('Somebody else wrote to the target');
    await shared.close();
  });

  it('is not called whole when the target gives back other bytes', async () => {
    const forgetful: EventLog = { ...to, readAll: async function* (options) {
      for await (const page of to.readAll(options)) yield page.map((event) => (event.position === 400 ? { ...event, data: `${event.data} ` } : event));
    } };
    await expect(copy(forgetful)).rejects.toThrow('The logs differ at position 400: data');
  });
});
