import type { RecordedEvent } from '../../kernel/event.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Command, Permit, UseCase } from '../../kernel/use-case.ts';
import type { AppendClass } from '../event-log.ts';
import type { DeskPorts } from './ports.ts';
import { StreamDesk, type Handled } from './stream-desk.ts';

export type HandleOptions = {
  /** Id of the event a process manager reacts to. */
  readonly causation?: string;
  readonly appendClass?: AppendClass;
  /** Size of the command as it came, for batching. */
  readonly bytes?: number;
};

const desksMax = 20_000;

/**
 * The one way in. `handle` resolves when what it answers rests on is durable, refusals and recognised retries too;
 * rejects with a `Fault` only where something is broken.
 */
export class Desk {
  readonly #ports: DeskPorts;
  readonly #world: unknown;
  readonly #desks = new Map<string, StreamDesk>();

  constructor(ports: DeskPorts, world: unknown) {
    this.#ports = ports;
    this.#world = world;
  }

  handle<Input, State, Held extends Permit, World>(useCase: UseCase<Input, State, Held, World>, command: Command<Input>, options: HandleOptions = {}): Promise<Handled | Refusal> {
    const stream = useCase.stream(command.input, command.acting);
    return new Promise((resolve, reject) => {
      this.#deskOf(stream).enqueue({ useCase, command, world: this.#world, causation: options.causation, appendClass: options.appendClass ?? 'posts', bytes: options.bytes ?? 500, resolve, reject });
    });
  }

  #deskOf(stream: string): StreamDesk {
    let desk = this.#desks.get(stream);
    if (!desk) this.#desks.set(stream, (desk = new StreamDesk(stream, this.#ports)));
    return desk;
  }

  /** What was followed. Events of another process move streams that may have a desk here. */
  followed(recorded: readonly RecordedEvent[]): void {
    for (const { carry, stream, revision } of recorded) if (carry === undefined) this.#desks.get(stream)?.othersWrote(revision);
  }

  /** Forgets desks that nobody waits for and that the view has caught up with. */
  tidy(watermark: number): void {
    if (this.#desks.size <= desksMax) return;
    for (const [stream, desk] of this.#desks) if (desk.idleBehind(watermark)) this.#desks.delete(stream);
  }
}
