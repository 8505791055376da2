import { refuse, type Refusal } from '../../kernel/refusal.ts';

/** What a desk answers when it records nothing. */
export const readOnly = refuse('read-only', 'The appliance has stopped writing. What was acknowledged is safe; tell whoever runs it to look at its health page.');
export const commandIdTaken = refuse('command-id-taken', 'This commandId was used for something else. Nothing was changed.');
export const appendRefusals = {
  'event-too-large': refuse('too-large', 'This is more than one event of the record can hold. Nothing was recorded.'),
  'batch-too-large': refuse('too-large', 'This is more than the record takes at once. Nothing was recorded.'),
  'disk-reserve': refuse('disk-reserve', 'The disk of the appliance is nearly full. Nothing was recorded; reading goes on.'),
} as const;

export const outOfTouch = refuse('unavailable', 'The appliance has lost touch with its record. Nothing was recorded; what you wrote goes out when it is back.');
export const notConfirmed = refuse('not-confirmed', 'It is not known whether this was recorded. It is asked again under the same id, and is then there once.');
/** The log stopped while it could not tell. */
export class NotConfirmed extends Error {}

/** A command, alone or with others, is more than the log takes at once. */
export class TooLarge extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.sentence);
    this.refusal = refusal;
  }
}
