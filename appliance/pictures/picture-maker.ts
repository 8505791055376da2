import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Fault } from '#src/kernel/fault.ts';
import { memoryExit, type Box, type FromPictureProcess, type Picture, type PictureRefused, type ToPictureProcess } from './messages.ts';

/** A process is given back when nobody wants a picture for this long. */
const idleMs = 60_000;
const startsMax = 3;

/** `bytes`: a stream is read as far as `maxBytes`. */
export type PictureAsked = { readonly bytes: Uint8Array | AsyncIterable<Uint8Array>; readonly box: Box; readonly maxBytes: number };
export type PictureMade = Picture | { readonly refused: PictureRefused };

/** One process for one picture at a time. It is started when first needed, killed when a picture takes too long, and started again for the next. */
export class PictureMaker {
  readonly #timeoutMs: number;
  #process: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #hasEnded = false;

  /** `timeoutMs`: from the first byte to the picture. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** One at a time; who calls sees to that. */
  async make({ bytes, box, maxBytes }: PictureAsked): Promise<PictureMade> {
    clearTimeout(this.#idle);
    const child = await this.#awake();
    if (!child) return { refused: 'busy' };
    const made = await this.#within(child, async () => {
      const sent = await sendAll(child, bytes, maxBytes);
      // What has arrived of a picture that is not wanted any more goes with the process.
      if (!sent) return { refused: 'too-large', spoilt: true };
      return answerOf<Picture | Failed>(child, { make: box });
    });
    if ('refused' in made && made.spoilt) this.close();
    else if (!this.#hasEnded) this.#idle = setTimeout(() => this.close(), idleMs).unref();
    return 'refused' in made ? { refused: made.refused } : made;
  }

  /** A process that answers. One that ended since, by somebody's hand, is only noticed now: no picture is blamed for it. Undefined after the end. */
  async #awake(): Promise<ChildProcess | undefined> {
    for (let tried = 0; tried < startsMax; tried += 1) {
      if (this.#hasEnded) return undefined;
      const child = (this.#process ??= this.#start());
      const greeted = await this.#within(child, () => answerOf<'ready'>(child, { greet: true }));
      if (greeted === 'ready') return child;
      this.close();
    }
    throw new Fault('The process that makes pictures small does not start. Nothing else is touched by it; look at the memory and the processes of this machine.');
  }

  async #within<A>(child: ChildProcess, work: () => Promise<A | Failed>): Promise<A | Failed> {
    let timer: NodeJS.Timeout | undefined;
    let ended = (): void => {};
    const ending = new Promise<Failed>((resolve) => {
      timer = setTimeout(() => resolve({ refused: 'timeout', spoilt: true }), this.#timeoutMs);
      ended = () => resolve({ refused: child.exitCode === memoryExit ? 'too-large' : 'broken', spoilt: true });
      child.once('exit', ended);
    });
    const working = work();
    try {
      return await Promise.race([working, ending]);
    } catch (cause) {
      // The stream failed: what has come of it goes with the process.
      this.close();
      throw cause;
    } finally {
      working.catch(() => undefined);
      clearTimeout(timer);
      child.off('exit', ended);
    }
  }

  #start(): ChildProcess {
    // Nothing of the configuration: there are secrets in it.
    const child = fork(fileURLToPath(new URL('picture-process.ts', import.meta.url)), [], { serialization: 'advanced', execArgv: ['--max-old-space-size=128'], env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('error', () => undefined); // Followed by its end.
    child.once('exit', () => {
      if (this.#process === child) this.#process = undefined;
    });
    return child;
  }

  /** For good: no process is started after. */
  end(): void {
    this.#hasEnded = true;
    this.close();
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }
}

/** `spoilt`: the process is of no use any more. */
type Failed = { readonly refused: PictureRefused; readonly spoilt?: boolean };

/** Never settles where the process has ended: who asked hears that from its end. */
const send = (child: ChildProcess, message: ToPictureProcess): Promise<void> => new Promise((resolve) => child.send(message, (fault) => fault ?? resolve()));

/** @returns false where there were more bytes than allowed. */
const sendAll = async (child: ChildProcess, bytes: PictureAsked['bytes'], maxBytes: number): Promise<boolean> => {
  let left = maxBytes;
  for await (const part of bytes instanceof Uint8Array ? [bytes] : bytes) {
    left -= part.length;
    if (left < 0) return false;
    await send(child, { part });
  }
  return true;
};

const answerOf = async <A extends FromPictureProcess>(child: ChildProcess, message: ToPictureProcess): Promise<A> => {
  const answer = new Promise<A>((resolve) => child.once('message', (told: A) => resolve(told)));
  await send(child, message);
  return answer;
};
