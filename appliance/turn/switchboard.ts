import { randomFillSync } from 'node:crypto';
import type { Endpoint } from './addresses.ts';
import type { Peers } from './peers.ts';
import type { Relayed } from './relayed.ts';
import { attributes, classes, methods, writeStun, xorAddress } from './stun.ts';

const channelHeader = 4;
/** Over a connection more may come than a datagram holds, or an indication with the peer's address. */
const dataBytesMax = 65_000;
const keyOf = ({ address, port }: Endpoint): string => `${address}:${port}`;

/** Where data goes: from a client to a peer and back. What may not go is dropped and counted, never answered (RFC 8656, 11 and 12). */
export class Switchboard {
  readonly #peers: Peers;
  readonly #byRelay = new Map<string, Relayed>();
  packets = 0;
  bytes = 0;
  dropped = 0;

  constructor(peers: Peers) {
    this.#peers = peers;
  }

  opened(relayed: Relayed): void {
    this.#byRelay.set(keyOf(relayed.parts.announced), relayed);
  }

  ended(relayed: Relayed): void {
    this.#byRelay.delete(keyOf(relayed.parts.announced));
  }

  /** Somebody has this relayed address. */
  isRelayed(address: Endpoint): boolean {
    return this.#byRelay.has(keyOf(address));
  }

  /** ChannelData of a client. `frame` may be written over. Over UDP its end may be padded (RFC 8656, 12.5). */
  channelData(relayed: Relayed, frame: Buffer, now: number): void {
    const length = frame.length < channelHeader ? -1 : frame.readUInt16BE(2);
    const channel = length < 0 || length > frame.length - channelHeader ? undefined : relayed.channel(frame.readUInt16BE(0), now);
    if (!channel) this.dropped += 1;
    else this.#carry(relayed, channel.peer, frame.subarray(channelHeader, channelHeader + length), now, frame.subarray(0, channelHeader + length));
  }

  /** Data of a Send indication. */
  send(relayed: Relayed, peer: Endpoint, data: Buffer, now: number): void {
    if (relayed.hasPermission(peer.address, now)) this.#carry(relayed, peer, data, now);
    else this.dropped += 1;
  }

  /** A datagram that came to the relayed address from the network. */
  fromOutside(relayed: Relayed, peer: Endpoint, data: Buffer, now: number): void {
    if (this.#peers.reachOf(peer) === 'outside') this.#hand(relayed, peer, data, now);
    else this.dropped += 1;
  }

  #carry(from: Relayed, peer: Endpoint, data: Buffer, now: number, frame?: Buffer): void {
    const reach = data.length <= dataBytesMax && from.maySend(data.length, now) ? this.#peers.reachOf(peer) : 'no';
    if (reach === 'outside') {
      this.#count(data);
      from.parts.socket.send(data, peer.port, peer.address);
      return;
    }
    // Another allocation of this relay: no datagram leaves for it, so that nothing else on this machine can be reached.
    const to = reach === 'own' ? this.#byRelay.get(keyOf(peer)) : undefined;
    if (to) this.#hand(to, from.parts.announced, data, now, frame);
    else this.dropped += 1;
  }

  #hand(to: Relayed, from: Endpoint, data: Buffer, now: number, frame?: Buffer): void {
    const channel = to.channelOf(keyOf(from), now);
    if (!to.hasPermission(from.address, now) || !to.mayReceive(data.length, now, channel !== undefined)) {
      this.dropped += 1;
      return;
    }
    const { way, remote } = to.parts.client;
    if (way.carry(channel ? channelFrame(channel.number, data, frame) : dataIndication(from, data), remote)) this.#count(data);
    else this.dropped += 1;
  }

  #count(data: Buffer): void {
    this.packets += 1;
    this.bytes += data.length;
  }
}

/** The frame as it came, under another number, where there is one: nothing is copied on the way of most data. */
const channelFrame = (number: number, data: Buffer, frame?: Buffer): Buffer => {
  const made = frame ?? Buffer.concat([Buffer.alloc(channelHeader), data]);
  made.writeUInt16BE(number, 0);
  made.writeUInt16BE(data.length, 2);
  return made;
};

const dataIndication = (from: Endpoint, data: Buffer): Buffer => {
  const transaction = randomFillSync(Buffer.alloc(12));
  return writeStun({ method: methods.data, class: classes.indication, transaction, attributes: [{ type: attributes.xorPeerAddress, value: xorAddress(from, transaction) }, { type: attributes.data, value: data }] });
};
