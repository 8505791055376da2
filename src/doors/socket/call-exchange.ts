import { evolveCall, isCallEvent, type Call } from '../../calls/call.ts';
import type { Signal } from '../../contract/calls.ts';
import type { ClientFrame, SignalRefused } from '../../contract/socket.ts';
import type { Opened } from '../../every-event.ts';
import type { Bus } from './bus.ts';
import { signalFrame } from './bus-frames.ts';
import { callFrame } from './call-frames.ts';
import { frameOf, type Client } from './client.ts';
import { ParkedSignals } from './parked-signals.ts';

export type CallExchangePorts = {
  /** True while this node may have missed who lost their access: then nobody signals. */
  readonly behind: () => boolean;
  /** To everybody who follows this conversation. */
  readonly tell: (conversationId: string, frame: Buffer) => void;
};

/** A device in a call, by name. The account is in it: whoever claims another's device is somewhere else. */
export type Seat = { readonly conversationId: string; readonly account: string; readonly device: string };
type Said = { readonly conversationId: string; readonly callId: string; readonly from: string; readonly account: string; readonly to: string; readonly signal: Signal };

const seatOf = ({ conversationId, account, device }: Seat): string => `${conversationId} ${account} ${device}`;

/**
 * Calls in progress as this node has followed them, which device is on which of its sockets, and signals between them (W3C WebRTC 1.0).
 * Who may signal whom is read from the record alone, never from what a client or another node says.
 */
export class CallExchange {
  readonly #ports: CallExchangePorts;
  readonly #bus: Bus | undefined;
  readonly #calls = new Map<string, Call>();
  readonly #here = new Map<string, Client>();
  readonly #parked: ParkedSignals<Said & { readonly origin: Client | undefined }>;
  readonly #end: () => void;
  #onSeen: (seat: Seat) => void = () => undefined;

  constructor(bus: Bus | undefined, ports: CallExchangePorts) {
    this.#ports = ports;
    this.#bus = bus;
    this.#parked = new ParkedSignals((said) => (this.#isKnown(said) ? this.#route(said, said.origin) : this.#refuse(said.origin, said, 'not-in-call')));
    this.#end = bus?.subscribe('signals', (body) => {
      const heard = signalFrame.safeParse(body);
      if (heard.success) this.#said(heard.data, undefined);
    }) ?? (() => undefined);
  }

  /** Before the first event is followed. */
  restore(calls: readonly { readonly conversationId: string; readonly call: Call }[]): void {
    for (const { conversationId, call } of calls) this.#calls.set(conversationId, call);
  }

  /** `seen`: a socket of this node came to be this device, or was it until now. */
  onSeen(seen: (seat: Seat) => void): void {
    this.#onSeen = seen;
  }

  /** By conversation; those in progress only. */
  get calls(): ReadonlyMap<string, Call> {
    return this.#calls;
  }

  /** Whether a socket of this node is this device. */
  isHere(seat: Seat): boolean {
    return this.#here.has(seatOf(seat));
  }

  /** One event of a conversation, in log order. */
  follow(event: Opened, conversationId: string): void {
    const before = this.#calls.get(conversationId) ?? null;
    if (!isCallEvent(event) && (before === null || event.type !== 'MemberLeft')) return;
    const after = evolveCall(before, event);
    if (after === null || after.over) this.#calls.delete(conversationId);
    else this.#calls.set(conversationId, after);
    if (before) this.#letGo(conversationId, before, after);
    if (isCallEvent(event) || after !== before) this.#ports.tell(conversationId, frameOf(JSON.stringify(callFrame(conversationId, event, after))));
    this.#release(conversationId);
  }

  /** Whose device is out of the call signals no more, from this event on. */
  #letGo(conversationId: string, before: Call, after: Call | null): void {
    for (const { account, device } of before.parties) {
      if (after?.parties.some((party) => party.account === account && party.device === device)) continue;
      const client = this.#here.get(seatOf({ conversationId, account, device }));
      if (client) this.left(client);
    }
  }

  /** From now on this socket is that device. Whether it takes part is asked of the record with every signal. */
  entered(client: Client, { conversationId, callId, device }: Extract<ClientFrame, { is: 'in-call' }>): void {
    this.left(client);
    client.inCall = { conversationId, callId, device };
    const seat = { conversationId, account: client.account, device };
    const other = this.#here.get(seatOf(seat));
    // A connection that is not known to be dead yet: the newer one counts.
    if (other) other.inCall = undefined;
    this.#here.set(seatOf(seat), client);
    this.#onSeen(seat);
  }

  left(client: Client): void {
    const { account, inCall } = client;
    if (!inCall) return;
    client.inCall = undefined;
    const seat = { conversationId: inCall.conversationId, account, device: inCall.device };
    this.#here.delete(seatOf(seat));
    this.#onSeen(seat);
  }

  /** Handed on at once, in the order of calling, or refused to the sender. */
  signal(client: Client, { conversationId, callId, to, signal }: Extract<ClientFrame, { is: 'signal' }>): void {
    const { account, inCall } = client;
    const said = { conversationId, callId, from: inCall?.device ?? '', account, to, signal };
    if (inCall?.callId !== callId || inCall.conversationId !== conversationId) return this.#refuse(client, said, 'not-in-call');
    this.#said(said, client);
  }

  /** `origin`: the socket it came from, undefined where it came from another node. What waited goes first. */
  #said(said: Said, origin: Client | undefined): void {
    this.#release(said.conversationId);
    if (this.#isKnown({ ...said, origin })) this.#route(said, origin);
    else this.#parked.park(said.conversationId, { ...said, origin });
  }

  #release(conversationId: string): void {
    for (const said of this.#parked.take(conversationId, (one) => this.#isKnown(one))) this.#route(said, said.origin);
  }

  /**
   * Whether this node knows enough of the record to judge it: all that may have taken somebody out, that its sender takes part, and, of one
   * from another node, whom it is for. A join that was acknowledged here, or anywhere, may be followed a moment later.
   */
  #isKnown({ conversationId, callId, from, account, to, origin }: Said & { readonly origin: Client | undefined }): boolean {
    if (this.#ports.behind()) return false;
    const call = this.#calls.get(conversationId);
    return call?.callId === callId && call.parties.some((party) => party.device === from && party.account === account) && (origin !== undefined || call.parties.some((party) => party.device === to));
  }

  /** What `isKnown`. */
  #route(said: Said, origin: Client | undefined): void {
    const { conversationId, callId, from, account, to, signal } = said;
    const target = this.#calls.get(conversationId)?.parties.find((party) => party.device === to);
    if (!target) return this.#refuse(origin, said, 'not-in-call');
    const client = this.#here.get(seatOf({ conversationId, account: target.account, device: to }));
    // Who does not read as fast as others signal keeps their connection: the rest of what they are told goes over it, too.
    if (client) return client.hasRoom() ? client.send({ is: 'signal', callId, from, account, signal }) : this.#refuse(origin, said, 'too-many');
    if (!origin) return;
    if (this.#bus) this.#bus.publish('signals', { conversationId, callId, from, account, to, signal });
    else this.#refuse(origin, said, 'away');
  }

  #refuse(origin: Client | undefined, { callId, to }: Pick<Said, 'callId' | 'to'>, why: SignalRefused['why']): void {
    origin?.send({ is: 'signal-refused', callId, to, why });
  }

  close(): void {
    this.#end();
    this.#parked.close();
  }
}
