import { randomBytes } from 'node:crypto';
import type { IceUrl } from '#src/ice/ice-url.ts';
import type { TurnCredential } from '#src/ice/turn-credential.ts';
import type { Endpoint } from './addresses.ts';
import { padded } from './deframer.ts';
import { attributes, classes, hasIntegrity, longTermKey, methods, numberOf, readStun, readXorAddress, text, textOf, uint32, valueOf, writeStun, xorAddress, type Attribute, type StunMessage } from './stun.ts';
import { openWire, type Wire } from './wires.ts';

/** `code`: of the server's refusal, 0 where there was no answer or one that cannot be believed. */
export class TurnRefused extends Error {
  override readonly name = 'TurnRefused';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export type TurnClientOptions = { readonly timeoutMs?: number; readonly retryMs?: number };
/** `channel`: the number it came under, or null for a Data indication. */
export type Received = { readonly peer: Endpoint | null; readonly channel: number | null; readonly data: Buffer };

const udp = Buffer.from([17, 0, 0, 0]);
const defaultTimeoutMs = 5_000;

/** A TURN client (RFC 8656): what is needed to see whether a server relays. */
export class TurnClient {
  readonly wire: Wire;
  readonly #credential: TurnCredential | undefined;
  readonly #timeoutMs: number;
  readonly #retryMs: number;
  readonly #waiting = new Map<string, (message: StunMessage) => void>();
  #realm = '';
  #nonce = '';
  onData: (received: Received) => void = () => undefined;

  static async open(server: Pick<IceUrl, 'host' | 'port' | 'transport'>, credential?: TurnCredential, options: TurnClientOptions = {}): Promise<TurnClient> {
    return new TurnClient(await openWire(server, options.timeoutMs ?? defaultTimeoutMs), credential, options);
  }

  constructor(wire: Wire, credential?: TurnCredential, { timeoutMs = defaultTimeoutMs, retryMs = 500 }: TurnClientOptions = {}) {
    this.wire = wire;
    this.#credential = credential;
    this.#timeoutMs = timeoutMs;
    this.#retryMs = retryMs;
    wire.onMessage = (bytes) => this.#received(bytes);
  }

  /** Its own address as the server sees it. */
  async binding(): Promise<Endpoint> {
    return addressIn(await this.ask(methods.binding, []), attributes.xorMappedAddress);
  }

  /** The relayed address, and how long it lives, in seconds. */
  async allocate(more: readonly Attribute[] = []): Promise<{ readonly relayed: Endpoint; readonly mapped: Endpoint; readonly lifetimeS: number }> {
    const answer = await this.authenticated(methods.allocate, [{ type: attributes.requestedTransport, value: udp }, ...more]);
    return { relayed: addressIn(answer, attributes.xorRelayedAddress), mapped: addressIn(answer, attributes.xorMappedAddress), lifetimeS: numberOf(answer, attributes.lifetime) ?? 0 };
  }

  async refresh(lifetimeS?: number): Promise<number> {
    return numberOf(await this.authenticated(methods.refresh, lifetimeS === undefined ? [] : [uint32(attributes.lifetime, lifetimeS)]), attributes.lifetime) ?? 0;
  }

  async permit(...peers: readonly Endpoint[]): Promise<void> {
    await this.authenticated(methods.createPermission, (transaction) => peers.map((peer) => ({ type: attributes.xorPeerAddress, value: xorAddress(peer, transaction) })));
  }

  async bind(channel: number, peer: Endpoint): Promise<void> {
    await this.authenticated(methods.channelBind, (transaction) => [uint32(attributes.channelNumber, channel * 0x10000), { type: attributes.xorPeerAddress, value: xorAddress(peer, transaction) }]);
  }

  sendTo(peer: Endpoint, data: Buffer): void {
    const transaction = randomBytes(12);
    this.wire.send(writeStun({ method: methods.send, class: classes.indication, transaction, attributes: [{ type: attributes.xorPeerAddress, value: xorAddress(peer, transaction) }, { type: attributes.data, value: data }] }));
  }

  sendOn(channel: number, data: Buffer): void {
    const frame = Buffer.alloc(4 + padded(data.length));
    frame.writeUInt16BE(channel, 0);
    frame.writeUInt16BE(data.length, 2);
    data.copy(frame, 4);
    this.wire.send(frame);
  }

