import type { Socket } from 'node:dgram';
import { canonicalAddress } from './addresses.ts';
import { Address, Message, NodeTurn, Transport, udp, type TurnAllocation, type TurnMessage, type TurnMethod, type TurnServer, type TurnUser } from './node-turn-parts.ts';
import type { RelaySettings } from './relay-settings.ts';
import { attributes, classes, numberOf, readStun, writeStun, type StunMessage } from './stun.ts';
import type { PortWish, Vetted } from './vetting.ts';
import type { Caller } from './ways.ts';

/** Relayed addresses are chosen by the guard; node-turn asks with the message only. */
const wishes = new WeakMap<TurnMessage, PortWish>();

/**
 * A node-turn that listens nowhere, with what can be set right from outside set right: the most that Refresh may give, tables without a
 * prototype, sockets that are closed when an allocation ends, ports chosen by `open`.
 */
export const guardedNodeTurn = (settings: RelaySettings, open: (wish: PortWish) => Promise<Socket>, ended: (allocation: TurnAllocation) => void): TurnServer => {
  const { lifetimeS, lifetimeMaxS } = settings.limits;
  const server = new NodeTurn({
    listeningIps: [], externalIps: Object.fromEntries(settings.places.map(({ bind, announced }) => [canonicalAddress(bind), canonicalAddress(announced)])), authMech: 'long-term', realm: settings.realm, credentials: Object.create(null) as object,
    debugLevel: 'OFF', maxAllocateLifetime: lifetimeMaxS, defaultAllocatetLifetime: lifetimeS, log: () => undefined,
  });
  server.software = 'Hansard';
  server.maxAllocateTimeout = lifetimeMaxS;
  server.allocate.allocateUdp = async (message) => [addressedCanonically(await open(wishes.get(message)!))];
  server.allocations = new Proxy(Object.create(null) as TurnServer['allocations'], {
    deleteProperty(target, fiveTuple: string) {
      const allocation = target[fiveTuple];
      delete target[fiveTuple];
      if (allocation) ended(allocation);
      return true;
    },
  });
  return server;
};

/** node-turn cannot expand every abbreviated IPv6 address. */
const addressedCanonically = (socket: Socket): Socket => {
  const address = socket.address();
  socket.address = () => ({ ...address, address: canonicalAddress(address.address) });
  return socket;
};

export type Asked = {
  readonly method: TurnMethod; readonly message: StunMessage; readonly caller: Caller; readonly vetted: Vetted;
  readonly user?: TurnUser; readonly allocation?: TurnAllocation; readonly wish?: PortWish;
};
export type Answering = { readonly resolve: (answer: Buffer, allocation: TurnAllocation | null) => void; readonly reject: (code: number, reason: string) => void };

/** Has node-turn answer a request that has been vetted. It gets what was vetted and nothing else; the answer goes to the caller of this. */
export const handOver = (server: TurnServer, { method, message, caller, vetted, user, allocation, wish }: Asked, { resolve, reject }: Answering): void => {
  const { way, remote, key } = caller;
  const transport = new Transport(udp, new Address(canonicalAddress(remote.address), remote.port), new Address(canonicalAddress(way.bind), way.port), undefined);
  // Its own would be the same for a datagram and a connection from one address and port.
  transport.get5Tuple = () => key;
  const asked = new Message(server, transport);
  const bytes = writeStun({ method: message.method, class: classes.request, transaction: message.transaction, attributes: vetted.attributes });
  if (!asked.read(bytes)) return reject(400, 'Bad Request');
  const lifetime = numberOf(readStun(bytes)!, attributes.lifetime);
  const attributeOf = asked.getAttribute.bind(asked);
  // Allocate reads the lifetime under this name.
  asked.getAttribute = (name) => (name === 'liftetime' ? lifetime : attributeOf(name));
  asked.allocation = allocation ?? null;
  if (wish) wishes.set(asked, wish);
  const reply = asked.reply();
  reply.useFingerprint = message.hasFingerprint;
  if (user) {
    const { username, password } = user;
    asked.setUser({ username, password });
    reply.setUser({ username, password });
  }
  reply.resolve = () => {
    if (user && !reply.attributes.some(({ name }) => name === 'message-integrity')) reply.addAttribute('message-integrity');
    reply.class = classes.success;
    resolve(reply.toBuffer(), asked.allocation);
  };
  reply.reject = reject;
  server.emit(method, asked, reply);
};
