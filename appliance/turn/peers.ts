import { canonicalAddress, familyOf, isSpecialPurpose, type Endpoint } from './addresses.ts';
import type { RelaySettings } from './relay-settings.ts';

/** `own`: another allocation of this relay, reached without the network; `outside`: by a datagram; `no`: not at all. */
export type Reach = 'own' | 'outside' | 'no';

/** Nobody in a call listens below. */
const unprivilegedFrom = 1_024;

/** Whom allocations may send to and hear. Every address is compared as written canonically. */
export class Peers {
  readonly #own: ReadonlySet<string>;
  readonly #relays: ReadonlySet<string>;
  readonly #any: boolean;
  readonly #ports: RelaySettings['relayPorts'];

  constructor({ places, peers, relayPorts }: Pick<RelaySettings, 'places' | 'peers' | 'relayPorts'>) {
    this.#own = new Set(places.map(({ announced }) => canonicalAddress(announced)));
    this.#relays = new Set(peers.relays.map(canonicalAddress));
    this.#any = peers.any;
    this.#ports = relayPorts;
  }

  /** For a permission, which names no port. `address` is canonical. */
  mayBe(address: string): boolean {
    return this.#own.has(address) || this.#relays.has(address) || (this.#any && !isSpecialPurpose(address));
  }

  /** For a datagram, to there or from there. */
  reachOf({ address, port }: Endpoint): Reach {
    if (this.#own.has(address)) return 'own';
    if (this.#relays.has(address)) return port >= this.#ports.from && port <= this.#ports.to ? 'outside' : 'no';
    return this.#any && port >= unprivilegedFrom && !isSpecialPurpose(address) ? 'outside' : 'no';
  }
}

export const isFamilyOf = (address: string, other: string): boolean => familyOf(address) === familyOf(other);
