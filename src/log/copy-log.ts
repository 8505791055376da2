import type { RecordedEvent } from '../kernel/event.ts';
import { BrokenIntegrity, Fault } from '../kernel/fault.ts';
import { NotSent, OutcomeUnknown, type AppendOutcome, type EventLog, type EventToAppend } from './event-log.ts';
import { logLimits } from './event-log.ts';

export type CopyProgress = { readonly doing: 'comparing' | 'copying' | 'verifying'; readonly done: number; readonly of: number };
export type CopyReport = { readonly events: number; /** Of the target, after everything was compared. */ readonly root: string; /** Were there already: an earlier run was interrupted. */ readonly before: number };

const pageEvents = 2_000;

/**
 * Copies a whole log into another engine, in its order, so that position, revision, leaf and root are the same there
 * (ARCHITECTURE section 7). The target is empty or holds a beginning of the source: what is there is compared first, and
 * the copy goes on behind it. At the end the target is read again and compared event by event, leaf by leaf. Nobody may
 * write to the target meanwhile; what is added to the source while it runs is copied too, until none is left.
 * Rejects with `BrokenIntegrity` naming the first position that differs, and with `signal.reason` once aborted; running it again resumes.
 */
export const copyLog = async (from: EventLog, to: EventLog, { onProgress, signal }: { readonly onProgress: (progress: CopyProgress) => void; readonly signal: AbortSignal }): Promise<CopyReport> => {
  const before = (await to.head()).size;
  await compare(from, to, before, 'comparing', onProgress, signal);
  let copied = before;
  for (let { size } = await from.head(); copied < size; { size } = await from.head()) {
    for await (const page of from.readAll({ from: copied, limit: size - copied, pageEvents })) {
      for (const batch of batchesOf(page)) {
        signal.throwIfAborted();
        await appendAt(to, batch, signal);
        copied += batch.length;
      }
      onProgress({ doing: 'copying', done: copied, of: size });
    }
  }
  await compare(from, to, copied, 'verifying', onProgress, signal);
  const { size, root } = await to.head();
  if (size !== copied) throw new BrokenIntegrity(`Somebody else wrote to the target: it holds ${size} events where ${copied} were copied.`);
  return { events: copied, root, before };
};

/** Runs of one stream, within the limits of an append. Only neighbours share a batch: the order between streams is part of the log. */
export function* batchesOf(page: readonly RecordedEvent[]): Generator<readonly RecordedEvent[]> {
  let batch: RecordedEvent[] = [];
  let bytes = 0;
  for (const event of page) {
    const eventBytes = Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata);
    const fits = batch.length === 0 || (batch[0]!.stream === event.stream && batch.length < logLimits.batchEventsMax && bytes + eventBytes <= logLimits.batchBytesMax);
    if (!fits) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += eventBytes;
  }
  if (batch.length > 0) yield batch;
}

const appendAt = async (to: EventLog, batch: readonly RecordedEvent[], signal: AbortSignal): Promise<void> => {
  const { stream, revision, position } = batch[0]!;
  const outcome = await appendUntilKnown(to, stream, revision - 1, batch.map(({ id, type, data, metadata, leafHash }) => ({ id, type, data, metadata, leafHash })), signal);
  if (outcome.kind === 'conflict') throw new BrokenIntegrity(`Somebody else wrote to the target: ${stream} is at revision ${outcome.revision} there, before revision ${revision} was copied.`);
  if (outcome.kind === 'refused') throw new Fault(`The target took no more (${outcome.code}) at position ${position}. What was copied stays; make room and run it again.`);
  if (outcome.position !== position) throw new BrokenIntegrity(`The event at position ${position} came to stand at ${outcome.position} in the target.`);
};

/** The same batch again until the engine can tell. */
const appendUntilKnown = async (to: EventLog, stream: string, expected: number, events: readonly EventToAppend[], signal: AbortSignal): Promise<AppendOutcome> => {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await to.append(stream, expected, events, 'essential');
    } catch (cause) {
      if (!(cause instanceof OutcomeUnknown || cause instanceof NotSent)) throw cause;
    }
  }
};

const fields = ['stream', 'revision', 'id', 'type', 'data', 'metadata', 'leafHash'] as const satisfies readonly (keyof RecordedEvent)[];

/** Rejects with `BrokenIntegrity` at the first of `size` positions at which the two logs differ. */
const compare = async (from: EventLog, to: EventLog, size: number, doing: CopyProgress['doing'], onProgress: (progress: CopyProgress) => void, signal: AbortSignal): Promise<void> => {
  const held = (await from.head()).size;
  if (held < size) throw new BrokenIntegrity(`The target holds ${size} events, the source only ${held}: it is no copy of it.`);
  const theirs = eventsOf(to, size);
  let done = 0;
  for await (const mine of eventsOf(from, size)) {
    const { value: other } = await theirs.next();
    const differs = other ? fields.find((field) => mine[field] !== other[field]) : 'presence';
    if (differs !== undefined) throw new BrokenIntegrity(`The logs differ at position ${mine.position}: ${differs} of ${mine.stream}, revision ${mine.revision}, is another in the target.`);
    done += 1;
    if (done % pageEvents !== 0 && done !== size) continue;
    signal.throwIfAborted();
    onProgress({ doing, done, of: size });
  }
};

async function* eventsOf(log: EventLog, size: number): AsyncGenerator<RecordedEvent, undefined> {
  if (size > 0) for await (const page of log.readAll({ limit: size, pageEvents })) yield* page;
  return undefined;
}
