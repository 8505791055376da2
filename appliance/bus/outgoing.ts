/** Enough for a node of 100,000 people to answer a new one. */
const messagesMax = 1_024;
const bytesMax = 8 * 1024 * 1024;
/** Ephemera that waited longer say what is not so any more. */
const waitedMsMax = 5_000;

type Waiting = { readonly subject: string; readonly bodyText: string; readonly since: number };

/** What waits to be sent: bounded, the oldest goes first when there is no room. */
export class Outgoing {
  #waiting: (Waiting | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #dropped = 0;

  get size(): number {
    return this.#waiting.length - this.#first;
  }

  /** Given up since the start: no room, or waited for too long. */
  get dropped(): number {
    return this.#dropped;
  }

  put(subject: string, bodyText: string, now: number): void {
    this.#waiting.push({ subject, bodyText, since: now });
    this.#bytes += bodyText.length;
    while (this.size > messagesMax || this.#bytes > bytesMax) {
      this.#shift();
      this.#dropped += 1;
    }
  }

  /** The oldest that is still worth sending. */
  take(now: number): Waiting | undefined {
    while (this.size > 0) {
      const next = this.#shift();
      if (now - next.since <= waitedMsMax) return next;
      this.#dropped += 1;
    }
    return undefined;
  }

  #shift(): Waiting {
    const first = this.#waiting[this.#first]!;
    this.#waiting[this.#first++] = undefined;
    this.#bytes -= first.bodyText.length;
    // Moved together now and then, so that taking one costs the same however many wait.
    if (this.#first > messagesMax) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return first;
  }
}
