import { Fault } from '../../kernel/fault.ts';
import type { EventToAppend } from '../event-log.ts';
import { lockStreams, isClosed } from './access-list.ts';
import { alarmOf, type LogAlarm } from './alarms.ts';
import { Appender, type Outcome } from './appender.ts';
import { Connection } from './connection.ts';
import { Follower } from './follower.ts';
import type { LeafRule } from './leaf-rule.ts';
import { backOffMs, Link } from './link.ts';
import { LogCopy } from './log-copy.ts';
import { code, news, type Answers, type EngineData, type FromEngine, type Rows } from './messages.ts';
import { Prober } from './prober.ts';
import { isRefusal, reasonOf } from './reason.ts';
import { hostsText, serverAddress, type ServerAddress } from './server-address.ts';
import type { StoredEvent } from './wire.ts';

const tickMs = 25;
/** What this thread counts from, on the clock that all threads share. */
const clockOffsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The engine's own thread: the one connection, the copy, the follower that writes it, and the appends that wait for what it sees. */
export class Engine {
  readonly #data: EngineData;
  readonly #post: (message: FromEngine) => void;
  readonly #rule: LeafRule;
  readonly #address: ServerAddress;
  readonly #copy: LogCopy;
  readonly #link: Link;
  readonly #follower: Follower;
  readonly #prober: Prober;
  readonly #appender: Appender;
  readonly #tombstones = new Set<string>();
  readonly #began = Promise.withResolvers<void>();
  #answers: Answers = [];
  /** Who asked to be made current, and when, oldest first. */
  readonly #requests: { readonly request: number; readonly atMs: number }[] = [];
  #asOfMs: number | undefined;
  #progressAtMs = performance.now();
  #trouble: unknown;
  #cutOff: 'silent' | 'refused' | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #isOver = false;

  /** Takes the copy's lock. Throws `Fault` or `BrokenIntegrity`, holding nothing then. */
  constructor(data: EngineData, rule: LeafRule, post: (message: FromEngine) => void) {
    this.#data = data;
    this.#rule = rule;
    this.#post = post;
    this.#address = serverAddress(data.url);
    this.#copy = new LogCopy(data.file, rule);
    for (const { kind, stream } of this.#copy.alarms()) if (kind === 'tombstoned') this.#tombstones.add(stream);
    const { settings } = data;
    const [copy, handled, onTrouble] = [this.#copy, () => this.#copy.handled, (error: unknown) => this.#meetTrouble(error)];
    this.#link = new Link(() => new Connection(this.#address, data.credentials));
    this.#appender = new Appender(this.#link, { deadlineMs: settings.appendDeadlineMs, silenceMs: settings.silenceMs }, {
      seen: (stream, expected, count) => ({ head: copy.revisionOf(stream), after: copy.eventsAfter(stream, expected, count), tombstone: this.#tombstones.has(stream) }),
      settle: (ticket, outcome) => this.#settle(ticket, outcome),
      onTrouble,
    });
    this.#follower = new Follower(this.#link, settings, { handled, lastEvent: () => copy.lastEvent(), take: (events) => this.#take(events), onTrouble, onBroken: (error) => this.#break(error) });
    this.#prober = new Prober(this.#link, { everyMs: settings.probeEveryMs, deadlineMs: settings.readDeadlineMs }, {
      handled, onTrouble, onPassed: (sinceMs) => this.#passed(sinceMs), onBehind: (end) => this.#follower.expect(end),
    });
  }

