import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';

import { whenConnected } from './channel.ts';
import type { AppendCall, OpenAppends } from './connection.ts';
import type { Link } from './link.ts';
import { appendAnswer, type AppendAnswer } from './wire.ts';

type Ears = {
  readonly onOpen: () => void;
  readonly onAnswer: (correlation: string, answer: AppendAnswer) => void;
  /** The line is down: nothing that was sent on it will be answered any more. */
  readonly onDown: (error: unknown) => void;
};

/**
 * The one stream on which all appends of this process travel. It is opened when there is something to send, and open only
 * once it is connected: a call takes requests before that and keeps them, so that nobody could say whether they ever left.
 */
export class AppendLine {
  readonly #link: Link;
  readonly #ears: Ears;
  readonly #connectWithinMs: number;
  #call: AppendCall | undefined;
  /** Nothing is written on it before it is connected. */
  #connecting: AppendCall | undefined;
  #opening = false;
  /** Grows with every call, so that a call that is gone is not heard any more. */
  #generation = 0;

  constructor(link: Link, connectWithinMs: number, ears: Ears) {
    this.#link = link;
    this.#connectWithinMs = connectWithinMs;
    this.#ears = ears;
  }

  get isOpen(): boolean {
    return this.#call !== undefined;
  }

  open(): void {
    if (this.#opening || this.#call) return;
    this.#opening = true;
    const generation = (this.#generation += 1);
    this.#link.current.openAppends().then(
      (opening) => this.#connect(generation, opening),
      (error: unknown) => this.#down(generation, error),
    );
  }

  send(request: BatchAppendReq): void {
    this.#call!.write(request);
  }

  /** Gives the call up, whatever was sent on it. */
  drop(error: unknown): void {
    this.#down(this.#generation, error);
  }

  #connect(generation: number, { call, channel }: OpenAppends): void {
    call.on('error', (error) => this.#down(generation, error));
    call.on('end', () => this.#down(generation, new Error('it ended the stream of appends')));
    call.on('data', (response) => {
      if (generation !== this.#generation) return;
      const { correlation, answer } = appendAnswer(response);
      this.#ears.onAnswer(correlation, answer);
    });
    if (generation !== this.#generation) {
      call.cancel();
      return;
    }
    this.#connecting = call;
    whenConnected(channel, this.#connectWithinMs).then(
      () => this.#opened(generation, call),
      (error: unknown) => this.#down(generation, error),
    );
  }

  #opened(generation: number, call: AppendCall): void {
    if (generation !== this.#generation) return;
    this.#opening = false;
    this.#connecting = undefined;
    this.#call = call;
    this.#ears.onOpen();
  }

  #down(generation: number, error: unknown): void {
    if (generation !== this.#generation) return;
    this.#generation += 1;
    this.#opening = false;
    (this.#call ?? this.#connecting)?.cancel();
    this.#call = this.#connecting = undefined;
    this.#ears.onDown(error);
  }
}
