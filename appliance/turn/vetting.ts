import { canonicalAddress, familyOf, type Endpoint } from './addresses.ts';
import type { Refused } from './gate.ts';
import type { Peers } from './peers.ts';
import type { Relayed } from './relayed.ts';
import type { RelayLimits, RelayPlace } from './relay-settings.ts';
import { attributes, numberOf, readXorAddress, uint32, valueOf, xorAddress, type Attribute, type StunMessage } from './stun.ts';

/** What of a request goes on to node-turn, written anew: it never sees a byte that came from the network. */
export type Vetted = { readonly attributes: readonly Attribute[] };
/** Where a relayed address is wanted. */
export type PortWish = { readonly place: RelayPlace; readonly even: boolean };
export type VettingWorld = { readonly peers: Peers; readonly limits: RelayLimits };

const badRequest: Refused = { code: 400, reason: 'Bad Request' };
const forbidden: Refused = { code: 403, reason: 'Forbidden' };
const insufficient: Refused = { code: 508, reason: 'Insufficient Capacity' };
const wrongPeerFamily: Refused = { code: 443, reason: 'Peer Address Family Mismatch' };
const unsupportedFamily: Refused = { code: 440, reason: 'Address Family not Supported' };

/** DONT-FRAGMENT is not among them: a server that cannot set the bit treats it as unknown (RFC 8656, 7.2). */
const understood = new Set<number>(Object.values(attributes).filter((type) => type !== attributes.dontFragment));

/** 420 with the attributes that must be understood and are not (RFC 8489, 6.3.1); undefined where there are none. */
export const unknownAttributes = (message: StunMessage): Refused | undefined => {
  const unknown = message.attributes.filter(({ type }) => type < 0x8000 && !understood.has(type));
  if (unknown.length === 0) return undefined;
  const value = Buffer.alloc(unknown.length * 2);
  unknown.forEach(({ type }, at) => value.writeUInt16BE(type, at * 2));
  return { code: 420, reason: 'Unknown Attribute', attributes: [{ type: attributes.unknownAttributes, value }] };
};

/** The address family asked for; undefined: none; null: one that does not exist. */
const familyAskedFor = (message: StunMessage): 4 | 6 | null | undefined => {
  const value = valueOf(message, attributes.requestedAddressFamily);
  return value === undefined ? undefined : value.length !== 4 ? null : value[0] === 1 ? 4 : value[0] === 2 ? 6 : null;
};

/** RFC 8656, 7.2: IPv4 unless asked otherwise. */
export const vetAllocate = (message: StunMessage, places: readonly RelayPlace[], { limits }: VettingWorld): (Vetted & { readonly wish: PortWish }) | Refused => {
  const transport = valueOf(message, attributes.requestedTransport);
  if (transport !== undefined && transport.length !== 4) return badRequest;
  const even = valueOf(message, attributes.evenPort);
  // An even port, but neither the one after it nor a reserved one: no client that bundles asks for those.
  if (valueOf(message, attributes.reservationToken) || (even && (even[0] ?? 0x80) >= 0x80)) return insufficient;
  const family = familyAskedFor(message);
  const place = family === null ? undefined : places.find(({ bind }) => familyOf(bind) === (family ?? 4)) ?? (family === undefined ? places[0] : undefined);
  if (!place) return unsupportedFamily;
  const lifetime = numberOf(message, attributes.lifetime);
  return { wish: { place, even: even !== undefined }, attributes: [...(transport ? [{ type: attributes.requestedTransport, value: transport }] : []), uint32(attributes.lifetime, clamped(lifetime, limits))] };
};

const clamped = (asked: number | undefined, { lifetimeS, lifetimeMaxS }: RelayLimits): number => Math.min(Math.max(asked ?? lifetimeS, lifetimeS), lifetimeMaxS);

/** Zero ends the allocation; else no less than the default, no more than the most, and not beyond the end of all refreshing. */
export const vetRefresh = (message: StunMessage, relayed: Relayed, { limits }: VettingWorld, now: number): Vetted | Refused => {
  const family = familyAskedFor(message);
  if (family !== undefined && family !== familyOf(relayed.parts.announced.address)) return wrongPeerFamily;
  const asked = numberOf(message, attributes.lifetime);
  const left = Math.ceil(relayed.parts.startedAt / 1_000 + limits.allocationEndsAfterS - now / 1_000);
  return { attributes: [uint32(attributes.lifetime, asked === 0 ? 0 : Math.max(0, Math.min(clamped(asked, limits), left)))] };
};

const peersIn = (message: StunMessage): readonly (Endpoint | undefined)[] => message.attributes.filter(({ type }) => type === attributes.xorPeerAddress).map(({ value }) => readXorAddress(value, message.transaction));

const vetPeers = (found: readonly (Endpoint | undefined)[], relayed: Relayed, { peers, limits }: VettingWorld, now: number): Refused | undefined => {
  if (found.length === 0 || found.some((peer) => peer === undefined)) return badRequest;
  const addresses = new Set(found.map((peer) => peer!.address));
  for (const address of addresses) {
    if (familyOf(canonicalAddress(address)) !== familyOf(relayed.parts.announced.address)) return wrongPeerFamily;
    if (!peers.mayBe(address)) return forbidden;
  }
  const fresh = [...addresses].filter((address) => !relayed.hasPermission(address, now)).length;
  return relayed.permissions(now) + fresh > limits.permissionsPerAllocationMax ? insufficient : undefined;
};

const peerAttribute = (peer: Endpoint, message: StunMessage): Attribute => ({ type: attributes.xorPeerAddress, value: xorAddress(peer, message.transaction) });

export const vetCreatePermission = (message: StunMessage, relayed: Relayed, world: VettingWorld, now: number): Vetted | Refused => {
  const found = peersIn(message);
  return vetPeers(found, relayed, world, now) ?? { attributes: found.map((peer) => peerAttribute(peer!, message)) };
};

/** Numbers, and which may be bound anew, are node-turn's own rules. */
export const vetChannelBind = (message: StunMessage, relayed: Relayed, world: VettingWorld, now: number): (Vetted & { readonly number: number; readonly peer: Endpoint }) | Refused => {
  const number = numberOf(message, attributes.channelNumber);
  const [peer] = peersIn(message);
  if (number === undefined || !peer) return badRequest;
  const refused = vetPeers([peer], relayed, world, now);
  if (refused) return refused;
  if (world.peers.reachOf(peer) === 'no') return forbidden;
  if (relayed.channels(now) >= world.limits.channelsPerAllocationMax && !relayed.channel(number >>> 16, now)) return insufficient;
  return { number: number >>> 16, peer, attributes: [uint32(attributes.channelNumber, number), peerAttribute(peer, message)] };
};

/** RFC 8656, 11.2: an indication that is not right is dropped without an answer. */
export const vetSend = (message: StunMessage): { readonly peer: Endpoint; readonly data: Buffer } | undefined => {
  const [peer] = peersIn(message);
  const data = valueOf(message, attributes.data);
  return peer && data && !unknownAttributes(message) ? { peer, data } : undefined;
};
