import type { Fault } from '#src/kernel/fault.ts';
import { keysAtOnceMax } from '#src/sealing/keyring.ts';

/** What asking for more costs: the first look at once, then ever later, with a little chance so that nodes do not ask in step. */
const laterMs = (round: number): number => (round === 0 ? 0 : Math.min(1_000, 10 * 2 ** round) * (0.75 + Math.random() / 2));

type Ports = {
  /** Takes over what other nodes have told. */
  readonly takeOver: () => Promise<void>;
  /** Looks keys up and returns those that are still not there. */
  readonly find: (keyIds: readonly string[]) => Promise<readonly string[]>;
};

/**
 * Keys that another node made and this one does not have yet. A key is in the shared folder before the append that uses it, so one
 * look is nearly always enough; where it is not, this node is behind, and whoever waits goes on waiting instead of showing nothing.
 */
export class AwaitedKeys {
  readonly #ports: Ports;
  readonly #waiting = new Map<string, PromiseWithResolvers<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #round = 0;
  #behind: string | undefined;
  #stopped: Fault | undefined;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Resolves when all of them are there; rejects when the keyring stops. */
  async wait(keyIds: readonly string[]): Promise<void> {
    if (this.#stopped) throw this.#stopped;
    // A new key may be there at once, however long others have been awaited.
    if (keyIds.some((id) => !this.#waiting.has(id))) this.#round = 0;
    const all = keyIds.map((id) => {
      const waiting = this.#waiting.get(id) ?? Promise.withResolvers<void>();
      this.#waiting.set(id, waiting);
      return waiting.promise;
    });
    this.#lookLater();
    await Promise.all(all);
  }

  /** Why what others sealed does not open yet, in a sentence; undefined while nobody waits in vain. */
  behind(): string | undefined {
    return this.#behind;
  }

  stop(cause: Fault): void {
    this.#stopped = cause;
    clearTimeout(this.#timer);
    for (const { reject } of this.#waiting.values()) reject(cause);
    this.#waiting.clear();
  }

  #lookLater(): void {
    if (this.#isLooking || this.#waiting.size === 0 || this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), laterMs(this.#round));
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const wanted = [...this.#waiting.keys()];
    this.#round += 1;
    let why = 'no file there holds them';
    await this.#ports.takeOver().catch((cause: unknown) => (why = cause instanceof Error ? cause.message : String(cause)));
    try {
      for (let at = 0; at < wanted.length; at += keysAtOnceMax) await this.#settle(wanted.slice(at, at + keysAtOnceMax));
    } catch (cause) {
      why = cause instanceof Error ? cause.message : String(cause);
    }
    const left = wanted.filter((id) => this.#waiting.has(id));
    const keys = left.length === 1 ? '1 key' : `${left.length} keys`;
    this.#behind = left.length === 0 ? undefined : `This node is behind: ${keys} that other nodes made (the first is ${left[0]}) did not arrive in the shared folder: ${why.replace(/\.$/, '')}. What is sealed by them waits and is not lost; it is shown as soon as they are there.`;
    this.#isLooking = false;
    this.#lookLater();
  }

  async #settle(wanted: readonly string[]): Promise<void> {
    const missing = new Set(await this.#ports.find(wanted));
    for (const id of wanted) {
      if (missing.has(id)) continue;
      this.#waiting.get(id)?.resolve();
      this.#waiting.delete(id);
    }
  }
}
