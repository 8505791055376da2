import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A value that can be watched. Listeners are called synchronously after each `set` with another value. */
export class Store<T> {
  #value: T;
  readonly #listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener(value);
  }

  /** @returns what ends the watching. The listener is not called for the present value. */
  watch(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

type Watchable = { watch(listener: () => void): () => void };

/** Renders its host again whenever one of the stores changes, for as long as the host is connected. */
export class StoreController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #stores: readonly Watchable[];
  #ends: (() => void)[] = [];

  constructor(host: ReactiveControllerHost, ...stores: readonly Watchable[]) {
    this.#host = host;
    this.#stores = stores;
    host.addController(this);
  }

  hostConnected(): void {
    this.#ends = this.#stores.map((store) => store.watch(() => this.#host.requestUpdate()));
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
  }
}
