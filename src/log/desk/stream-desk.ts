import type { Circumstances, SealedEvent } from '../../sealing/seal.ts';
import type { DecidedEvent, JsonObject, OpenedEvent } from '../../kernel/event.ts';
import { Fault } from '../../kernel/fault.ts';
import { isRefusal, refuse, type Refusal } from '../../kernel/refusal.ts';
import type { Acting, Command, Fold, Permit, UseCase } from '../../kernel/use-case.ts';
import { LogStopped, OutcomeUnknown, type AppendClass, type AppendOutcome } from '../event-log.ts';
import { Overlay } from './overlay.ts';
import { actorKey, type DeskAnswer, type DeskPorts } from './ports.ts';

/** The command is in the log and durable: `revision` of its first event, and its events. `again`: it was known already. */
export type Handled = { readonly revision: number; readonly events: readonly OpenedEvent[]; readonly again: boolean };

// One desk serves use cases of many input and state types; each waiting command keeps its own types to itself.
// oxlint-disable-next-line typescript/no-explicit-any
type AnyUseCase = UseCase<any, any, Permit, any>;
export type Waiting = {
  readonly useCase: AnyUseCase;
  readonly command: Command<unknown>;
  readonly world: unknown;
  readonly causation: string | undefined;
  readonly appendClass: AppendClass;
  readonly bytes: number;
  readonly resolve: (result: Handled | Refusal) => void;
  readonly reject: (cause: unknown) => void;
};

type Decided = { readonly waiting: Waiting; readonly first: number; readonly events: readonly DecidedEvent[]; readonly permit: Permit };
type Settled = { readonly waiting: Waiting; readonly result: Handled | Refusal };

// Stays below the log's limits for a batch with room for sealing, which makes bytes a third longer.
const batchBytesMax = 400 * 1024;
const batchCommandsMax = 200;
const attemptsMax = 50;

export const readOnly = refuse('read-only', 'The appliance has stopped writing. What was acknowledged is safe; tell whoever runs it to look at its health page.');

/** One stream's desk: one at a time, in order, across the whole process. What queues up meanwhile is decided in one go. */
export class StreamDesk {
  readonly #stream: string;
  readonly #ports: DeskPorts;
  readonly #overlay = new Overlay();
  #queue: Waiting[] = [];
  #running = false;
  #state: unknown;
  #loaded = false;
  #revision = -1;
  #leafHash: string | null = null;
  #lastPosition = -1;

  constructor(stream: string, ports: DeskPorts) {
    this.#stream = stream;
    this.#ports = ports;
  }

