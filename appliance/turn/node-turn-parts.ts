import type { Socket } from 'node:dgram';
import { createRequire } from 'node:module';

/** What the guard uses of node-turn 0.0.6, which has no types, and what it calls things. */

export type TurnAddress = { readonly address: string; readonly port: number };
/** `permissions`: address to when it ends, ms. `channelBindings`: number to peer. */
export type TurnAllocation = {
  readonly fiveTuple: string;
  readonly sockets: readonly Socket[];
  readonly relayedTransportAddress: TurnAddress;
  readonly permissions: { [address: string]: number | undefined };
  readonly channelBindings: { [channel: number]: TurnAddress | undefined };
  readonly timer: NodeJS.Timeout;
};
export type TurnTransport = { readonly src: TurnAddress; readonly dst: TurnAddress; readonly socket: unknown; get5Tuple: () => string };
export type TurnUser = { readonly username: string; readonly password: string };
export type TurnMessage = {
  class: number;
  useFingerprint: boolean;
  allocation: TurnAllocation | null;
  readonly attributes: readonly { readonly name: string }[];
  read(bytes: Buffer): boolean;
  setUser(user: TurnUser): void;
  getAttribute(name: string): unknown;
  addAttribute(name: string, value?: unknown): void;
  toBuffer(): Buffer;
  reply(): TurnMessage;
  /** Sends; the guard puts its own here. */
  resolve(): void;
  reject(code: number, reason: string): void;
};
export type TurnMethod = 'binding' | 'allocate' | 'refresh' | 'create_permission' | 'channel_bind';
export type TurnServer = {
  allocations: { [fiveTuple: string]: TurnAllocation };
  /** Read by Refresh, and set nowhere in node-turn. Seconds. */
  maxAllocateTimeout: number;
  software: string;
  authentification: { credentials: object };
  allocate: { allocateUdp(message: TurnMessage): Promise<readonly Socket[]> };
  emit(method: TurnMethod, message: TurnMessage, reply: TurnMessage): boolean;
};
export type TurnConfig = {
  readonly listeningIps: readonly string[]; readonly externalIps: { readonly [local: string]: string }; readonly authMech: 'long-term'; readonly realm: string; readonly credentials: object;
  readonly debugLevel: 'OFF'; readonly maxAllocateLifetime: number; readonly defaultAllocatetLifetime: number; readonly log: () => void;
};

const require = createRequire(import.meta.url);
export const NodeTurn = require('node-turn') as new (config: TurnConfig) => TurnServer;
export const Message = require('node-turn/lib/message.js') as new (server: TurnServer, transport: TurnTransport) => TurnMessage;
export const Transport = require('node-turn/lib/transport.js') as new (protocol: number, src: TurnAddress, dst: TurnAddress, socket: unknown) => TurnTransport;
export const Address = require('node-turn/lib/address.js') as new (address: string, port: number) => TurnAddress;
export const udp = 0x11;