  close(): void {
    this.wire.close();
  }

  /** One request with credentials, asked again with the server's realm and nonce where it wants that. */
  async authenticated(method: number, list: AttributesOf, transaction: Buffer = randomBytes(12)): Promise<StunMessage> {
    if (!this.#credential) throw new TurnRefused(0, 'There is no credential for it.');
    try {
      return await this.#authenticated(method, list, transaction);
    } catch (cause) {
      const answer = cause instanceof AnsweredWithError ? cause.answer : undefined;
      const [realm, nonce] = answer ? [textOf(answer, attributes.realm), textOf(answer, attributes.nonce)] : [];
      const isChallenge = cause instanceof AnsweredWithError && (cause.code === 438 || (cause.code === 401 && this.#nonce === ''));
      if (!isChallenge || realm === undefined || nonce === undefined) throw cause;
      [this.#realm, this.#nonce] = [realm, nonce];
      return this.#authenticated(method, list, randomBytes(12));
    }
  }

  async #authenticated(method: number, list: AttributesOf, transaction: Buffer): Promise<StunMessage> {
    if (this.#nonce === '') return this.ask(method, list, { transaction });
    const { username, credential } = this.#credential!;
    const key = longTermKey(username, this.#realm, credential);
    const answer = await this.ask(method, (of) => [...attributesOf(list, of), text(attributes.username, username), text(attributes.realm, this.#realm), text(attributes.nonce, this.#nonce)], { key, transaction });
    if (!hasIntegrity(answer, key)) throw new TurnRefused(0, 'The answer does not prove that it comes from this server.');
    return answer;
  }

  /** One request and its answer, asked again while nothing comes. Rejects with `TurnRefused`. */
  ask(method: number, list: AttributesOf, { key, transaction = randomBytes(12), fingerprint = false }: { readonly key?: Buffer; readonly transaction?: Buffer; readonly fingerprint?: boolean } = {}): Promise<StunMessage> {
    const bytes = writeStun({ method, class: classes.request, transaction, attributes: attributesOf(list, transaction), key, fingerprint });
    const id = transaction.toString('hex');
    return new Promise((resolve, reject) => {
      const again = this.wire.isReliable ? undefined : setInterval(() => this.wire.send(bytes), this.#retryMs);
      const late = setTimeout(() => settle(() => reject(new TurnRefused(0, `Nothing answered in ${this.#timeoutMs / 1_000} seconds.`))), this.#timeoutMs);
      const settle = (end: () => void): void => {
        clearInterval(again);
        clearTimeout(late);
        this.#waiting.delete(id);
        end();
      };
      this.#waiting.set(id, (message) => settle(() => (message.class === classes.success ? resolve(message) : reject(new AnsweredWithError(message)))));
      this.wire.send(bytes);
    });
  }

  #received(bytes: Buffer): void {
    if (((bytes[0] ?? 0) & 0xc0) === 0x40) return this.onData({ peer: null, channel: bytes.readUInt16BE(0), data: bytes.subarray(4, 4 + bytes.readUInt16BE(2)) });
    const message = readStun(bytes);
    if (!message) return;
    if (message.class === classes.indication) return this.onData({ peer: addressIn(message, attributes.xorPeerAddress), channel: null, data: valueOf(message, attributes.data) ?? Buffer.alloc(0) });
    this.#waiting.get(message.transaction.toString('hex'))?.(message);
  }
}

/** Some attributes depend on the transaction. */
type AttributesOf = readonly Attribute[] | ((transaction: Buffer) => readonly Attribute[]);
const attributesOf = (list: AttributesOf, transaction: Buffer): readonly Attribute[] => (typeof list === 'function' ? list(transaction) : list);

const addressIn = (message: StunMessage, type: number): Endpoint => {
  const value = valueOf(message, type);
  const address = value && readXorAddress(value, message.transaction);
  if (!address) throw new TurnRefused(0, 'The answer lacks an address.');
  return address;
};

class AnsweredWithError extends TurnRefused {
  readonly answer: StunMessage;

  constructor(answer: StunMessage) {
    const value = valueOf(answer, attributes.errorCode) ?? Buffer.alloc(4);
    super((value[2]! & 7) * 100 + value[3]!, value.toString('utf8', 4));
    this.answer = answer;
  }
}
