import type { OutputOf } from '#src/contract/endpoint.ts';
import { findInstantly } from '#src/contract/instant.ts';
import type { Answer } from './answer.ts';
import { call } from './call.ts';
import { instantIsOff } from './instant-is-off.ts';
import { Store } from './store.ts';

export type Found = OutputOf<typeof findInstantly>;
/** What was found for a text; the text that is being typed may be ahead of it. */
export type FoundFor = { readonly text: string; readonly found: Found };
type Asking = { readonly text: string; readonly within: string | null };
type Ask = (asking: Asking) => Promise<Answer<Found>>;

/** Fast typing is one question; a pause is shorter than anybody waits for. */
const pauseMs = 120;

const askHansard: Ask = ({ text, within }) => call(findInstantly, { text, ...(within ? { conversationId: within } : {}) }, { once: true });

/** One letter of the alphabet says nothing yet; one of a script without an alphabet can be a word. */
const isWorthAsking = (text: string): boolean => text.length > 1 || /[^\p{ASCII}]/u.test(text);

/**
 * Finds while somebody types. One question is under way at a time and the latest text goes next, so an answer never comes
 * late over a newer one; what was found stays until something newer is, so that nothing blinks. A refusal while typing is no
 * news: half a phrase is not a phrase yet.
 */
export class InstantFinder {
  readonly found = new Store<FoundFor | undefined>(undefined);
  readonly #ask: Ask;
  #wanted: Asking | undefined;
  #isAsking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: Ask = askHansard) {
    this.#ask = ask;
  }

  /** `within`: only in that conversation. An empty text forgets what was found. */
  type(typed: string, within: string | null = null): void {
    const text = typed.trim();
    clearTimeout(this.#timer);
    this.#wanted = instantIsOff.value || !isWorthAsking(text) ? undefined : { text, within };
    if (this.#wanted) this.#timer = setTimeout(() => void this.#next(), pauseMs);
    else this.found.set(undefined);
  }

  /** Nobody looks any more: no question goes out, and an answer under way is dropped. */
  stop(): void {
    this.type('');
  }

  async #next(): Promise<void> {
    const asking = this.#wanted;
    if (!asking || this.#isAsking) return;
    this.#isAsking = true;
    const answer = await this.#ask(asking).finally(() => (this.#isAsking = false));
    if (answer.ok && answer.output.because === 'not-set-up') {
      instantIsOff.set(true);
      return this.stop();
    }
    // What is wanted now may be another text, or none.
    if (this.#wanted && answer.ok) this.found.set({ text: asking.text, found: answer.output });
    if (this.#wanted && this.#wanted !== asking) await this.#next();
  }
}
