import { plainText } from '../../client/markdown.ts';
import type { CountingLine } from '../../client/timeline-window.ts';
import { workspace } from '../../client/workspace.ts';

const quietMs = 700;
const saidMax = 200;

const wordsOf = (line: CountingLine): string => (line.kind === 'file' ? ` shared ${line.name ?? 'a file'}` : `: ${plainText(line.text ?? '', saidMax)}`);

/** What a screen reader is told about new messages and files: one sentence after things are quiet for a moment, the number when many came. */
export class Announcer {
  #last: number | undefined;
  #gathered: CountingLine[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #say: (sentence: string) => void;

  constructor(say: (sentence: string) => void) {
    this.#say = say;
  }

  /** The lines at the end of what is shown; those that were there at first are not announced. */
  saw(lines: readonly CountingLine[], me: string): void {
    const newest = lines.at(-1)?.revision ?? -1;
    if (this.#last !== undefined) {
      const last = this.#last;
      this.#gathered.push(...lines.filter((line) => line.revision > last && line.author !== me));
    }
    this.#last = Math.max(this.#last ?? -1, newest);
    if (this.#gathered.length === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#speak(), quietMs);
  }

  #speak(): void {
    const [first, ...rest] = this.#gathered;
    this.#gathered = [];
    this.#timer = undefined;
    if (!first || workspace.presence.unseen.value) return;
    this.#say(rest.length === 0 ? `${workspace.directory.nameOf(first.author)}${wordsOf(first)}` : `${rest.length + 1} new messages`);
  }
}
