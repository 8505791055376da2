import { connect, type NetConnectOpts, type Socket } from 'node:net';

/** `too-large`: more than clamd takes or looks into. `unavailable`: nobody said anything about these bytes. */
export type Verdict = { readonly is: 'clean' } | { readonly is: 'too-large' } | { readonly is: 'infected'; readonly signature: string } | { readonly is: 'unavailable'; readonly why: string };

export type ClamdDeadlines = {
  /** Until clamd takes the connection, or more of the bytes. */
  readonly stalledMs: number;
  /** From the last byte to the answer: clamd itself gives up after 120 s (MaxScanTime). */
  readonly answerMs: number;
};
export const clamdDeadlines: ClamdDeadlines = { stalledMs: 20_000, answerMs: 150_000 };

const replyBytesMax = 4_096;

/**
 * Asks clamd about a stream: `zINSTREAM`, then chunks with their length before them, big-endian, 32 bits, and an empty one at the end
 * (clamd(8)). No faster than clamd takes it; nothing is written to a disk of ours. Never rejects for what clamd or the line to it does.
 * Rejects where the stream fails.
 */
export const scan = async (address: NetConnectOpts, bytes: ReadableStream<Uint8Array>, deadlines: ClamdDeadlines = clamdDeadlines): Promise<Verdict> => {
  const line = new Line(address, deadlines.stalledMs);
  try {
    await line.send(Buffer.from('zINSTREAM\0'));
    for await (const chunk of bytes) {
      // clamd answers before the end where there is too much.
      if (line.isOver) break;
      if (chunk.length > 0) await line.send(lengthOf(chunk.length), chunk);
    }
    await line.send(lengthOf(0));
    return verdictOf(await line.reply(deadlines.answerMs));
  } finally {
    line.close();
  }
};

/** Undefined where clamd is there and well; else why not. */
export const ping = async (address: NetConnectOpts, withinMs: number): Promise<string | undefined> => {
  const line = new Line(address, withinMs);
  try {
    await line.send(Buffer.from('zPING\0'));
    const reply = await line.reply(withinMs);
    return 'text' in reply ? (reply.text === 'PONG' ? undefined : `it answered "${reply.text}"`) : reply.broken;
  } finally {
    line.close();
  }
};

const lengthOf = (bytes: number): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes);
  return length;
};

/** `stream: OK`, `stream: NAME FOUND`, `INSTREAM size limit exceeded. ERROR`. Where AlertExceedsMax is on, what clamd did not look into is "found" as well. */
const verdictOf = (reply: Reply): Verdict => {
  if ('broken' in reply) return { is: 'unavailable', why: reply.broken };
  const { text } = reply;
  if (text === 'stream: OK') return { is: 'clean' };
  const signature = /^stream: (.+) FOUND$/.exec(text)?.[1];
  if (signature?.startsWith('Heuristics.Limits.Exceeded') || text.includes('size limit exceeded')) return { is: 'too-large' };
  return signature === undefined ? { is: 'unavailable', why: `it answered "${text}"` } : { is: 'infected', signature };
};

type Reply = { readonly text: string } | { readonly broken: string };

/** One connection for one question. What clamd said counts, even where the line breaks while more is being sent. */
class Line {
  readonly #socket: Socket;
  readonly #reply: Promise<Reply>;
  #said = Buffer.alloc(0);
  #over = false;

  constructor(address: NetConnectOpts, stalledMs: number) {
    // What waits for a slow verdict must not keep a closed appliance alive.
    this.#socket = connect(address).unref();
    this.#socket.setTimeout(stalledMs, () => this.#socket.destroy(new Error(`it was silent for ${Math.round((this.#socket.timeout ?? 0) / 1_000)} s`)));
    this.#reply = new Promise((resolve) => {
      const end = (reply: Reply): void => {
        this.#over = true;
        resolve(reply);
        this.#socket.emit('over');
      };
      this.#socket.on('data', (data: Buffer) => {
        this.#said = Buffer.concat([this.#said, data]);
        const stop = this.#said.indexOf(0);
        if (stop >= 0) end({ text: this.#said.toString('utf8', 0, stop) });
        else if (this.#said.length > replyBytesMax) end({ broken: 'it answered in another language' });
      });
      this.#socket.on('error', (cause) => end({ broken: cause.message }));
      this.#socket.on('close', () => end({ broken: 'it ended the connection without an answer' }));
    });
  }

  /** Whether clamd has answered, or never will. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Resolves when more may be sent, or nothing any more. */
  async send(...parts: readonly Uint8Array[]): Promise<void> {
    let goesOn = true;
    this.#socket.cork();
    for (const part of parts) if (!this.#over) goesOn = this.#socket.write(part);
    this.#socket.uncork();
    if (goesOn || this.#over) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done).off('over', done);
        resolve();
      };
      this.#socket.on('drain', done).on('over', done);
    });
  }

  reply(withinMs: number): Promise<Reply> {
    if (!this.#over) this.#socket.setTimeout(withinMs);
    return this.#reply;
  }

  close(): void {
    this.#socket.destroy();
  }
}
