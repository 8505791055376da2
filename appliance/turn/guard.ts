import type { RemoteInfo } from 'node:dgram';
import { Tally } from '#src/kernel/tally.ts';
import { AccountBuckets } from './account-buckets.ts';
import { canonicalAddress } from './addresses.ts';
import { Connections } from './connections.ts';
import { Gate, type Known, type Refused } from './gate.ts';
import { handOver, guardedNodeTurn } from './hand-over.ts';
import { Listeners } from './listeners.ts';
import type { TurnAllocation, TurnMethod, TurnServer } from './node-turn-parts.ts';
import { Peers } from './peers.ts';
import { Relayed } from './relayed.ts';
import type { RelayCounts, RelayPlace, RelaySettings } from './relay-settings.ts';
import { relaySocket } from './sockets.ts';
import { Strangers } from './strangers.ts';
import { classes, errorCode, methods, readStun, writeStun, type StunMessage } from './stun.ts';
import { Switchboard } from './switchboard.ts';
import { unknownAttributes, vetAllocate, vetChannelBind, vetCreatePermission, vetRefresh, vetSend, type PortWish, type Vetted, type VettingWorld } from './vetting.ts';
import type { Caller } from './ways.ts';

export type GuardPorts = { readonly clock?: () => number; readonly onFault: (cause: unknown) => void };

const mismatch: Refused = { code: 437, reason: 'Allocation Mismatch' };
const quotaReached: Refused = { code: 486, reason: 'Allocation Quota Reached' };

/**
 * node-turn behind its guard (docs/decisions/022). Everything from the network is read, counted, authenticated and vetted here; node-turn
 * answers what is left and keeps allocations with their lifetimes and permissions; data goes over the switchboard.
 */
export class Guard {
  readonly #settings: RelaySettings;
  readonly #clock: () => number;
  readonly #onFault: (cause: unknown) => void;
  readonly #gate: Gate;
  readonly #strangers: Strangers;
  readonly #board: Switchboard;
  readonly #world: VettingWorld;
  readonly #server: TurnServer;
  readonly #listeners: Listeners;
  readonly #connections: Connections;
  readonly #byClient = new Map<string, Relayed>();
  /** 5-tuples for which a relayed address is being opened. */
  readonly #opening = new Set<string>();
  /** How many allocations each account has or is being given: nobody's request takes longer because there are many. */
  readonly #held = new Tally();
  readonly #ofAccounts: AccountBuckets;
  readonly #counts = { allocated: 0, refreshed: 0, refused: 0, malformed: 0 };
  #isClosed = false;

  constructor(settings: RelaySettings, { clock = Date.now, onFault }: GuardPorts) {
    this.#settings = settings;
    this.#clock = clock;
    this.#onFault = onFault;
    this.#gate = new Gate(settings);
    this.#strangers = new Strangers(settings.limits, clock());
    this.#ofAccounts = new AccountBuckets(settings.limits.accountBytesPerSecond);
    const peers = new Peers(settings);
    this.#board = new Switchboard(peers);
    this.#world = { peers, limits: settings.limits };
    this.#server = guardedNodeTurn(settings, ({ place, even }) => relaySocket(place.bind, settings.relayPorts, this.#isTaken(place), even), (allocation) => this.#ended(allocation));
    this.#connections = new Connections(settings.limits, { clock, onFrame: (frame, caller) => this.#heard(frame, caller), onEnd: ({ key }) => this.#end(this.#byClient.get(key)) });
    this.#listeners = new Listeners(settings.places, { onDatagram: (bytes, caller) => this.#heard(bytes, caller), onConnection: (socket, place) => this.#connections.take(socket, place) });
  }

  /** For datagrams. Resolves with the port. Rejects as `bind` does; then nothing is open. */
  async start(): Promise<number> {
    try {
      return await this.#listeners.open(this.#settings.port);
    } catch (cause) {
      this.close();
      throw cause;
    }
  }

  /** For connections, on the same port. Rejects as `listen` does, and may be asked again; datagrams come all the same. */
  async takeConnections(): Promise<void> {
    await this.#listeners.openServers();
  }

