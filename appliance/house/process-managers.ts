import type { Views } from '#projections/views.ts';
import { recordRefusal } from '#src/accounts/record-refusal.ts';
import { releaseName } from '#src/accounts/release-name.ts';
import { reportAlarm } from '#src/custody/report-alarm.ts';
import { reportForeign } from '#src/custody/report-foreign.ts';
import { afterSpaceJoined, joinGeneral } from '#src/conversations/join-general.ts';
import { afterSpaceLeft, leaveChannelOfSpace } from '#src/conversations/leave-channel-of-space.ts';
import { afterSpaceFounded, openGeneral } from '#src/conversations/open-general.ts';
import type { World } from '#src/accounts/standing.ts';
import { afterSpaceTitled } from '#src/spaces/title-space.ts';
import type { Opened } from '#src/every-event.ts';
import type { OpenedEvent, RecordedEvent } from '#src/kernel/event.ts';
import { Fault } from '#src/kernel/fault.ts';
import { causedId } from '#src/kernel/ids.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import type { Permit, UseCase } from '#src/kernel/use-case.ts';
import type { LogAlarm } from '#src/log/eventstoredb/alarms.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { Checkpoint } from './checkpoint.ts';
import type { House } from './house.ts';
import { theAppliance } from './the-appliance.ts';

export type ProcessManagerPorts = {
  readonly commandAs: House['commandAs'];
  readonly log: EventLog;
  readonly views: Views;
  /** General channel of a space, as folded on this node. */
  readonly generalOf: (space: string) => string | undefined;
  /** What nobody of ours wrote has no consequences. */
  readonly isForeign: (position: number) => boolean;
  readonly checkpointFile: string;
  readonly onFault: (cause: unknown) => void;
};

const refusalsEveryMs = 60_000;
const longestWaitMs = 5_000;
/** Refusals that only say that it cannot be done now. */
const notNow = new Set(['read-only', 'disk-reserve', 'unavailable']);
const interesting = new Set(['SpaceFounded', 'SpaceJoined', 'SpaceLeft', 'SpaceTitled']);

/**
 * What must follow elsewhere from an event: idempotent, in log order, resumed from a checkpoint of its own. Its ids come from
 * the causing event, so two runners do no harm and doing it again records nothing.
 */
export class ProcessManagers {
  readonly #ports: ProcessManagerPorts;
  readonly #queue: Opened[] = [];
  #running: Promise<void> | undefined;
  /** Everything at or before this position has been reacted to. */
  #done: number;
  #seen: number;
  #closing = false;
  readonly #checkpoint: Checkpoint;
  readonly #timer: NodeJS.Timeout;
  readonly #refusals = new Map<string, { readonly account: string; readonly endpoint: string; count: number }>();

  constructor(ports: ProcessManagerPorts) {
    this.#ports = ports;
    this.#checkpoint = new Checkpoint(ports.checkpointFile, () => this.#done, ports.onFault);
    this.#done = this.#seen = this.#checkpoint.position;
    this.#timer = setInterval(() => void this.#flushRefusals(), refusalsEveryMs).unref();
  }

  /** Reacts to what happened before this process began, up to `size`; resolves when that is done. */
  async catchUp(log: EventLog, size: number, open: (page: readonly RecordedEvent[]) => Promise<readonly OpenedEvent[]>): Promise<void> {
    const from = this.#done + 1;
    for await (const page of log.readAll({ from, limit: Math.max(0, size - from) })) {
      const wanted = page.filter(({ type, position }) => interesting.has(type) && !this.#ports.isForeign(position));
      for (const event of await open(wanted)) await this.#reactOrQueue(event as Opened);
      this.#seen = page.at(-1)!.position;
      if (this.#queue.length === 0) this.#done = this.#seen;
    }
    if (this.#queue.length > 0) this.#running ??= this.#drain();
    await this.#checkpoint.save();
  }

  /** What cannot be done now, a full disk say, must not keep the appliance from starting: it is tried on beside it. */
  async #reactOrQueue(event: Opened): Promise<void> {
    if (this.#queue.length > 0) this.#queue.push(event);
    else
      await this.#reactOnce(event).catch((cause: unknown) => {
        this.#ports.onFault(cause);
        this.#queue.push(event);
      });
  }

  /** `through`: what nobody of ours wrote is passed by. */
  follow(events: readonly Opened[], through: number): void {
    for (const event of events) if (interesting.has(event.type) && !this.#ports.isForeign(event.position)) this.#queue.push(event);
    this.#seen = Math.max(this.#seen, through);
    if (this.#queue.length === 0 && !this.#running) this.#done = this.#seen;
    else this.#running ??= this.#drain();
  }

  /** What follows from this event, now: for a caller who goes on from there. The follower's own turn then finds it done. */
  async reactTo(event: OpenedEvent): Promise<void> {
    // Should it fail now, the follower's own turn does it.
    await this.#reactOnce(event as Opened).catch(() => undefined);
  }

  /** The stream of the name that a space had before it was renamed. */
  #nameBefore({ stream, revision }: Opened<'SpaceTitled'>): Promise<string | undefined> {
    return this.#nameAt(stream, revision - 1);
  }

  /** Renamed back meanwhile, it carries the name again, and nothing may be released. */
  #nameNow(stream: string): Promise<string | undefined> {
    return this.#nameAt(stream, Number.MAX_SAFE_INTEGER);
  }

  async #nameAt(stream: string, revision: number): Promise<string | undefined> {
    for await (const page of this.#ports.log.readStream(stream, { from: revision, backwards: true })) {
      for (const { type, data, position } of page) if ((type === 'SpaceFounded' || type === 'SpaceTitled') && !this.#ports.isForeign(position)) return (JSON.parse(data) as { readonly name: string }).name;
    }
    return undefined;
  }

  async #drain(): Promise<void> {
    try {
      for (let event = this.#queue.shift(); event; event = this.#queue.shift()) {
        await this.#react(event);
        this.#done = event.position;
      }
      this.#done = this.#seen;
    } catch (cause) {
      this.#ports.onFault(cause);
    } finally {
      this.#running = undefined;
    }
  }

