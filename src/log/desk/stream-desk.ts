import type { Circumstances } from '../../sealing/seal.ts';
import type { DecidedEvent, OpenedEvent } from '../../kernel/event.ts';
import { Fault } from '../../kernel/fault.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import type { Command, Fold, Permit, UseCase } from '../../kernel/use-case.ts';
import { LogStopped, NotSent, OutcomeUnknown, type AppendClass, type AppendOutcome, type EventToAppend } from '../event-log.ts';
import { appendRefusals, commandIdTaken, NotConfirmed, notConfirmed, outOfTouch, readOnly, TooLarge } from './nothing-recorded.ts';
import { Overlay } from './overlay.ts';
import { actorKey, type DeskAnswer, type DeskAnswers, type DeskPorts } from './ports.ts';

/** The command is in the log and durable: `revision` of its first event, and its events. `again`: it was known already. */
export type Handled = { readonly revision: number; readonly events: readonly OpenedEvent[]; readonly again: boolean };

// One desk serves use cases of many input and state types; each waiting command keeps its own types to itself.
// oxlint-disable-next-line typescript/no-explicit-any
type AnyUseCase = UseCase<any, any, any, any>;
export type Waiting = {
  readonly useCase: AnyUseCase;
  readonly command: Command<unknown>;
  readonly world: unknown;
  readonly causation: string | undefined;
  readonly appendClass: AppendClass;
  readonly bytes: number;
  readonly resolve: (result: Handled | Refusal) => void;
  readonly reject: (cause: unknown) => void;
  /** Looked up while the batch before is being flushed. Answers come in the order asked, so no later one is older. */
  answers?: Promise<DeskAnswers>;
};

/** Made when decided, completed in place (id, position, leaf) when it is durable: one object for overlay, follower and answer. */
type Provisional = { -readonly [K in keyof OpenedEvent]: OpenedEvent[K] };
type Link = { readonly event: DecidedEvent; readonly circumstances: Circumstances; readonly opened: Provisional };
type Decided = { readonly waiting: Waiting; readonly chain: readonly Link[] };
type Settled = { readonly waiting: Waiting; readonly result: Handled | Refusal };