  close(): void {
    this.#isClosed = true;
    for (const relayed of [...this.#byClient.values()]) this.#end(relayed);
    this.#connections.close();
    this.#listeners.close();
  }

  /** Ends what this account (in this session, or in any) has, and takes nothing that was made for it before `cutS` (seconds). */
  revoke(account: string, session: string | null, cutS: number): void {
    this.#gate.revoke(account, session, cutS);
    for (const relayed of [...this.#byClient.values()]) {
      if (!this.#gate.isRevoked(relayed.parts.holder)) continue;
      this.#end(relayed);
      relayed.parts.client.way.cut();
    }
  }

  counts(): RelayCounts {
    const { packets, bytes, dropped } = this.#board;
    return { allocations: this.#byClient.size, connections: this.#connections.size, cut: this.#connections.cut, ...this.#counts, packets, bytes, dropped };
  }

  /** What came from the network ends nothing but itself. */
  #heard(bytes: Buffer, caller: Caller): void {
    try {
      this.#message(bytes, caller);
    } catch (cause) {
      this.#malformed(caller);
      this.#onFault(cause);
    }
  }

  /** Whoever has a connection and sends this over it has nothing to say here. */
  #malformed({ way }: Caller): void {
    this.#counts.malformed += 1;
    way.cut();
  }

  #message(bytes: Buffer, caller: Caller): void {
    const relayed = this.#byClient.get(caller.key);
    const kind = (bytes[0] ?? 0xff) & 0xc0;
    if (kind === 0x40 && relayed) return this.#board.channelData(relayed, bytes, this.#clock());
    const message = kind === 0 ? readStun(bytes) : undefined;
    if (!message) return this.#malformed(caller);
    if (message.class === classes.indication) return this.#indication(message, relayed);
    if (message.class !== classes.request) return;
    if (!relayed && !this.#mayAsk(message, caller)) {
      this.#counts.refused += 1;
      // Over a connection nothing is asked twice, so that its client would wait in vain.
      return caller.way.cut();
    }
    this.#request(message, caller, relayed);
  }

  #mayAsk(message: StunMessage, { way, source, remote }: Caller): boolean {
    const now = this.#clock();
    return way.spares(() => this.#gate.isChallenged(message, source, now)) || this.#strangers.mayAsk(remote.address, now);
  }

  #indication(message: StunMessage, relayed: Relayed | undefined): void {
    const found = relayed && message.method === methods.send ? vetSend(message) : undefined;
    if (found) this.#board.send(relayed!, found.peer, found.data, this.#clock());
  }

  #request(message: StunMessage, caller: Caller, relayed: Relayed | undefined): void {
    if (message.method === methods.binding) {
      const unknown = unknownAttributes(message);
      return unknown ? this.#refuse(message, caller, unknown) : this.#handOver('binding', message, caller, undefined, undefined, { attributes: [] });
    }
    const known = this.#gate.check(message, caller.source, relayed?.parts.username, this.#clock());
    if ('code' in known) {
      // Whoever writes from the address of somebody's call is a stranger too.
      if (!relayed || known.key || this.#strangers.mayAsk(caller.remote.address, this.#clock())) this.#refuse(message, caller, known);
      return;
    }
    const refused = unknownAttributes(message) ?? (message.method === methods.allocate ? this.#allocate(message, caller, relayed, known) : this.#onAllocation(message, caller, relayed, known));
    if (refused) this.#refuse(message, caller, { ...refused, key: known.key });
  }

  #allocate(message: StunMessage, caller: Caller, relayed: Relayed | undefined, known: Known): Refused | undefined {
    const transaction = message.transaction.toString('hex');
    if (relayed) {
      if (relayed.parts.transaction !== transaction) return mismatch;
      caller.way.answer(relayed.parts.answer, caller.remote);
      return undefined;
    }
    // The answer to the first one is on its way.
    if (this.#opening.has(caller.key)) return undefined;
    const vetted = vetAllocate(message, this.#settings.places, this.#world);
    if ('code' in vetted) return vetted;
    const { allocationsMax, allocationsPerAccountMax } = this.#settings.limits;
    const { account } = known.holder;
    if (this.#opening.size + this.#byClient.size >= allocationsMax || this.#held.of(account) >= allocationsPerAccountMax) return quotaReached;
    this.#opening.add(caller.key);
    this.#held.add(account, 1);
    this.#handOver('allocate', message, caller, undefined, known, vetted, (answer, allocation) => this.#opened(caller, known, transaction, answer, allocation!), vetted.wish);
    return undefined;
  }

  #opened(caller: Caller, known: Known, transaction: string, answer: Buffer, allocation: TurnAllocation): void {
    const socket = allocation.sockets[0]!;
    const { address, port } = allocation.relayedTransportAddress;
    const relayed = new Relayed({
      allocation, socket, transaction, answer, holder: known.holder, username: known.username, announced: { address, port }, startedAt: this.#clock(), bytesPerSecond: this.#settings.limits.bytesPerSecond, ofAccount: this.#ofAccounts.of(known.holder.account, this.#held, this.#clock()), client: caller,
    });
    this.#opening.delete(caller.key);
    this.#byClient.set(caller.key, relayed);
    caller.way.standing(true);
    this.#board.opened(relayed);
    this.#counts.allocated += 1;
    // node-turn's own listener takes apart what looks like ChannelData, and dies of one byte.
    socket.removeAllListeners('message').on('message', (data: Buffer, remote: RemoteInfo) => this.#fromOutside(relayed, data, remote));
    // Revoked, gone or closed while the port was being opened.
    const isRevoked = this.#gate.isRevoked(known.holder);
    if (this.#isClosed || caller.way.isEnded || isRevoked) this.#end(relayed);
    if (isRevoked) caller.way.cut();
  }

  #fromOutside(relayed: Relayed, data: Buffer, remote: RemoteInfo): void {
    try {
      this.#board.fromOutside(relayed, { address: canonicalAddress(remote.address), port: remote.port }, data, this.#clock());
    } catch (cause) {
      this.#counts.malformed += 1;
      this.#onFault(cause);
    }
  }

  #onAllocation(message: StunMessage, caller: Caller, relayed: Relayed | undefined, known: Known): Refused | undefined {
    if (!relayed) return mismatch;
    const now = this.#clock();
    const go = (method: TurnMethod, vetted: Vetted | Refused, done?: () => void): Refused | undefined =>
      'code' in vetted ? vetted : void this.#handOver(method, message, caller, relayed, known, vetted, done);
    switch (message.method) {
      case methods.refresh:
        return go('refresh', vetRefresh(message, relayed, this.#world, now), () => void (this.#counts.refreshed += 1));
      case methods.createPermission:
        return go('create_permission', vetCreatePermission(message, relayed, this.#world, now));
      case methods.channelBind: {
        const vetted = vetChannelBind(message, relayed, this.#world, now);
        return go('channel_bind', vetted, () => 'peer' in vetted && relayed.bound(vetted.number, vetted.peer, now));
      }
      default:
        return { code: 400, reason: 'Bad Request' };
    }
  }

  #handOver(method: TurnMethod, message: StunMessage, caller: Caller, relayed: Relayed | undefined, known: Known | undefined, vetted: Vetted, done?: (answer: Buffer, allocation: TurnAllocation | null) => void, wish?: PortWish): void {
    handOver(this.#server, { method, message, caller, vetted, ...(known && { user: known }), ...(relayed && { allocation: relayed.parts.allocation }), ...(wish && { wish }) }, {
      resolve: (answer, allocation) => {
        done?.(answer, allocation);
        if (!this.#isClosed) caller.way.answer(answer, caller.remote);
      },
      reject: (code, reason) => {
        if (method === 'allocate' && this.#opening.delete(caller.key)) this.#held.add(known!.holder.account, -1);
        this.#refuse(message, caller, { code, reason, ...(known && { key: known.key }) });
      },
    });
  }

  #refuse(message: StunMessage, { way, remote }: Caller, { code, reason, attributes: more = [], key }: Refused): void {
    this.#counts.refused += 1;
    const answer = writeStun({ method: message.method, class: classes.error, transaction: message.transaction, attributes: [errorCode(code, reason), ...more], key, fingerprint: message.hasFingerprint });
    if (!this.#isClosed) way.answer(answer, remote);
  }

  #isTaken({ announced }: RelayPlace): (port: number) => boolean {
    const address = canonicalAddress(announced);
    return (port) => this.#board.isRelayed({ address, port });
  }

  #end(relayed: Relayed | undefined): void {
    if (relayed) delete this.#server.allocations[relayed.parts.client.key];
  }

  /** node-turn has forgotten an allocation: at its end, by Refresh, or because it was told to. */
  #ended(allocation: TurnAllocation): void {
    clearTimeout(allocation.timer);
    for (const socket of allocation.sockets) socket.close();
    const relayed = this.#byClient.get(allocation.fiveTuple);
    if (!relayed) return;
    this.#byClient.delete(allocation.fiveTuple);
    this.#held.add(relayed.parts.holder.account, -1);
    this.#board.ended(relayed);
    relayed.parts.client.way.standing(false);
  }
}