  enqueue(waiting: Waiting): void {
    this.#queue.push(waiting);
    if (!this.#running) void this.#run();
  }

  /** Nothing waits and the desk view has everything this desk knows: it can be forgotten. */
  idleBehind(watermark: number): boolean {
    return !this.#running && this.#queue.length === 0 && this.#lastPosition <= watermark;
  }

  async #run(): Promise<void> {
    this.#running = true;
    // Commands of the same turn of the event loop are decided together.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#take();
      try {
        await this.#serve(batch);
      } catch (cause) {
        this.#loaded = false;
        if (cause instanceof LogStopped) for (const waiting of batch) waiting.resolve(readOnly);
        else for (const waiting of batch) waiting.reject(cause);
      }
    }
    this.#running = false;
  }

  #take(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#queue) {
      bytes += waiting.bytes + 600;
      if (count > 0 && (bytes > batchBytesMax || count >= batchCommandsMax || waiting.appendClass !== this.#queue[0]!.appendClass)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #serve(batch: readonly Waiting[]): Promise<void> {
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const refusal = this.#ports.mayWrite();
      if (refusal) return settle(batch.map((waiting) => ({ waiting, result: refusal })));
      if (!this.#loaded) await this.#load(batch[0]!.useCase.fold);
      if (await this.#attempt(batch)) return;
      this.#loaded = false;
    }
    throw new Fault(`${this.#stream} changed under ${attemptsMax} attempts to write to it.`);
  }

  async #load(fold: Fold<unknown>): Promise<void> {
    const { state, revision, leafHash, watermark } = await this.#ports.load(this.#stream, fold);
    this.#overlay.clear();
    this.#state = state;
    this.#revision = revision;
    this.#leafHash = leafHash;
    for await (const page of this.#ports.log.readStream(this.#stream, { from: revision + 1 })) {
      for (const event of await this.#ports.open(page)) {
        this.#revision = event.revision;
        this.#lastPosition = event.position;
        if (this.#ports.isForeign(event.position)) continue;
        this.#leafHash = event.leafHash;
        this.#state = fold.evolve(this.#state, event);
        if (event.position > watermark) this.#overlay.add(event);
      }
    }
    this.#loaded = true;
  }

  /** True when every command of the batch has its answer; false when the stream moved or a permit fell: load and decide again. */
  async #attempt(batch: readonly Waiting[]): Promise<boolean> {
    const { watermark, answers } = await this.#ports.lookUp(
      batch.map(({ useCase, command }) => ({ stream: this.#stream, actor: actorKey(command.acting.actor), commandId: command.commandId, wanted: useCase.wanted?.(command.input) ?? {} })),
    );
    this.#overlay.trim(watermark);
    const settled: Settled[] = [];
    const decided: Decided[] = [];
    const before = this.#revision;
    for (const [index, waiting] of batch.entries()) {
      const answer = answers[index]!;
      const known = await this.#ifKnown(waiting, answer, decided);
      if (known) settled.push({ waiting, result: known });
      else {
        const outcome = this.#decide(waiting, answer);
        if (isRefusal(outcome)) settled.push({ waiting, result: outcome });
        else decided.push(outcome);
      }
    }
    if (decided.length === 0) {
      settle(settled);
      return true;
    }
    const events = await this.#append(before, decided);
    if (!events) return false;
    let next = 0;
    for (const { waiting, events: facts } of decided) {
      const own = events.slice(next, (next += facts.length));
      settled.push({ waiting, result: { revision: own[0]!.revision, events: own, again: false } });
    }
    settle(settled);
    return true;
  }

  /** A command that is already known is answered first, before permit and state are asked. */
  async #ifKnown(waiting: Waiting, answer: DeskAnswer, decided: readonly Decided[]): Promise<Handled | Refusal | undefined> {
    const { command, useCase } = waiting;
    const actor = actorKey(command.acting.actor);
    const twin = decided.find((d) => d.waiting.command.commandId === command.commandId && actorKey(d.waiting.command.acting.actor) === actor);
    if (twin) return sameBatchTwin(twin, waiting);
    const recent = this.#overlay.command(actor, command.commandId);
    const events = recent?.events ?? (answer.command ? await this.#recorded(answer.command) : undefined);
    if (!events) return undefined;
    return useCase.isSameIntent(command.input, events) ? { revision: events[0]!.revision, events, again: true } : commandIdTaken;
  }

  async #recorded({ revision, count }: { readonly revision: number; readonly count: number }): Promise<readonly OpenedEvent[]> {
    const events: OpenedEvent[] = [];
    for await (const page of this.#ports.log.readStream(this.#stream, { from: revision, limit: count })) events.push(...(await this.#ports.open(page)));
    return events;
  }

  #decide(waiting: Waiting, answer: DeskAnswer): Decided | Refusal {
    const { useCase, command, world } = waiting;
    const { acting, input } = command;
    const permit = useCase.permit(world, acting, input, this.#state);
    if (isRefusal(permit)) return permit;
    const decision = useCase.decide(permit, input, this.#state, acting, this.#overlay.over(answer));
    if (isRefusal(decision)) return decision;
    if (decision.length === 0) throw new Fault(`${useCase.name} decided nothing.`);
    const first = this.#revision + 1;
    for (const event of decision) {
      this.#revision += 1;
      const evolved = provisional(this.#stream, this.#revision, event, waiting);
      this.#state = useCase.fold.evolve(this.#state, evolved);
      // Within the batch, the next decision already sees this one; nobody is answered before all of it is durable.
      this.#overlay.add(evolved);
    }
    return { waiting, first, events: decision, permit };
  }

  /** The events, durable, or undefined when all must be decided again. */
  async #append(before: number, decided: readonly Decided[]): Promise<readonly OpenedEvent[] | undefined> {
    const chain = decided.flatMap(({ waiting, events, permit }) => events.map((event) => ({ event, circumstances: circumstancesOf(waiting, permit) })));
    const sealed = await this.#ports.seal(this.#stream, { revision: before, leafHash: this.#leafHash }, chain);
    // Time may have passed while keys were made ready: permits are asked once more, and keys must still be open.
    for (const { waiting } of decided) if (isRefusal(waiting.useCase.permit(waiting.world, waiting.command.acting, waiting.command.input, this.#state)) && !this.#revokesItself(decided)) return undefined;
    if (!sealed.every((one) => this.#ports.keysOpen(one.keys))) return undefined;
    const outcome = await this.#appendUntilKnown(before, sealed, decided[0]!.waiting.appendClass);
    if (outcome.kind === 'conflict') return undefined;
    if (outcome.kind === 'refused') {
      this.#loaded = false;
      const refusal = appendRefusals[outcome.code];
      settle(decided.map(({ waiting }) => ({ waiting, result: refusal })));
      throw new Fault(refusal.sentence);
    }
    const opened = sealed.map(({ eventToAppend }, index) => openedOf(this.#stream, before + 1 + index, outcome.position + index, eventToAppend, chain[index]!));
    this.#leafHash = sealed.at(-1)!.eventToAppend.leafHash;
    this.#lastPosition = opened.at(-1)!.position;
    this.#overlay.settleProvisional(opened);
    this.#ports.observe(opened);
    return opened;
  }

  /** Leaving ends the leaver's own permit: a batch that changed membership is judged by the permits it was decided with. */
  #revokesItself(decided: readonly Decided[]): boolean {
    return decided.some(({ events }) => events.some(({ type }) => endsPermits.has(type)));
  }

  async #appendUntilKnown(before: number, sealed: readonly SealedEvent[], appendClass: AppendClass): Promise<AppendOutcome> {
    for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 2_000)) {
      try {
        return await this.#ports.log.append(this.#stream, before, sealed.map(({ eventToAppend }) => eventToAppend), appendClass);
      } catch (cause) {
        // The same bytes, the same ids, the same expected revision, until it is known; nothing is decided again before that.
        if (!(cause instanceof OutcomeUnknown)) throw cause;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }
}

const endsPermits = new Set(['MemberLeft', 'ConversationClosed', 'SpaceLeft', 'AccountSuspended', 'RoleWithdrawn', 'InquiryClosed', 'SignedOut']);
const commandIdTaken = refuse('command-id-taken', 'This commandId was used for something else. Nothing was changed.');
const appendRefusals = {
  'event-too-large': refuse('too-large', 'This is more than one event of the record can hold. Nothing was recorded.'),
  'batch-too-large': refuse('too-large', 'This is more than the record takes at once. Nothing was recorded.'),
  'disk-reserve': refuse('disk-reserve', 'The disk of the appliance is nearly full. Nothing was recorded; reading goes on.'),
} as const;

const settle = (settled: readonly Settled[]): void => {
  for (const { waiting, result } of settled) waiting.resolve(result);
};

/** Two sendings of one command in the same batch: the second is answered with the first, once that is durable. */
const sameBatchTwin = (twin: Decided, waiting: Waiting): Handled | Refusal => {
  const events = twin.events.map((event, index) => provisional('', twin.first + index, event, twin.waiting));
  return waiting.useCase.isSameIntent(waiting.command.input, events) ? { revision: twin.first, events, again: true } : commandIdTaken;
};

const circumstancesOf = ({ command, causation }: Waiting, permit: Permit): Circumstances => {
  const { acting, commandId } = command;
  return {
    actor: acting.actor, basis: permit.basis, commandId, correlation: causation ?? commandId, door: acting.door, schema: 1,
    ...(causation === undefined ? {} : { causation }),
    ...(acting.session === undefined ? {} : { session: acting.session }),
  };
};

const provisional = (stream: string, revision: number, event: DecidedEvent, waiting: Waiting): OpenedEvent => ({
  position: Number.MAX_SAFE_INTEGER, stream, revision, id: '', type: event.type, data: event.data, content: event.content ?? {}, leafHash: '',
  metadata: { ...circumstancesOf(waiting, { basis: [] }), ledger: { commitments: [], mac: '', previous: null, writer: '' } },
});

const openedOf = (stream: string, revision: number, position: number, recorded: SealedEvent['eventToAppend'], { event, circumstances }: { readonly event: DecidedEvent; readonly circumstances: Circumstances }): OpenedEvent => ({
  position, stream, revision, id: recorded.id, type: event.type, data: event.data as JsonObject, content: event.content ?? {}, leafHash: recorded.leafHash,
  metadata: { ...circumstances, ledger: { commitments: [], mac: '', previous: null, writer: '' } },
});

export type { Acting };