// Stays below the log's limits for a batch with room for sealing, which makes bytes a third longer.
const batchBytesMax = 400 * 1024;
const batchCommandsMax = 200;
const attemptsMax = 50;

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
    if (this.#loaded) {
      waiting.answers = this.#lookUp(waiting);
      // Whoever serves the command hears of it; nobody may, when all is loaded anew.
      waiting.answers.catch(() => undefined);
    }
    if (!this.#running) void this.#run();
  }

  #lookUp({ useCase, command }: Waiting): Promise<DeskAnswers> {
    return this.#ports.lookUp([{ stream: this.#stream, actor: actorKey(command.acting.actor), commandId: command.commandId, wanted: useCase.wanted?.(command.input) ?? {} }]);
  }

  /** Somebody else has written up to `revision`: what is decided next begins with it, instead of meeting a conflict. */
  othersWrote(revision: number): void {
    if (revision > this.#revision && !this.#running) this.#loaded = false;
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
      await this.#serveOrSplit(batch);
    }
    this.#running = false;
  }

  /** One command that cannot be recorded must not take those down that were queued beside it: they are then served one by one. */
  async #serveOrSplit(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#serve(batch);
    } catch (cause) {
      this.#loaded = false;
      if (cause instanceof LogStopped) settleAll(batch, readOnly);
      else if (cause instanceof NotConfirmed) settleAll(batch, notConfirmed);
      else if (batch.length > 1) for (const waiting of batch) await this.#serveOrSplit([waiting]);
      else if (cause instanceof TooLarge) batch[0]!.resolve(cause.refusal);
      else batch[0]!.reject(cause);
    }
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
    // Where others write too, nobody is refused for what this node has merely not heard of yet.
    let isCurrent = !this.#ports.log.isShared;
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const refusal = this.#ports.mayWrite();
      if (refusal) return settleAll(batch, refusal);
      if (!this.#loaded) {
        await this.#load(batch[0]!.useCase.fold);
        // What was looked up before the loading may be older than what the overlay now begins with.
        for (const waiting of [...batch, ...this.#queue]) delete waiting.answers;
      }
      const ended = await this.#attempt(batch, isCurrent);
      if (ended === 'settled') return;
      this.#loaded = false;
      if (ended === 'moved') continue;
      if (!(await this.#ports.caughtUp().then(() => true, () => false))) return settleAll(batch, outOfTouch);
      isCurrent = true;
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
      // What is foreign takes its revision and is not even opened: it may be no event at all.
      const { revision: end, position } = page.at(-1)!;
      this.#revision = end;
      this.#lastPosition = position;
      const opened = await this.#ports.open(page.filter((recorded) => !this.#ports.isForeign(recorded.position)));
      // The standing goes by revisions: what comes after these must not be seen before them.
      this.#ports.observe(opened);
      for (const event of opened) {
        this.#leafHash = event.leafHash;
        this.#state = fold.evolve(this.#state, event);
        if (event.position > watermark) this.#overlay.add(event);
      }
    }
    this.#loaded = true;
  }

  /** `settled`: every command of the batch has its answer. `moved`: the stream did, or a permit may have fallen; load and decide again. `stale`: somebody would be refused, and this node may not know why not. */
  async #attempt(batch: readonly Waiting[], isCurrent: boolean): Promise<'settled' | 'moved' | 'stale'> {
    const lookedUp = await Promise.all(batch.map((waiting) => (waiting.answers ??= this.#lookUp(waiting))));
    // The first was asked first: everything asked later, in this batch or queued behind it, is as of this watermark or a newer one.
    this.#overlay.trim(Math.min(...lookedUp.map(({ watermark }) => watermark)));
    const revocations = this.#ports.revocations();
    const settled: Settled[] = [];
    const decided: Decided[] = [];
    const before = this.#revision;
    for (const [index, waiting] of batch.entries()) {
      const answer = lookedUp[index]!.answers[0]!;
      const outcome = (await this.#ifKnown(waiting, answer)) ?? this.#decide(waiting, answer);
      if ('chain' in outcome) decided.push(outcome);
      settled.push({ waiting, result: 'chain' in outcome ? { revision: outcome.chain[0]!.opened.revision, events: outcome.chain.map((link) => link.opened), again: false } : outcome });
    }
    if (!isCurrent && settled.some(({ result }) => isRefusal(result))) return 'stale';
    if (decided.length === 0) {
      settle(settled);
      return 'settled';
    }
    const outcome = await this.#append(before, revocations, decided);
    if (outcome === 'decide-again') return 'moved';
    if (outcome !== 'appended') {
      // What was decided after the first event of the batch, refusals too, rested on something that was then not recorded.
      const first = settled.findIndex(({ waiting }) => waiting === decided[0]!.waiting);
      this.#loaded = false;
      settle(settled.map(({ waiting, result }, index) => ({ waiting, result: index < first ? result : outcome })));
      return 'settled';
    }
    settle(settled);
    return 'settled';
  }

  /** A command that is already known is answered first, before permit and state are asked. One of this very batch is known too: its answer waits for the same flush. */
  async #ifKnown({ command, useCase }: Waiting, answer: DeskAnswer): Promise<Handled | Refusal | undefined> {
    const recent = this.#overlay.command(actorKey(command.acting.actor), command.commandId);
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
    const circumstances = circumstancesOf(waiting, permit);
    const chain = decision.map((event): Link => {
      this.#revision += 1;
      const opened = provisional(this.#stream, this.#revision, event, circumstances);
      this.#state = useCase.fold.evolve(this.#state, opened);
      // The next decision of the batch already sees this one; nobody is answered before all of it is durable.
      this.#overlay.add(opened);
      return { event, circumstances, opened };
    });
    return { waiting, chain };
  }

  async #append(before: number, revocations: number, decided: readonly Decided[]): Promise<'appended' | 'decide-again' | Refusal> {
    const chain = decided.flatMap((one) => one.chain);
    const making = this.#ports.seal(this.#stream, { revision: before, leafHash: this.#leafHash }, chain);
    const sealed = making instanceof Promise ? await making : making;
    // Permits once more: nothing was revoked since they were minted, or all is decided again. And every key is still open.
    if (this.#ports.revocations() !== revocations || !sealed.every((one) => this.#ports.keysOpen(one.keys))) return 'decide-again';
    const outcome = await this.#appendUntilKnown(before, sealed.map(({ eventToAppend }, index) => ({ ...eventToAppend, carry: chain[index]!.opened })), decided[0]!.waiting.appendClass);
    if (outcome === 'not-sent' || outcome.kind === 'conflict') return 'decide-again';
    if (outcome.kind === 'refused' && outcome.code !== 'disk-reserve') throw new TooLarge(appendRefusals[outcome.code]);
    if (outcome.kind === 'refused') return appendRefusals[outcome.code];
    for (const [index, { opened }] of chain.entries()) {
      opened.position = outcome.position + index;
      opened.id = sealed[index]!.eventToAppend.id;
      opened.leafHash = sealed[index]!.eventToAppend.leafHash;
    }
    const last = chain.at(-1)!.opened;
    this.#leafHash = last.leafHash;
    this.#lastPosition = last.position;
    this.#ports.observe(chain.map(({ opened }) => opened));
    return 'appended';
  }

  async #appendUntilKnown(before: number, events: readonly EventToAppend[], appendClass: AppendClass): Promise<AppendOutcome | 'not-sent'> {
    let isUnknown = false;
    for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 2_000)) {
      try {
        return await this.#ports.log.append(this.#stream, before, events, appendClass);
      } catch (cause) {
        // Nothing is under way, and it may be late: permits are asked anew.
        if (cause instanceof NotSent) return 'not-sent';
        // It may be there: who hears "no" would say it again.
        if (cause instanceof LogStopped && isUnknown) throw new NotConfirmed();
        // The same bytes, the same ids, the same expected revision, until it is known; nothing is decided again before that.
        if (!(cause instanceof OutcomeUnknown)) throw cause;
        isUnknown = true;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  }
}

const settleAll = (batch: readonly Waiting[], refusal: Refusal): void => {
  for (const { resolve } of batch) resolve(refusal);
};
const settle = (settled: readonly Settled[]): void => {
  for (const { waiting, result } of settled) waiting.resolve(result);
};

const circumstancesOf = ({ command, causation }: Waiting, permit: Permit): Circumstances => {
  const { acting, commandId } = command;
  return {
    actor: acting.actor, basis: permit.basis, commandId, correlation: causation ?? commandId, door: acting.door, schema: 1,
    ...(causation === undefined ? {} : { causation }),
    ...(acting.session === undefined ? {} : { session: acting.session }),
  };
};

const notYet = Number.MAX_SAFE_INTEGER;
const provisional = (stream: string, revision: number, event: DecidedEvent, circumstances: Circumstances): Provisional => ({
  position: notYet, stream, revision, id: '', type: event.type, data: event.data, content: event.content ?? {}, leafHash: '',
  metadata: { ...circumstances, ledger: { commitments: [], mac: '', previous: null, writer: '' } },
});