  /** Until it is done or this process ends: what is not done stays before the checkpoint, and the next start takes it up. */
  async #react(event: Opened): Promise<void> {
    for (let waitMs = 50; !this.#closing; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      try {
        return await this.#reactOnce(event);
      } catch (cause) {
        if (waitMs === longestWaitMs) this.#ports.onFault(cause);
        await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
      }
    }
    throw new Fault(`What follows from event ${event.position} is left to the next start.`);
  }

  /** A refusal that the state of the world explains is an answer; one that says "not now" is not. */
  async #command<I, S, P extends Permit>(useCase: UseCase<I, S, P, World>, input: I, options: { readonly causation: string; readonly at: number; readonly commandId: string }): Promise<void> {
    const result = await this.#ports.commandAs(theAppliance, useCase, input, { ...options, appendClass: 'essential' });
    if (isRefusal(result) && notNow.has(result.code)) throw new Fault(result.sentence);
  }

  async #reactOnce(event: Opened): Promise<void> {
    const options = { causation: event.id, at: event.data.at };
    if (event.type === 'SpaceFounded') {
      const { commandId, input } = afterSpaceFounded(event);
      await this.#command(openGeneral, input, { ...options, commandId });
    } else if (event.type === 'SpaceJoined') {
      const general = this.#ports.generalOf(event.stream.slice('space-'.length));
      if (general === undefined) return;
      const { commandId, input } = afterSpaceJoined(event, general);
      await this.#command(joinGeneral, input, { ...options, commandId });
    } else if (event.type === 'SpaceTitled') {
      const before = await this.#nameBefore(event);
      const release = before === undefined || (await this.#nameNow(event.stream)) === before ? undefined : afterSpaceTitled(event, before);
      if (release) await this.#command(releaseName, release.input, { ...options, commandId: release.commandId });
    } else if (event.type === 'SpaceLeft') {
      const { value } = await this.#ports.views.ask('desk.channelsOfSpace', { space: event.stream.slice('space-'.length), account: event.data.account }, event.position);
      for (const { commandId, input } of afterSpaceLeft(event, value.filter(({ isMember }) => isMember).map(({ conversationId }) => conversationId))) {
        await this.#command(leaveChannelOfSpace, input, { ...options, commandId });
      }
    }
  }

  /** An event that no writer of ours made goes to custody. */
  async foreignFound(found: { readonly position: number; readonly stream: string; readonly revision: number; readonly event: string; readonly reason: string }): Promise<void> {
    const { event, position, reason, revision, stream } = found;
    await this.#report(reportForeign, { event, position, reason, revision, stream }, causedId(`${stream}/${revision}/${event}`, 0));
  }

  /** What somebody did to the log in its database goes to custody; from the alarm alone, so that every node records the same once. */
  async alarmRaised({ id, kind, stream }: LogAlarm): Promise<void> {
    await this.#report(reportAlarm, { alarm: id, doneTo: stream, kind }, causedId(`${id}/${kind}/${stream}`, 0));
  }

  /** Until it is on record or this process ends: the next start finds it again. */
  async #report<I, S, P extends Permit>(useCase: UseCase<I, S, P, World>, input: I, commandId: string): Promise<void> {
    for (let waitMs = 50; !this.#closing; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      const result = await this.#ports.commandAs(theAppliance, useCase, input, { commandId, appendClass: 'essential' }).catch(this.#ports.onFault);
      if (result && !(isRefusal(result) && notNow.has(result.code))) return;
      await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
    }
  }

  /** Refusals by role are counted per minute, person and endpoint, so that hammering at a door does not fill the log. */
  recordRefusal(endpoint: string, account: string): void {
    const key = `${account}|${endpoint}`;
    const counted = this.#refusals.get(key);
    if (counted) counted.count += 1;
    else {
      // The first one at once, so that it stands in the audit log when somebody looks.
      this.#refusals.set(key, { account, endpoint, count: 0 });
      void this.#refusal(account, endpoint, 1);
    }
  }

  #refusal(account: string, endpoint: string, count: number): Promise<unknown> {
    return this.#ports.commandAs(theAppliance, recordRefusal, { account, code: 'not-allowed', count, endpoint }, { appendClass: 'essential' }).catch(this.#ports.onFault);
  }

  async #flushRefusals(): Promise<void> {
    const counted = [...this.#refusals.values()];
    this.#refusals.clear();
    for (const { account, endpoint, count } of counted) if (count > 0) await this.#refusal(account, endpoint, count);
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    await this.#flushRefusals();
    await this.#running;
    await this.#checkpoint.close();
  }
}
