import type { Bus } from './bus.ts';
import { typingFrame, type TypingFrame } from './bus-frames.ts';

export type TypingPorts = {
  /** Somebody has this conversation open on this node. */
  readonly isOpenHere: (conversationId: string) => boolean;
  /** By what this node knows itself, whatever the other one said. */
  readonly mayRead: (account: string, conversationId: string) => Promise<boolean>;
  readonly show: (conversationId: string, account: string) => void;
  readonly onFault: (cause: unknown) => void;
};

const subject = 'typing';
const gatherMs = 100;
/** One person in one conversation; a browser says it every few seconds. */
const againAfterMs = 250;
const pairsPerFrame = 200;
/** Questions to the views that typing may have open at once; more is not shown. */
const questionsMax = 32;

/** Who types where, over several nodes: gathered, told four times a second at most, and believed only of those who may be there. */
export class TypingExchange {
  readonly #bus: Bus;
  readonly #ports: TypingPorts;
  #gathered = new Map<string, TypingFrame['typing'][number]>();
  #gathering: NodeJS.Timeout | undefined;
  readonly #toldLately = new Set<string>();
  #forgetting: NodeJS.Timeout | undefined;
  #questions = 0;
  readonly #end: () => void;

  constructor(bus: Bus, ports: TypingPorts) {
    this.#bus = bus;
    this.#ports = ports;
    this.#end = bus.subscribe(subject, (body) => {
      const frame = typingFrame.safeParse(body);
      if (frame.success) for (const [conversationId, account] of frame.data.typing) this.#hear(conversationId, account);
    });
  }

  typed(conversationId: string, account: string): void {
    const pair = `${conversationId} ${account}`;
    if (this.#toldLately.has(pair)) return;
    this.#toldLately.add(pair);
    this.#gathered.set(pair, [conversationId, account]);
    this.#gathering ??= setTimeout(() => this.#tell(), gatherMs).unref();
    this.#forgetting ??= setTimeout(() => {
      this.#forgetting = undefined;
      this.#toldLately.clear();
    }, againAfterMs).unref();
  }

  close(): void {
    clearTimeout(this.#gathering);
    clearTimeout(this.#forgetting);
    this.#end();
  }

  #tell(): void {
    this.#gathering = undefined;
    const pairs = [...this.#gathered.values()];
    this.#gathered = new Map();
    for (let from = 0; from < pairs.length; from += pairsPerFrame) this.#bus.publish(subject, { typing: pairs.slice(from, from + pairsPerFrame) });
  }

  #hear(conversationId: string, account: string): void {
    if (this.#questions >= questionsMax || !this.#ports.isOpenHere(conversationId)) return;
    this.#questions += 1;
    this.#ports.mayRead(account, conversationId)
      .then((may) => may && this.#ports.show(conversationId, account), this.#ports.onFault)
      .finally(() => (this.#questions -= 1));
  }
}
