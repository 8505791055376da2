import type { Push } from '#src/contract/socket.ts';
import type { Answer, Refusal } from './answer.ts';
import type { Socket } from './socket.ts';
import { Store } from './store.ts';

export type Live<S> = { readonly phase: 'loading' } | { readonly phase: 'ready'; readonly snapshot: S } | { readonly phase: 'refused'; readonly refusal: Refusal };
type ChangeOf<V extends Push['view']> = Extract<Push, { view: V }>['change'];
type Positioned = { readonly position: number };

export type LiveSource<V extends Push['view'], S extends Positioned> = {
  readonly view: V;
  readonly key: string;
  /** Reads a whole snapshot; `now` is what is shown at present, if anything. */
  readonly read: (now: S | undefined) => Promise<Answer<S>>;
  readonly apply: (snapshot: S, change: ChangeOf<V>) => S;
};

const staleReadsMax = 40;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The snapshot law at the client: registers, and takes a snapshot that is not older than the registration, dropping the
 * pushes it contains; after a reconnection it resumes from its position, or reads again when told to resync. The first
 * snapshot is asked for right behind the registration, which saves a round trip; one that turns out older is read again.
 */
export class LiveView<V extends Push['view'], S extends Positioned> {
  readonly state = new Store<Live<S>>({ phase: 'loading' });
  readonly #socket: Socket;
  readonly #source: LiveSource<V, S>;
  #end: (() => void) | undefined;
  /** Everything up to here is in the snapshot. */
  #position: number | undefined;
  /** Counts the readings, so that an overtaken one is dropped. */
  #reading = 0;
  /** Pushes since the oldest reading that is under way began. */
  #held: Push[] = [];
  #holds = 0;
  #early: Promise<Answer<S>> | undefined;

  constructor(socket: Socket, source: LiveSource<V, S>) {
    this.#socket = socket;
    this.#source = source;
  }

  get snapshot(): S | undefined {
    return this.state.value.phase === 'ready' ? this.state.value.snapshot : undefined;
  }

  open(): void {
    const { view, key } = this.#source;
    this.#end ??= this.#socket.subscribe({
      view,
      key,
      after: () => this.#position,
      onAsked: () => this.#readEarly(),
      onRegistered: (position, resync) => resync && void this.#load(position),
      onPush: (push) => this.#take(push),
    });
  }

  close(): void {
    this.#end?.();
    this.#end = undefined;
    this.#reading++;
  }

  /** Changes what is shown by something only this client knows. */
  change(how: (snapshot: S) => S): void {
    const snapshot = this.snapshot;
    if (snapshot) this.#show(how(snapshot));
  }

  /**
   * Joins a page to the snapshot. Pushes that came while it was under way are applied once more on top, so `apply` must
   * take a change it has seen before without harm. A page older than the snapshot is read again.
   */
  async extend<P extends Positioned>(read: () => Promise<Answer<P>>, join: (snapshot: S, page: P) => S): Promise<Answer<P>> {
    return this.#holding(async () => {
      const reading = this.#reading;
      const answer = await this.#readFrom(this.#position ?? -1, read);
      const now = this.snapshot;
      if (!answer.ok || !now || reading !== this.#reading) return answer;
      this.#show(this.#applyHeld(join(now, answer.output), answer.output.position));
      return answer;
    });
  }

  #readEarly(): void {
    if (this.#early) this.#release(); // A connection that was lost again: what it read is not waited for.
    this.#holds++;
    this.#early = this.#source.read(this.snapshot);
  }

  async #load(position: number): Promise<void> {
    const reading = ++this.#reading;
    let early = this.#early;
    this.#early = undefined;
    const read = (): Promise<Answer<S>> => {
      const first = early ?? this.#source.read(this.snapshot);
      early = undefined;
      return first;
    };
    if (!early) this.#holds++;
    try {
      const answer = await this.#readFrom(position, read);
      if (reading !== this.#reading) return;
      if (!answer.ok) return answer.code === 'offline' && this.snapshot ? undefined : this.state.set({ phase: 'refused', refusal: answer });
      const snapshot = this.#applyHeld(answer.output, answer.output.position);
      this.#position = Math.max(answer.output.position, this.#held.at(-1)?.position ?? -1);
      this.#show(snapshot);
    } finally {
      this.#release();
    }
  }

  async #readFrom<P extends Positioned>(position: number, read: () => Promise<Answer<P>>): Promise<Answer<P>> {
    for (let stale = 0; ; stale++) {
      const answer = await read();
      if (!answer.ok || answer.output.position >= position || stale >= staleReadsMax) return answer;
      await pause(Math.min(500, 20 * 2 ** stale)); // The views catch up with the log in milliseconds.
    }
  }

  async #holding<T>(work: () => Promise<T>): Promise<T> {
    this.#holds++;
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  #release(): void {
    if (--this.#holds === 0) this.#held = [];
  }

  #applyHeld(snapshot: S, position: number): S {
    return this.#held.filter((push) => push.position > position).reduce((state, push) => this.#source.apply(state, push.change as ChangeOf<V>), snapshot);
  }

  #take(push: Push): void {
    if (this.#holds > 0) this.#held.push(push);
    const snapshot = this.snapshot;
    if (!snapshot || this.#position === undefined || push.position <= snapshot.position) return;
    this.#position = Math.max(this.#position, push.position);
    this.#show(this.#source.apply(snapshot, push.change as ChangeOf<V>));
  }

  #show(snapshot: S): void {
    this.state.set({ phase: 'ready', snapshot });
  }
}
