import { Fault } from '../kernel/fault.ts';
import { logLimits, type AppendOutcome, type EventToAppend } from './event-log.ts';

const leafHashPattern = /^[A-Za-z0-9_-]{43}$/;

// UTF-16 units become three bytes at most, so short texts need not be measured.
const bytesAtMost = (text: string): number => text.length * 3;

const isStorable = (event: EventToAppend): boolean =>
  leafHashPattern.test(event.leafHash) && event.data.isWellFormed() && event.metadata.isWellFormed() && event.id.isWellFormed() && event.type.isWellFormed();

/** Throws `Fault` for a batch that no engine could give back as it came: a mistake of the caller, never of a person. */
export const assertStorable = (stream: string, expected: number, events: readonly EventToAppend[]): void => {
  if (events.length === 0) throw new Fault('An append needs at least one event.');
  if (stream === '' || !stream.isWellFormed()) throw new Fault('A stream needs a well-formed name.');
  if (!Number.isSafeInteger(expected) || expected < -1) throw new Fault(`${expected} is no revision to expect.`);
  for (const event of events) if (!isStorable(event)) throw new Fault(`The event ${event.id} cannot be stored as it is: its texts or its leaf hash are malformed.`);
};

/** The refusal that the limits of ARCHITECTURE section 4 demand, or undefined. Every engine asks this first. */
export const refusedByLimits = (events: readonly EventToAppend[]): AppendOutcome | undefined => {
  if (events.length > logLimits.batchEventsMax) return { kind: 'refused', code: 'batch-too-large' };
  let most = 0;
  for (const event of events) most += bytesAtMost(event.data) + bytesAtMost(event.metadata);
  if (most <= logLimits.eventBytesMax) return undefined;
  let batchBytes = 0;
  for (const event of events) {
    const eventBytes = Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata);
    if (eventBytes > logLimits.eventBytesMax) return { kind: 'refused', code: 'event-too-large' };
    batchBytes += eventBytes;
  }
  return batchBytes > logLimits.batchBytesMax ? { kind: 'refused', code: 'batch-too-large' } : undefined;
};
