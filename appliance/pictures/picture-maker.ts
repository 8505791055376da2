import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { memoryExit, type Box, type FromPictureProcess, type Picture, type PictureRefused, type ToPictureProcess } from './messages.ts';

/** A process is given back when nobody wants a picture for this long. */
const idleMs = 60_000;

/** `bytes`: a stream is read as far as `maxBytes`. */
export type PictureAsked = { readonly bytes: Uint8Array | AsyncIterable<Uint8Array>; readonly box: Box; readonly maxBytes: number };
export type PictureMade = Picture | { readonly refused: PictureRefused };

/** One process for one picture at a time. It is started when first needed, killed when a picture takes too long, and started again for the next. */
export class PictureMaker {
  readonly #timeoutMs: number;
  #process: { readonly child: ChildProcess; readonly ready: Promise<void> } | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** `timeoutMs`: from the first byte to the picture. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** One at a time; who calls sees to that. */
  async make({ bytes, box, maxBytes }: PictureAsked): Promise<PictureMade> {
    clearTimeout(this.#idle);
    const { child, ready } = (this.#process ??= this.#start());
    const made = await this.#within(child, async () => {
      await ready;
      const sent = await sendAll(child, bytes, maxBytes);
      // What has arrived of a picture that is not wanted any more goes with the process.
      if (!sent) return { refused: 'too-large', spoilt: true };
      return answerOf(child, { make: box });
    });
    if ('refused' in made && made.spoilt) this.close();
    else this.#idle = setTimeout(() => this.close(), idleMs).unref();
    return 'refused' in made ? { refused: made.refused } : made;
  }

  async #within(child: ChildProcess, work: () => Promise<Answer>): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    let ended = (): void => {};
    const ending = new Promise<Answer>((resolve) => {
      timer = setTimeout(() => resolve({ refused: 'timeout', spoilt: true }), this.#timeoutMs);
      ended = () => resolve({ refused: child.exitCode === memoryExit ? 'too-large' : 'broken', spoilt: true });
      child.once('exit', ended);
    });
    const working = work();
    working.catch(() => undefined); // Where the process ended, `ending` says so.
    try {
      return await Promise.race([working, ending]);
    } catch (cause) {
      if (child.connected) {
        this.close();
        throw cause;
      }
      return await ending;
    } finally {
      clearTimeout(timer);
      child.off('exit', ended);
    }
  }

  #start(): { readonly child: ChildProcess; readonly ready: Promise<void> } {
    // Nothing of the configuration: there are secrets in it.
    const child = fork(fileURLToPath(new URL('picture-process.ts', import.meta.url)), [], { serialization: 'advanced', execArgv: ['--max-old-space-size=128'], env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('error', () => undefined); // Followed by its end.
    child.once('exit', () => {
      if (this.#process?.child === child) this.#process = undefined;
    });
    return { child, ready: new Promise((resolve) => child.once('message', () => resolve())) };
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#process?.child.kill('SIGKILL');
    this.#process = undefined;
  }
}

/** `spoilt`: the process is of no use any more. */
type Answer = Picture | { readonly refused: PictureRefused; readonly spoilt?: boolean };

const send = (child: ChildProcess, message: ToPictureProcess): Promise<void> => new Promise((resolve, reject) => child.send(message, (fault) => (fault ? reject(fault) : resolve())));

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

const answerOf = async (child: ChildProcess, message: ToPictureProcess): Promise<Answer> => {
  const answer = new Promise<Answer>((resolve) => child.once('message', (told: Exclude<FromPictureProcess, 'ready'>) => resolve(told)));
  await send(child, message);
  return answer;
};
