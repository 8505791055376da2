/** As long as a node may be behind what others acknowledged. */
const parkedMs = 1_000;
const parkedInConversationMax = 256;

/** Signals of somebody whom the record does not know in the call yet: kept in their order for a moment, then given up. */
export class ParkedSignals<Said> {
  readonly #givenUp: (said: Said) => void;
  readonly #parked = new Map<string, { readonly said: Said[]; timer: NodeJS.Timeout }>();

  constructor(givenUp: (said: Said) => void) {
    this.#givenUp = givenUp;
  }

  park(conversationId: string, said: Said): void {
    const parked = this.#parked.get(conversationId);
    if (!parked) {
      const timer = setTimeout(() => this.take(conversationId).forEach(this.#givenUp), parkedMs).unref();
      this.#parked.set(conversationId, { said: [said], timer });
    } else if (parked.said.length < parkedInConversationMax) parked.said.push(said);
    else this.#givenUp(said);
  }

  /** Everything that waits for this conversation, in order; nothing waits any more. */
  take(conversationId: string): readonly Said[] {
    const parked = this.#parked.get(conversationId);
    if (!parked) return [];
    clearTimeout(parked.timer);
    this.#parked.delete(conversationId);
    return parked.said;
  }

  close(): void {
    for (const { timer } of this.#parked.values()) clearTimeout(timer);
    this.#parked.clear();
  }
}
