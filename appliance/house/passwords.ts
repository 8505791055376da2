import { hash, verify } from '@node-rs/argon2';

// OWASP's floor is 19 MiB, t=2, p=1; the hashing runs on libuv's threads, about 0.1 s each, so a few at a time.
const options = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
const atOnce = 2;
const waitingMax = 100;

/** argon2id, two at a time; more than a hundred waiting are turned away (`busy`), so that sign-ins cannot eat the machine. */
export class Passwords {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #decoy: Promise<string> | undefined;

  get busy(): boolean {
    return this.#waiting.length >= waitingMax;
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password.normalize('NFKC'), options));
  }

  /** Takes as long for somebody who does not exist: `stored` undefined verifies against a decoy and is false. */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    const against = stored ?? (await (this.#decoy ??= this.hash('nobody has this password')));
    const right = await this.#inTurn(() => verify(against, password.normalize('NFKC')));
    return stored !== undefined && right;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    while (this.#running >= atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}
