import type { House } from '#appliance/house/house.ts';
import { theAppliance } from '#appliance/house/the-appliance.ts';
import type { World } from '#src/accounts/standing.ts';
import type { Call, CallParty } from '#src/calls/call.ts';
import { dropFromCall, dropFromCallId, type DropFromCall } from '#src/calls/drop-from-call.ts';
import { endRinging, endRingingId } from '#src/calls/end-ringing.ts';
import { limits } from '#src/contract/limits.ts';
import type { Bus } from '#src/doors/socket/bus.ts';
import { devicesFrame, type DevicesFrame } from '#src/doors/socket/bus-frames.ts';
import type { CallExchange } from '#src/doors/socket/call-exchange.ts';
import type { Opened } from '#src/every-event.ts';
import type { Clock } from '#src/kernel/clock.ts';
import { idOf } from '#src/kernel/streams.ts';
import type { Permit, UseCase } from '#src/kernel/use-case.ts';
import { goneAt, type Heard } from './patience.ts';

export type CallKeeperPorts = {
  readonly calls: CallExchange;
  readonly commandAs: House['commandAs'];
  readonly clock: Clock;
  /** Other appliances may write to the same log. */
  readonly shared: boolean;
  readonly bus: Bus | undefined;
  /** Whether somebody may still be in a conversation, as of everything this node has followed. */
  readonly mayBeIn: (account: string, conversationId: string) => Promise<boolean>;
  readonly onFault: (cause: unknown) => void;
};

const lookEveryMs = 500;
const announceEveryMs = 5_000;
const devicesPerFrame = 200;
const ringMs = limits.ringSeconds * 1_000;

const seatOf = (conversationId: string, account: string, device: string): string => `${conversationId} ${account} ${device}`;

/**
 * Sees to it that no call stays in progress without anybody: rings end, and who is not heard of any more is recorded as gone. Every
 * node does this for every call; the ids of what they record come from the event it follows from, so that it is recorded once.
 */
export class CallKeeper {
  readonly #ports: CallKeeperPorts;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #endBus: () => void;
  /** When this node first saw a ring. */
  #rings = new Map<string, number>();
  #heard = new Map<string, Heard>();
  #announced = '';
  readonly #underWay = new Set<string>();

