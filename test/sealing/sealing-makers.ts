import { randomBytes } from 'node:crypto';
import type { DecidedEvent, RecordedEvent } from '#src/kernel/event.ts';
import { uuidv4, uuidv7 } from '#src/kernel/ids.ts';
import type { SealingKeys } from '#src/sealing/keyring.ts';
import { sealEvent, type EventToSeal, type SealedEvent } from '#src/sealing/seal.ts';

export const at = Date.UTC(2026, 4, 6);
export const log = uuidv7(at);
export const alice = uuidv4();
export const general = `conversation-${uuidv4()}`;

export const aPostedText = (text = 'hello', data: Partial<{ at: number; author: string }> = {}): DecidedEvent => ({
  type: 'MessagePosted',
  data: { at, author: alice, form: 'text', mentions: [], messageId: uuidv4(), ordinal: 1, ...data },
  content: { text: { mentions: [], text } },
});

export const anEventToSeal = (given: Partial<EventToSeal> = {}): EventToSeal => ({
  actor: { kind: 'account', id: alice }, basis: [[general, 6], [`account-${alice}`, 2]], commandId: uuidv4(), correlation: uuidv4(), door: 'web',
  event: aPostedText(), eventId: uuidv7(at), log, previous: randomBytes(32).toString('base64url'), revision: 7, schema: 1, session: uuidv4(), stream: general, ...given,
});

/** As the log would give it back. */
export const recordedOf = (input: EventToSeal, sealed: SealedEvent): RecordedEvent => ({
  ...sealed.eventToAppend, position: 40, stream: input.stream, revision: input.revision,
});

export const aRecordedEvent = (keys: SealingKeys, given: Partial<EventToSeal> = {}): RecordedEvent => {
  const input = anEventToSeal(given);
  return recordedOf(input, sealEvent(input, keys));
};
