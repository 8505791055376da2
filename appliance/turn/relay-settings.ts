/** One address at which the relay listens, and relays from. */
export type RelayPlace = {
  /** What the sockets are bound to: an address of this machine, or the wildcard of its family. */
  readonly bind: string;
  /** What others see of it, RFC 8656's relayed transport address. Differs from `bind` behind a NAT. */
  readonly announced: string;
};

/** Who may be a peer beside the relay's own allocations. `relays`: addresses of other relays, with their port range; `any`: the public internet. */
export type PeerRule = { readonly relays: readonly string[]; readonly any: boolean };

export type RelayLimits = {
  readonly allocationsMax: number; readonly allocationsPerAccountMax: number; readonly permissionsPerAllocationMax: number; readonly channelsPerAllocationMax: number;
  /** Of one allocation, each way, lasting, each packet counted as 100 bytes more; twice as much at once. */
  readonly bytesPerSecond: number;
  /** That all allocations of one account may send together, counted in the same way. */
  readonly accountBytesPerSecond: number;
  /** What an allocation lives unless it is refreshed, and the most that may be asked for. */
  readonly lifetimeS: number; readonly lifetimeMaxS: number;
  /** However often it is refreshed. */
  readonly allocationEndsAfterS: number;
  /** Requests before their sender is known, from one address (IPv6: one /64) and from all, lasting; four times as many at once. */
  readonly strangersPerSourcePerSecond: number; readonly strangersPerSecond: number;
  /** TCP connections without an allocation, from one address (IPv6: one /64): beyond, the newest is ended at once; and from all: beyond, the oldest. */
  readonly strangerConnectionsPerSourceMax: number; readonly strangerConnectionsMax: number;
  /** How long a connection may be without an allocation; and, with one, with the rest of a frame to come or without reading. */
  readonly connectionWaitsS: number; readonly connectionStallsS: number;
};

/** Everything the relay's process is told. It knows nothing else: no folder, no environment, no log. */
export type RelaySettings = {
  readonly places: readonly RelayPlace[];
  /** 0: any free one, for tests. */
  readonly port: number;
  readonly relayPorts: { readonly from: number; readonly to: number };
  readonly peers: PeerRule;
  readonly realm: string;
  readonly secret: string;
  /** How long a credential lives from its making, so that its making can be told from its end. */
  readonly credentialLivesS: number;
  /** What was made before counts for nothing (seconds, UTC): who was revoked by then is known no more. */
  readonly notBeforeS: number;
  readonly limits: RelayLimits;
};

/**
 * A person in a call of eight has fourteen allocations, because browsers keep one over UDP and one over TCP for each of the others; twice as
 * many while connections restart, on a few devices. 1 MB/s is a screen and a picture at the caps of a call, twice. Ten minutes are RFC
 * 8656's own lifetime.
 */
export const relayLimits: RelayLimits = {
  allocationsMax: 4_000, allocationsPerAccountMax: 120, permissionsPerAllocationMax: 64, channelsPerAllocationMax: 32, bytesPerSecond: 1_000_000, accountBytesPerSecond: 8_000_000,
  lifetimeS: 600, lifetimeMaxS: 3_600, allocationEndsAfterS: 24 * 3_600, strangersPerSourcePerSecond: 100, strangersPerSecond: 2_000,
  strangerConnectionsPerSourceMax: 200, strangerConnectionsMax: 1_000, connectionWaitsS: 10, connectionStallsS: 30,
};

/** Counted since the process began, but `allocations` and `connections`: now. `cut`: connections that the relay ended or would not have. */
export type RelayCounts = { readonly allocations: number; readonly connections: number; readonly cut: number; readonly allocated: number; readonly refreshed: number; readonly packets: number; readonly bytes: number; readonly dropped: number; readonly refused: number; readonly malformed: number };
export const noCounts: RelayCounts = { allocations: 0, connections: 0, cut: 0, allocated: 0, refreshed: 0, packets: 0, bytes: 0, dropped: 0, refused: 0, malformed: 0 };
