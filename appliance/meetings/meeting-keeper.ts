import type { House } from '#appliance/house/house.ts';
import { theAppliance } from '#appliance/house/the-appliance.ts';
import type { Views } from '#projections/views.ts';
import type { StandingFold } from '#src/accounts/standing-fold.ts';
import type { World } from '#src/accounts/standing.ts';
import { evolveCall, partyOf, type Call } from '#src/calls/call.ts';
import { limits } from '#src/contract/limits.ts';
import type { Bus } from '#src/doors/socket/bus.ts';
import { guestsFrame, type GuestsFrame } from '#src/doors/socket/bus-frames.ts';
import type { Presence } from '#src/doors/socket/presence.ts';
import type { Door } from '#src/doors/door.ts';
import type { Opened } from '#src/every-event.ts';
import type { Clock } from '#src/kernel/clock.ts';
import { causedId } from '#src/kernel/ids.ts';
import { idOf, kindOf } from '#src/kernel/streams.ts';
import type { Permit, UseCase } from '#src/kernel/use-case.ts';
import { dismissGuest, dismissGuestId, type DismissGuest } from '#src/meetings/dismiss-guest.ts';
import { endGuestSessions } from '#src/meetings/guest-sessions.ts';
import { keepMeeting, patienceOf } from '#src/meetings/keep-meeting.ts';
import { aloneOf, dueOf, evolveMeeting, guestOf, isHere, type Meeting, type MeetingGuest, type Patience } from '#src/meetings/meeting.ts';
import { watchedOn, type Watch } from './signs-of-life.ts';

export type MeetingKeeperPorts = {
  readonly world: World;
  readonly standing: StandingFold;
  /** Whether somebody has a socket, on whichever node; undefined while this one cannot know of the others. */
  readonly isConnected: (account: string) => boolean | undefined;
  /** Where nodes tell each other which guests they hear of. */
  readonly bus: Bus | undefined;
  /** Other appliances may write to the same log. */
  readonly shared: boolean;
  readonly commandAs: House['commandAs'];
  readonly clock: Clock;
  readonly onFault: (cause: unknown) => void;
};
/** `call`: the latest one, over or not. */
export type KeptMeeting = { readonly meeting: Meeting; readonly call: Call | null };

const lookEveryMs = 500;
/** So long a guest who has lost their place can still ask why. They can do nothing else by then. */
const partingMs = 10_000;
/** Who has closed the page keeps their place so long: a computer may sleep for a while. Counted in our own looks: a clock that jumps and a process that was suspended let nobody go. */
const absentLooks = (limits.guestMinutesAbsent * 60_000) / lookEveryMs;
/** 15 s: sixty of them, and a guest is absent. */
const tellEveryLooks = 30;
/** Their ids fill 39 KiB of the 64 that the bus takes. */
const guestsPerFrame = 1_000;

/**
 * Lets links die and meetings end by the clock, lets go of guests who are among themselves or not there any more, and ends the sessions of
 * guests with their place. Every node does it for every meeting: what it looks at is the record, and who has been heard of on any node; the
 * ids of what it records follow from the record alone, so that it is recorded once.
 */
