/** As long as a node may be behind what others acknowledged. */
const parkedMs = 1_000;
/** Of one person in one conversation: what a browser says to seven others at once. */
const parkedMax = 256;

type Waiting<Said> = { said: Said[]; readonly timer: NodeJS.Timeout };

/**
 * Signals between devices that the record does not know in the call yet: kept in their order for a moment, then given up. Everybody has a
 * place and a moment of their own, so that whoever sends what will never be passed on takes nothing from those who are about to come in.
 */
export class ParkedSignals<Said extends { readonly account: string }> {
  readonly #givenUp: (said: Said) => void;
  readonly #parked = new Map<string, Map<string, Waiting<Said>>>();

  constructor(givenUp: (said: Said) => void) {
    this.#givenUp = givenUp;
  }

  park(conversationId: string, said: Said): void {
    const { account } = said;
    let ofConversation = this.#parked.get(conversationId);
    if (!ofConversation) this.#parked.set(conversationId, (ofConversation = new Map()));
    const waiting = ofConversation.get(account);
    if (!waiting) ofConversation.set(account, { said: [said], timer: setTimeout(() => this.#remove(conversationId, account).forEach(this.#givenUp), parkedMs).unref() });
    else if (waiting.said.length < parkedMax) waiting.said.push(said);
    else this.#givenUp(said);
  }

  /** What is ready by now, in order; the rest waits on. */
  take(conversationId: string, isReady: (said: Said) => boolean): readonly Said[] {
    const ready: Said[] = [];
    for (const [account, waiting] of this.#parked.get(conversationId) ?? []) {
      const rest = waiting.said.filter((said) => !isReady(said));
      if (rest.length === waiting.said.length) continue;
      ready.push(...waiting.said.filter(isReady));
      waiting.said = rest;
      if (rest.length === 0) this.#remove(conversationId, account);
    }
    return ready;
  }

  #remove(conversationId: string, account: string): readonly Said[] {
    const ofConversation = this.#parked.get(conversationId);
    const waiting = ofConversation?.get(account);
    if (!ofConversation || !waiting) return [];
    clearTimeout(waiting.timer);
    ofConversation.delete(account);
    if (ofConversation.size === 0) this.#parked.delete(conversationId);
    return waiting.said;
  }

  close(): void {
    for (const ofConversation of this.#parked.values()) for (const { timer } of ofConversation.values()) clearTimeout(timer);
    this.#parked.clear();
  }
}