  constructor(ports: CallKeeperPorts) {
    this.#ports = ports;
    const { bus } = ports;
    this.#timers = [setInterval(() => this.look(), lookEveryMs).unref(), ...(bus ? [setInterval(() => this.#announce(), announceEveryMs).unref()] : [])];
    this.#endBus = bus?.subscribe('call-devices', (body) => {
      const frame = devicesFrame.safeParse(body);
      if (frame.success) for (const [conversationId, account, device] of frame.data.devices) this.#heard.set(seatOf(conversationId, account, device), { at: ports.clock(), here: false });
    }) ?? (() => undefined);
    // Who was in a call before this process began has from now on to come back.
    for (const [conversationId, { parties }] of ports.calls.calls) for (const { account, device } of parties) this.#heard.set(seatOf(conversationId, account, device), { at: ports.clock(), here: false });
    bus?.onConnected(() => this.#announce());
    ports.calls.onSeen(({ conversationId, account, device }) => this.#heard.set(seatOf(conversationId, account, device), { at: ports.clock(), here: true }));
  }

  /** Judges every ring and everybody in a call by the clock. */
  look(): void {
    const now = this.#ports.clock();
    const rings = new Map<string, number>();
    const heard = new Map<string, Heard>();
    for (const [conversationId, call] of this.#ports.calls.calls) {
      this.#lookAtRings(conversationId, call, now, rings);
      for (const party of call.parties) this.#lookAt(conversationId, call, party, now, heard);
    }
    this.#rings = rings;
    this.#heard = heard;
    if (this.#ports.bus && this.#devices().toString() !== this.#announced) this.#announce();
  }

  #lookAtRings(conversationId: string, call: Call, now: number, rings: Map<string, number>): void {
    for (const { since, at } of call.ringing) {
      const key = `${conversationId} ${since}`;
      // What rang before this process began goes on where it was.
      const seen = this.#rings.get(key) ?? Math.min(now, at);
      rings.set(key, seen);
      if (now - seen < ringMs) continue;
      const input = { conversationId, callId: call.callId, since };
      this.#record(endRinging, input, endRingingId(input));
    }
  }

  #lookAt(conversationId: string, call: Call, { account, device, joined }: CallParty, now: number, heard: Map<string, Heard>): void {
    const seat = seatOf(conversationId, account, device);
    const { calls, bus, shared } = this.#ports;
    const last = calls.isHere({ conversationId, account, device }) ? { at: now, here: true } : (this.#heard.get(seat) ?? { at: now, here: false });
    heard.set(seat, last);
    if (now >= goneAt(last, { shared, bus: bus?.state() })) this.#drop({ conversationId, callId: call.callId, account, joined, cause: 'connection' });
  }

  follow(events: readonly Opened[]): void {
    for (const event of events) {
      this.#noteBegin(event);
      // Somebody lost the right to be where they are: in the calls there, too.
      if (event.type === 'AccountSuspended') this.#dropEverywhere(event.data.account, () => Promise.resolve(false));
      else if (event.type === 'SpaceLeft') this.#dropEverywhere(event.data.account, (conversationId) => this.#ports.mayBeIn(event.data.account, conversationId));
      else if (event.type === 'MemberLeft') this.#dropEverywhere(event.data.account, (conversationId) => Promise.resolve(conversationId !== idOf(event.stream)));
    }
  }

  /** Waiting for an answer, and for a first sign of life, begins here and now: clocks of other nodes may differ. */
  #noteBegin(event: Opened): void {
    const at = this.#ports.clock();
    if (event.type === 'CallRang') this.#rings.set(`${idOf(event.stream)} ${event.revision}`, at);
    else if (event.type === 'CallStarted' || event.type === 'CallJoined') {
      const seat = seatOf(idOf(event.stream), event.data.account, event.data.device);
      // Its socket may have said so first.
      if (!this.#heard.get(seat)?.here) this.#heard.set(seat, { at, here: false });
    }
  }

  #dropEverywhere(account: string, mayStay: (conversationId: string) => Promise<boolean>): void {
    for (const [conversationId, { callId, parties }] of this.#ports.calls.calls) {
      const party = parties.find((one) => one.account === account);
      if (!party) continue;
      const drop = { conversationId, callId, account, joined: party.joined, cause: 'not-a-member' } as const;
      void mayStay(conversationId).then((may) => may || this.#drop(drop), this.#ports.onFault);
    }
  }

  #drop(input: DropFromCall): void {
    this.#record(dropFromCall, input, dropFromCallId(input));
  }

  /** What cannot be recorded now is found again with the next look. */
  #record<I, S, P extends Permit>(useCase: UseCase<I, S, P, World>, input: I, commandId: string): void {
    if (this.#underWay.has(commandId)) return;
    this.#underWay.add(commandId);
    void this.#ports.commandAs(theAppliance, useCase, input, { commandId, appendClass: 'essential' }).catch(this.#ports.onFault).finally(() => this.#underWay.delete(commandId));
  }

  #devices(): DevicesFrame['devices'] {
    return [...this.#ports.calls.calls].flatMap(([conversationId, { parties }]) =>
      parties.filter(({ account, device }) => this.#ports.calls.isHere({ conversationId, account, device })).map(({ account, device }): [string, string, string] => [conversationId, account, device]));
  }

  /** Which devices in calls are on sockets of this node: every few seconds, and when that changed. */
  #announce(): void {
    const devices = this.#devices();
    this.#announced = devices.toString();
    for (let from = 0; from < devices.length; from += devicesPerFrame) this.#ports.bus?.publish('call-devices', { devices: devices.slice(from, from + devicesPerFrame) });
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#endBus();
  }
}
