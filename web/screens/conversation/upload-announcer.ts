import { filesOf, type Upload } from '../../client/uploads.ts';

const quietMs = 400;
const troubleOf = ({ name, state, refusal }: Upload): string => (state === 'missing' ? `${name} has to be chosen again.` : `${name} was not shared. ${refusal?.sentence ?? ''}`);

/** What is told of files: that they started, that they are up, and what went wrong; never how far they are. */
export const spokenOf = (before: readonly Upload[], now: readonly Upload[]): string => {
  const was = new Map(before.map((upload) => [upload.key, upload.state]));
  const became = (...states: readonly Upload['state'][]): readonly Upload[] => now.filter(({ key, state }) => states.includes(state) && was.get(key) !== state);
  const started = now.filter(({ key, state }) => state === 'going' && !was.has(key));
  const up = became('whole');
  const wrong = became('refused', 'missing');
  return [
    ...(started.length > 0 ? [`Uploading ${started.length === 1 ? started[0]!.name : filesOf(started.length)}.`] : []),
    ...(up.length > 0 ? [`${up.length === 1 ? up[0]!.name : filesOf(up.length)} uploaded.`] : []),
    ...wrong.map(troubleOf),
  ].join(' ');
};

/** Gathers for a moment, so that a hundred files are one sentence. */
export class UploadAnnouncer {
  #before: readonly Upload[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #say: (sentence: string) => void;

  constructor(now: readonly Upload[], say: (sentence: string) => void) {
    this.#before = now;
    this.#say = say;
  }

  saw(read: () => readonly Upload[]): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const now = read();
      const sentence = spokenOf(this.#before, now);
      this.#before = now;
      if (sentence) this.#say(sentence);
    }, quietMs);
  }
  stop(): void {
    clearTimeout(this.#timer);
  }
}