  /** Resolves when the copy holds everything that was acknowledged before; rejects when the database cannot be reached or contradicts the copy. */
  async begin(): Promise<void> {
    this.#follower.start();
    this.#ticking = setInterval(() => this.#tick(), tickMs);
    try {
      await this.#began.promise;
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#post({ kind: 'ready', size: this.#copy.size, alarms: this.#copy.alarms() });
    await this.#lockStreams();
  }

  /** Not waited for by anybody, and tried until the database has answered. */
  async #lockStreams(): Promise<void> {
    for (let failures = 1; !this.#isOver; failures += 1) {
      try {
        const alarm = await lockStreams(this.#link.current, this.#data.credentials, this.#data.settings.readDeadlineMs);
        if (alarm) this.#post({ kind: 'alarm', alarm });
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, backOffMs(failures)));
      }
    }
  }

  append(ticket: number, stream: string, expected: number, events: readonly EventToAppend[]): void {
    if (!this.#isOver) this.#appender.append(ticket, stream, expected, events);
  }

  /** Answers that were found while a parcel was taken in. */
  flush(): void {
    this.#tell([]);
  }

  makeCurrent(request: number): void {
    this.#requests.push({ request, atMs: performance.now() });
    this.#prober.askNow();
  }

  /** Appends that wait are given until their deadlines. */
  async close(): Promise<void> {
    while (!this.#appender.isIdle && !this.#isOver) await new Promise((resolve) => setTimeout(resolve, tickMs));
    clearInterval(this.#ticking);
    this.#isOver = true;
    await this.#follower.stop();
    this.#appender.giveUp('the log was closed');
    this.#tell([]);
    // Not waited for: a connection that has no leader yet looks for one first, and may look for the better part of a minute.
    void this.#link.close();
    this.#copy.close();
  }

  #tick(): void {
    this.#appender.tick();
    this.#prober.tick();
    this.#watch();
    if (this.#answers.length > 0) this.#tell([]);
  }

  #take(events: readonly StoredEvent[]): void {
    if (this.#isOver) return;
    const isOwnList = (text: string): boolean => this.#data.credentials !== undefined && isClosed(text, this.#data.credentials.username);
    const alarms = events.map((event) => alarmOf(event, this.#rule.isOurs, isOwnList)).filter((alarm) => alarm !== undefined);
    const taken = this.#copy.take(events, alarms);
    this.#progressAtMs = performance.now();
    for (const alarm of alarms) this.#hear(alarm);
    const rows: Rows = [];
    const streams = new Set<string>();
    for (const event of taken) {
      streams.add(event.stream);
      const maker = this.#appender.makerOf(event.stream, event.revision, event.id, event.leafHash);
      if (maker) {
        rows.push(news.own, maker.ticket, maker.index, event.position);
        if (maker.isLast && maker.index === 0) this.#appender.isThere(maker.ticket, event.position);
      } else rows.push(news.others, event.position, event.stream, event.revision, event.id, event.type, event.data, event.metadata, event.leafHash);
    }
    for (const { kind, stream } of alarms) if (kind === 'tombstoned') streams.add(stream);
    this.#appender.review(streams);
    this.#tell(rows);
    this.#prober.moved();
  }

  #hear(alarm: LogAlarm): void {
    if (alarm.kind === 'tombstoned') this.#tombstones.add(alarm.stream);
    this.#post({ kind: 'alarm', alarm });
  }

  /** News before answers: whoever is answered finds what the answer rests on. */
  #tell(rows: Rows): void {
    if (rows.length === 0 && this.#answers.length === 0) return;
    const answers = this.#answers;
    this.#answers = [];
    if (this.#asOfMs === undefined) this.#post({ kind: 'progress', events: this.#copy.size });
    else this.#post({ kind: 'taken', size: this.#copy.size, rows, answers });
  }

  #settle(ticket: number, outcome: Outcome): void {
    if (outcome.kind === 'appended') this.#answers.push(ticket, code.appended, outcome.position, outcome.revision);
    else if (outcome.kind === 'conflict') this.#answers.push(ticket, code.conflict, outcome.revision, 0);
    else this.#answers.push(ticket, code[outcome.kind], 0, 0);
  }

  #passed(sinceMs: number): void {
    // Another database may end before the copy does: that is no reason to call the copy current.
    if (!this.#follower.hasLooked) return;
    this.#asOfMs = sinceMs;
    this.#progressAtMs = performance.now();
    this.#trouble = undefined;
    this.#began.resolve();
    let answered = 0;
    while (this.#requests[0] && this.#requests[0].atMs <= sinceMs) answered = this.#requests.shift()!.request;
    this.#post({ kind: 'current', asOfMs: sinceMs + clockOffsetMs, request: answered });
  }

  #meetTrouble(error: unknown): void {
    this.#trouble = error;
    // Somebody has to change something: waiting does not help.
    if (this.#asOfMs === undefined && isRefusal(error)) this.#began.reject(new Fault(`The database at ${hostsText(this.#address)} refuses this appliance: ${reasonOf(error)}. Nothing was changed. Check the credentials file and that its user may read $all and write.`));
  }

  /** Says when nobody answers, and when somebody does again. */
  #watch(): void {
    const { settings } = this.#data;
    const nowMs = performance.now();
    if (this.#asOfMs === undefined) {
      if (nowMs - this.#progressAtMs > settings.connectDeadlineMs) this.#began.reject(new Fault(`The database at ${hostsText(this.#address)} cannot be reached: ${reasonOf(this.#trouble)}. Nothing was changed. Check that it runs and that HANSARD_LOG names it rightly.`));
      return;
    }
    const state = nowMs - this.#asOfMs > settings.cutOffAfterMs ? 'silent' : this.#appender.isRefused ? 'refused' : undefined;
    if (state === this.#cutOff) return;
    this.#cutOff = state;
    const since = new Date(Date.now() - (nowMs - this.#asOfMs)).toISOString();
    const what = state === 'silent' ? `cannot be reached since ${since}: ${reasonOf(this.#trouble)}` : `refuses since ${since} what this appliance writes, because its user may not. Give the user the right to write`;
    this.#post({ kind: 'cut-off', sentence: state && `The log at ${hostsText(this.#address)} ${what}. What was acknowledged is safe; nothing is acknowledged until it answers again, and no restart is needed then.` });
  }

  #break(error: unknown): void {
    this.#isOver = true;
    clearInterval(this.#ticking);
    const sentence = error instanceof Error && ['BrokenIntegrity', 'Fault'].includes(error.name) ? error.message : `The copy of the log ${this.#data.file} cannot be written: ${reasonOf(error)}.`;
    this.#began.reject(error);
    // Who is still opening hears it from `begin`.
    if (this.#asOfMs !== undefined) this.#post({ kind: 'stopped', sentence });
    this.#appender.giveUp(sentence);
    this.#tell([]);
  }
}
