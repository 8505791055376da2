import { setTimeout as pause } from 'node:timers/promises';

import type { RecordedEvent } from '#src/kernel/event.ts';
import { NotSent, OutcomeUnknown, type AppendOutcome, type EventLog, type EventToAppend } from '#src/log/event-log.ts';
import { openEventStoreLog } from '#src/log/eventstoredb/open-event-store-log.ts';
import type { EventStoreStandIn, RawEvent } from '#test/support/event-store/event-store-stand-in.ts';
import { startEventStore } from '#test/support/event-store/event-store.ts';
import { faultKinds, type FaultKind } from '#test/support/event-store/faults.ts';
import { aFolder, allOf, anEventToAppend, faultsOf } from '#test/support/log-makers.ts';
import { anyLeafHref } from '#test/suites/eventstoredb-any-leaf.ts';

/** Mulberry32. */
export const chance = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A second of a real cluster is a tenth here, and patience too. */
const patience = { appendDeadlineMs: 300, probeEveryMs: 50, silenceMs: 120, readDeadlineMs: 200, cutOffAfterMs: 300 } as const;

type Acknowledged = { readonly stream: string; readonly position: number; readonly revision: number; readonly intent: string; readonly ids: readonly string[] };

/** How a caller takes an answer that is not known: the desk sends the same again. */
export type Resending = (log: EventLog, stream: string, expected: number, batch: readonly EventToAppend[]) => Promise<AppendOutcome>;
export const sameAgain: Resending = async (log, stream, expected, batch) => {
  for (;;) {
    try {
      return await log.append(stream, expected, batch);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
    }
  }
};

/** Undefined: it never left the node, and is decided anew like a conflict. */
const unlessUnsent = async (answer: Promise<AppendOutcome>): Promise<AppendOutcome | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotSent) return undefined;
    throw error;
  }
};

/** What is wished for is written once, whatever it takes; its words stand in every event, so that a double shows under other ids too. */
const batchFor = (intent: string, count: number): EventToAppend[] => Array.from({ length: count }, (_, n) => anEventToAppend({ data: JSON.stringify({ intent, n }), metadata: '{}' }));

/** Two nodes on one server, and what was acknowledged by them. */
export class Cluster {
  readonly server: EventStoreStandIn;
  readonly #logs: readonly EventLog[];
  readonly #acknowledged: Acknowledged[] = [];
  readonly #remove: () => Promise<void>;

  private constructor(server: EventStoreStandIn, logs: readonly EventLog[], remove: () => Promise<void>) {
    this.server = server;
    this.#logs = logs;
    this.#remove = remove;
  }