export class MeetingKeeper {
  readonly #ports: MeetingKeeperPorts;
  readonly #meetings = new Map<string, KeptMeeting>();
  readonly #meetingOf = new Map<string, string>();
  /** When this node first saw a guest with a session of whose place it knows nothing. */
  #strays = new Map<string, number>();
  /** Of each guest who has a place. */
  #watched = new Map<string, Watch>();
  /** For how many looks guests of rooms have been among themselves. A start begins anew: how long it was before, the clock alone could say, and it may have jumped meanwhile. */
  #alone = new Map<string, number>();
  /** Guests who asked something of any node since the last look, and of this one since the others were told. */
  #heard = new Set<string>();
  #untold = new Set<string>();
  #looks = 0;
  readonly #endBus: () => void;
  readonly #underWay = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(ports: MeetingKeeperPorts, kept: readonly (KeptMeeting & { readonly conversationId: string })[]) {
    this.#ports = ports;
    for (const { conversationId, meeting, call } of kept) this.#put(conversationId, { meeting, call });
    this.#timer = setInterval(() => this.look(), lookEveryMs).unref();
    this.#endBus = ports.bus?.subscribe('guests', (body) => {
      const frame = guestsFrame.safeParse(body);
      if (frame.success) for (const account of frame.data.guests) this.#heard.add(account);
    }) ?? (() => undefined);
  }

  /** The meeting that a guest is or was of, while this node remembers it. */
  meetingOfGuest(account: string): string | undefined {
    return this.#meetingOf.get(account);
  }

  /** Known before the record was followed so far: of a guest who has just entered here. */
  entered(account: string, conversationId: string): void {
    this.#meetingOf.set(account, conversationId);
    this.#hear(account);
  }

  /** The same door. Who asks something at it has the page open, also behind a proxy that lets no socket through. */
  noticing(door: Door): Door {
    return {
      ...door,
      call: (name, input, call) => {
        if (call.caller?.guest) this.#hear(call.caller.account);
        return door.call(name, input, call);
      },
    };
  }

  #hear(account: string): void {
    this.#heard.add(account);
    this.#untold.add(account);
  }

  follow(events: readonly Opened[]): void {
    for (const event of events) {
      if (kindOf(event.stream) !== 'conversation') continue;
      const conversationId = idOf(event.stream);
      const kept = this.#meetings.get(conversationId);
      if (!kept && event.type !== 'MeetingArranged') continue;
      const call = evolveCall(kept?.call ?? null, event);
      const meeting = evolveMeeting(kept?.meeting ?? null, event, call);
      if (meeting) this.#put(conversationId, { meeting, call });
    }
  }

  #put(conversationId: string, kept: KeptMeeting): void {
    // A room forgets whoever has been gone for long.
    for (const { account } of this.#meetings.get(conversationId)?.meeting.guests ?? []) if (!guestOf(kept.meeting, account)) this.#meetingOf.delete(account);
    this.#meetings.set(conversationId, kept);
    for (const { account } of kept.meeting.guests) this.#meetingOf.set(account, conversationId);
  }

  /** Judges every meeting, and every guest with a session, by the clock. */
  look(): void {
    const now = this.#ports.clock();
    const patience = patienceOf(this.#ports.world);
    for (const [conversationId, { meeting, call }] of this.#meetings) {
      const due = dueOf(meeting, call, now, patience);
      if (due) this.#record(keepMeeting, { conversationId }, causedId(`${conversationId}/${due}/${meeting.awaySince ?? ''}/${call?.revision ?? ''}`, 0));
    }
    this.#sendOffAlone(now, patience);
    this.#letAbsentGo();
    this.#tellOthers();
    this.#endStrays(now);
    for (const [conversationId, { meeting }] of this.#meetings) if (meeting.over && !meeting.guests.some(({ account }) => this.#ports.standing.signedInGuests.has(account))) this.#forget(conversationId, meeting);
  }

  #forget(conversationId: string, meeting: Meeting): void {
    this.#meetings.delete(conversationId);
    for (const { account } of meeting.guests) this.#meetingOf.delete(account);
  }

  /** For so long by the record, and by this node's looks as well: one jump of the clock sends nobody off. */
  #sendOffAlone(now: number, patience: Patience): void {
    const alone = new Map<string, number>();
    for (const [conversationId, { meeting }] of this.#meetings) {
      for (const guest of meeting.guests) {
        const stay = aloneOf(meeting, guest, patience);
        if (!stay) continue;
        const looks = (this.#alone.get(guest.account) ?? 0) + 1;
        alone.set(guest.account, looks);
        if (Math.min(now - stay.since, looks * lookEveryMs) >= stay.mayMs) this.#dismiss({ conversationId, account: guest.account, why: 'left-alone' });
      }
    }
    this.#alone = alone;
  }

  #letAbsentGo(): void {
    const { shared, standing } = this.#ports;
    const watched = new Map<string, Watch>();
    for (const [conversationId, { meeting, call }] of this.#meetings) {
      if (meeting.over) continue;
      for (const { account } of meeting.guests.filter(isHere)) {
        const isThere = this.#heard.has(account) || this.#ports.isConnected(account);
        const inCall = call !== null && partyOf(call, account) !== undefined;
        const watch = watchedOn(this.#watched.get(account), { inCall, signedIn: standing.signedInGuests.has(account), isThere, shared });
        watched.set(account, watch);
        if (watch.missed >= absentLooks) this.#dismiss({ conversationId, account, why: 'absent' });
      }
    }
    this.#watched = watched;
    this.#heard = new Set();
  }

  #tellOthers(): void {
    this.#looks += 1;
    if (this.#looks % tellEveryLooks !== 0) return;
    const guests = [...this.#untold];
    this.#untold = new Set();
    for (let from = 0; from < guests.length; from += guestsPerFrame) this.#ports.bus?.publish('guests', { guests: guests.slice(from, from + guestsPerFrame) } satisfies GuestsFrame);
  }

  #dismiss(input: DismissGuest): void {
    this.#record(dismissGuest, input, dismissGuestId(input));
  }

  #endStrays(now: number): void {
    const strays = new Map<string, number>();
    for (const account of this.#ports.standing.signedInGuests) {
      const guest = this.#guest(account);
      if (guest && isHere(guest)) continue;
      const since = guest?.at ?? this.#strays.get(account) ?? now;
      strays.set(account, since);
      if (now - since >= partingMs) this.#record(endGuestSessions, { account }, causedId(`${account}/guest-session-over/${since}`, 0));
    }
    this.#strays = strays;
  }

  #guest(account: string): MeetingGuest | undefined {
    const kept = this.#meetings.get(this.#meetingOf.get(account) ?? '');
    return kept && guestOf(kept.meeting, account);
  }

  /** What cannot be recorded now is found again with the next look. */
  #record<I, S, P extends Permit>(useCase: UseCase<I, S, P, World>, input: I, commandId: string): void {
    if (this.#underWay.has(commandId)) return;
    this.#underWay.add(commandId);
    void this.#ports.commandAs(theAppliance, useCase, input, { commandId, appendClass: 'essential' }).catch(this.#ports.onFault).finally(() => this.#underWay.delete(commandId));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#endBus();
  }
}

/** Whether somebody has a socket. Undefined where a node may serve them of which this one hears nothing: its own bus is cut, or another fell silent without taking its leave. */
export const connectedBy = (presence: Presence, { bus, shared }: Pick<MeetingKeeperPorts, 'bus' | 'shared'>): MeetingKeeperPorts['isConnected'] => (account) => {
  if (presence.stateOf(account) !== 'offline') return true;
  return shared && (bus?.state().state !== 'connected' || presence.missesANode) ? undefined : false;
};

/** Takes over the meetings that are not over, before the log is followed, and begins to keep them. */
export const openMeetings = async ({ views, presence, ...ports }: Omit<MeetingKeeperPorts, 'isConnected'> & { readonly presence: Presence; readonly views: Views }): Promise<MeetingKeeper> => {
  const { value } = await views.ask('desk.meetings', {});
  return new MeetingKeeper({ ...ports, isConnected: connectedBy(presence, ports) }, value);
};
