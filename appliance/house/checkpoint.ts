import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

const everyMs = 2_000;

/** A position in a file, written now and then. Lost or torn, it is -1. */
export class Checkpoint {
  readonly #file: string;
  readonly #done: () => number;
  readonly #onFault: (cause: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  readonly position: number;
  #saved: number;
  #saving: Promise<void> | undefined;

  /** `done`: everything at or before this position is finished. */
  constructor(file: string, done: () => number, onFault: (cause: unknown) => void) {
    this.#file = file;
    this.#done = done;
    this.#onFault = onFault;
    this.position = this.#saved = read(file);
    this.#timer = setInterval(() => void this.save(), everyMs).unref();
  }

  /** One at a time. A disk that is full only makes a fault of it. */
  save(): Promise<void> {
    return (this.#saving ??= this.#write().catch(this.#onFault).finally(() => (this.#saving = undefined)));
  }

  async #write(): Promise<void> {
    const done = this.#done();
    if (done === this.#saved) return;
    await writeFile(`${this.#file}.new`, JSON.stringify({ position: done }), { mode: 0o600 });
    await rename(`${this.#file}.new`, this.#file);
    this.#saved = done;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#saving;
    await this.save();
  }
}

const read = (file: string): number => {
  try {
    const { position } = JSON.parse(readFileSync(file, 'utf8')) as { readonly position?: unknown };
    return Number.isSafeInteger(position) ? (position as number) : -1;
  } catch {
    return -1;
  }
};
