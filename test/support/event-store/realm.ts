import type { User } from './access.ts';
import { mayDo, userOf } from './access.ts';
import type { Deed } from './access.ts';
import { refusals } from './answers.ts';
import type { Refusal } from './answers.ts';
import type { Faults } from './faults.ts';
import type { ServerNode } from './server-node.ts';
import type { Store } from './store.ts';

/** How appends fare while there is no leader: refused at once, written but neither seen nor acknowledged until there is one, or either by chance. */
export type Leaderless = 'refuses' | 'stalls' | 'mixed';

/** What the nodes of one cluster share. */
export class Realm {
  readonly store: Store;
  readonly faults: Faults;
  readonly users: readonly User[] | undefined;
  readonly appendBytesMax: number;
  readonly writeTimeoutMs: number;
  readonly followerLagMs: number;
  nodes: readonly ServerNode[] = [];
  leader: ServerNode | undefined;
  leaderless: Leaderless = 'mixed';
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(parts: Pick<Realm, 'store' | 'faults' | 'users' | 'appendBytesMax' | 'writeTimeoutMs' | 'followerLagMs'>) {
    this.store = parts.store;
    this.faults = parts.faults;
    this.users = parts.users;
    this.appendBytesMax = parts.appendBytesMax;
    this.writeTimeoutMs = parts.writeTimeoutMs;
    this.followerLagMs = parts.followerLagMs;
  }

  /** Like setTimeout; gives the way to call it off. Nothing is due any more once the realm is over. */
  later(ms: number, what: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      what();
    }, ms);
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  over(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Undefined: they may. Without users the server is an insecure one, where everybody may do everything. */
  refuses(header: string | undefined, deed: Deed, stream: string): Refusal | undefined {
    if (this.users === undefined) return undefined;
    const user = userOf(this.users, header);
    if (user === 'wrong') return refusals.unauthenticated();
    return mayDo(this.store, user, deed, stream) ? undefined : refusals.accessDenied();
  }

  /** What a node answers that is asked for what only the leader does. */
  leaderRefusal(node: ServerNode): Refusal | undefined {
    if (this.leader === node) return undefined;
    if (this.leader === undefined) return this.nodes.length === 1 ? refusals.notReady() : refusals.noLeader();
    return refusals.notLeader(this.leader.host, this.leader.port);
  }
}
