import { Store } from '../client/store.ts';

type Sink = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };

/** Plays what the others say, whatever screen the person looks at. */
export class Loudspeakers {
  /** The browser plays nothing before somebody presses something on the page. */
  readonly blocked = new Store(false);
  readonly #sinks = new Map<string, Sink>();
  #speaker = '';

  play(device: string, stream: MediaStream): void {
    if (this.#sinks.get(device)?.srcObject === stream) return;
    const sink: Sink = new Audio();
    sink.srcObject = stream;
    sink.autoplay = true;
    this.#sinks.set(device, sink);
    void this.#start(sink);
  }
  stop(device: string): void {
    const sink = this.#sinks.get(device);
    if (sink) sink.srcObject = null;
    this.#sinks.delete(device);
  }
  stopAll(): void {
    for (const device of [...this.#sinks.keys()]) this.stop(device);
    this.blocked.set(false);
  }

  /** '' is the system's own. */
  async use(speaker: string): Promise<void> {
    this.#speaker = speaker;
    await Promise.all([...this.#sinks.values()].map((sink) => sink.setSinkId?.(speaker).catch(() => undefined)));
  }
  /** After somebody pressed something. */
  async unblock(): Promise<void> {
    this.blocked.set(false);
    await Promise.all([...this.#sinks.values()].map((sink) => this.#start(sink)));
  }

  async #start(sink: Sink): Promise<void> {
    if (this.#speaker) await sink.setSinkId?.(this.#speaker).catch(() => undefined);
    await sink.play().catch((cause: unknown) => cause instanceof DOMException && cause.name === 'NotAllowedError' && this.blocked.set(true));
  }
}
