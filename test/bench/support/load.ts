import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { BenchPerson } from './ask.ts';

/** One person's socket. `onFrame` gets the raw text, so that a receiver that only counts does not parse. */
export class LoadSocket {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (frame: { readonly is: string; readonly code?: string; readonly output?: unknown }) => void>();
  #n = 0;
  onPush: (text: string) => void = () => undefined;
  onSignal: (text: string) => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const text = data.toString('latin1');
      if (text.startsWith('{"is":"push"')) return this.onPush(text);
      if (text.startsWith('{"is":"signal"')) return this.onSignal(text);
      if (!text.startsWith('{"is":"answer"') && !text.startsWith('{"is":"refusal"') && !text.startsWith('{"is":"subscribed"')) return;
      const frame = JSON.parse(text) as { is: string; n: number };
      this.#waiting.get(frame.n)?.(frame);
      this.#waiting.delete(frame.n);
    });
  }

  static open(port: number, { token }: BenchPerson): Promise<LoadSocket> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket`, { headers: { cookie: `hansard=${token}` }, perMessageDeflate: false });
      const made = new LoadSocket(socket);
      socket.once('open', () => resolve(made));
      socket.once('error', reject);
    });
  }

  #ask(frame: object): Promise<{ readonly is: string; readonly code?: string; readonly output?: unknown }> {
    const n = (this.#n += 1);
    this.#socket.send(JSON.stringify({ ...frame, n }));
    return new Promise((resolve) => this.#waiting.set(n, resolve));
  }

  /** Nothing answers it. */
  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  async call<T>(name: string, input: object): Promise<T> {
    const answer = await this.#ask({ is: 'call', name, commandId: randomUUID(), input });
    if (answer.is !== 'answer') throw new Error(`${name}: ${JSON.stringify(answer)}`);
    return answer.output as T;
  }

  post(conversationId: string, text: string): Promise<unknown> {
    return this.call('postMessage', { conversationId, messageId: randomUUID(), text });
  }

  async subscribe(view: 'timeline' | 'conversations', key: string): Promise<void> {
    const answer = await this.#ask({ is: 'subscribe', view, key });
    if (answer.is !== 'subscribed') throw new Error(JSON.stringify(answer));
  }

  close(): void {
    this.#socket.terminate();
  }
}

/** The value below which the share `p` of the values lies. */
export const percentile = (values: readonly number[], p: number): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
};