  /** `appendDeadlineMs`: the shorter, the more often a node does not know. */
  static async open(appendDeadlineMs: number = patience.appendDeadlineMs): Promise<Cluster> {
    const server = await startEventStore({ systemEventEvery: 5 });
    const folders = [await aFolder(), await aFolder()];
    const logs = await Promise.all(folders.map(({ file }) => openEventStoreLog({ url: server.url, file, ruleHref: anyLeafHref, ...patience, appendDeadlineMs })));
    return new Cluster(server, logs, async () => {
      await Promise.all(logs.map((log) => log.close()));
      await server.close();
      await Promise.all(folders.map(({ remove }) => remove()));
    });
  }

  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  /** Four writers on two nodes, some on one stream, write a few batches each while the server has its faults. */
  async round(seed: number, resend: Resending): Promise<void> {
    const random = chance(seed);
    const { faults } = this.server;
    faults.lateMs = 20 + Math.floor(random() * 120);
    faults.slowMs = 10 + Math.floor(random() * 60);
    faults.seeded(seed, ratesOf(random));
    const writers = [0, 1, 2, 3].map((n) => this.#write(this.#logs[n % 2]!, random() < 0.5 ? `shared-${n % 2}` : `own-${n}`, `${seed}/${n}`, 1 + Math.floor(random() * 4), random, resend));
    await Promise.all([...writers, this.#disturb(random)]);
    faults.none();
  }

  async #write(log: EventLog, stream: string, name: string, batches: number, random: () => number, resend: Resending): Promise<void> {
    for (let i = 0; i < batches; i += 1) {
      const [intent, count] = [`${name}/${i}`, 1 + Math.floor(random() * 3)];
      for (;;) {
        const expected = (await allOf(log.readStream(stream, { backwards: true, limit: 1 })))[0]?.revision ?? -1;
        const batch = batchFor(intent, count);
        const outcome = await unlessUnsent(resend(log, stream, expected, batch));
        if (outcome?.kind === 'refused') throw new Error(outcome.code);
        if (outcome?.kind !== 'appended') continue;
        this.#acknowledged.push({ stream, position: outcome.position, revision: outcome.revision, intent, ids: batch.map(({ id }) => id) });
        break;
      }
    }
  }

  async #disturb(random: () => number): Promise<void> {
    const what = random();
    if (what > 0.25) return;
    await pause(random() * 40);
    if (what < 0.06) await this.server.restart();
    else if (what < 0.12) await this.server.noLeader(100);
    else if (what < 0.18) {
      this.server.freeze();
      await pause(100);
      this.server.thaw();
    } else this.server.breakConnections();
  }

  /** What was lost, doubled, moved or is another in a copy than on the server. Empty when all is well. */
  async complaints(): Promise<string[]> {
    const ours = this.server.events().filter(({ stream }) => !stream.startsWith('$'));
    const complaints = [...complaintsAboutOrder(ours), ...this.#complaintsAboutAcknowledged(ours)];
    for (const [node, log] of this.#logs.entries()) {
      const stopped = log.stopped();
      if (stopped !== undefined) complaints.push(`node ${node} stopped: ${stopped}`);
      else await settled(log);
      complaints.push(...complaintsAboutCopy(`node ${node}`, ours, await allOf(log.readAll())));
      if (stopped === undefined) complaints.push(...(await faultsOf(log)).map((fault) => `node ${node}: ${fault}`));
    }
    return complaints;
  }

  #complaintsAboutAcknowledged(ours: readonly RawEvent[]): string[] {
    const complaints: string[] = [];
    const at = new Map(ours.map(({ id }, position) => [id, position]));
    const intents = new Map<string, number>();
    for (const { data } of ours) {
      const { intent, n } = JSON.parse(data) as { intent: string; n: number };
      if (n === 0) intents.set(intent, (intents.get(intent) ?? 0) + 1);
    }
    for (const [intent, times] of intents) if (times > 1) complaints.push(`doubled: ${intent} is there ${times} times`);
    for (const { stream, position, revision, intent, ids } of this.#acknowledged) {
      for (const [n, id] of ids.entries()) {
        const found = at.get(id);
        if (found === undefined) complaints.push(`lost: ${intent}, acknowledged as ${stream} ${revision}`);
        else if (found !== position + n || ours[found]!.revision !== String(revision - ids.length + 1 + n)) complaints.push(`moved: ${intent}`);
      }
    }
    return complaints;
  }

  async close(): Promise<void> {
    await this.#remove();
  }
}

/** What strikes events on their way strikes each of them: at a higher rate no page of fifty would ever arrive, and no node catch up. */
const strikesEvents = /^(read|subscription|consumer)-/;

/** Each fault has its turns; seldom do all come together. */
const ratesOf = (random: () => number): Partial<Record<FaultKind, number>> =>
  Object.fromEntries(faultKinds.map((kind) => [kind, random() < 0.35 ? random() * (strikesEvents.test(kind) ? 0.02 : 0.2) : 0]));

const settled = async (log: EventLog): Promise<void> => {
  for (;;) {
    try {
      await log.streamHead('none');
      return;
    } catch {
      if (log.stopped() !== undefined) return;
    }
  }
};

export const complaintsAboutOrder = (ours: readonly RawEvent[]): string[] => {
  const complaints: string[] = [];
  const [heads, ids] = [new Map<string, number>(), new Set<string>()];
  for (const { stream, revision, id } of ours) {
    const next = (heads.get(stream) ?? -1) + 1;
    if (revision !== String(next)) complaints.push(`${stream} has ${revision} where ${next} belongs`);
    heads.set(stream, next);
    if (ids.has(id)) complaints.push(`doubled: ${id}`);
    ids.add(id);
  }
  return complaints;
};

export const complaintsAboutCopy = (name: string, ours: readonly RawEvent[], copy: readonly RecordedEvent[]): string[] => {
  const differs = (event: RawEvent | undefined, copied: RecordedEvent | undefined): boolean =>
    event?.id !== copied?.id || event?.stream !== copied?.stream || event?.revision !== String(copied?.revision) || event?.data !== copied?.data || event?.metadata !== copied?.metadata;
  const at = Array.from({ length: Math.max(ours.length, copy.length) }, (_, i) => i).find((i) => differs(ours[i], copy[i]) || copy[i]?.position !== i);
  return at === undefined ? [] : [`${name} is another than the server from position ${at} on: ${JSON.stringify(copy[at] ?? null)} for ${JSON.stringify(ours[at] ?? null)}`];
};
