import { recordRefusedSignIns, type RecordRefusedSignIns } from '#src/accounts/record-refused-sign-ins.ts';
import type { House } from './house.ts';
import { theAppliance } from './the-appliance.ts';

type RefusedSignIn = Omit<RecordRefusedSignIns, 'count'>;

const everyMs = 60_000;
const sourcesMax = 1_000;
const manyAddresses = 'many addresses';

/** Refused sign-ins, counted per minute, source and account: the first at once, so that hammering fills neither log nor audit list. */
export class RefusedSignIns {
  readonly #commandAs: House['commandAs'];
  readonly #onFault: (cause: unknown) => void;
  readonly #counted = new Map<string, { readonly what: RefusedSignIn; count: number }>();
  readonly #timer: NodeJS.Timeout;

  constructor(commandAs: House['commandAs'], onFault: (cause: unknown) => void) {
    this.#commandAs = commandAs;
    this.#onFault = onFault;
    this.#timer = setInterval(() => void this.#flush(), everyMs);
    this.#timer.unref();
  }

  count(what: RefusedSignIn): void {
    const key = JSON.stringify([what.account, what.address, what.reason]);
    const known = this.#counted.get(key);
    if (known) {
      known.count += 1;
      return;
    }
    // An attack from everywhere is one line: so many sources cannot each have theirs.
    if (this.#counted.size >= sourcesMax && what.address !== manyAddresses) return this.count({ account: null, address: manyAddresses, agent: '', reason: what.reason });
    this.#counted.set(key, { what, count: 0 });
    void this.#record(what, 1);
  }

  async #record(what: RefusedSignIn, count: number): Promise<void> {
    await this.#commandAs(theAppliance, recordRefusedSignIns, { ...what, count }, { appendClass: 'essential' }).catch(this.#onFault);
  }

  async #flush(): Promise<void> {
    const counted = [...this.#counted.values()];
    this.#counted.clear();
    for (const { what, count } of counted) if (count > 0) await this.#record(what, count);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flush();
  }
}
