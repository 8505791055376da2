/** A refusal is a value: the world is as it is, the command changes nothing, and the person is told why. */
export type Refusal = {
  readonly refused: true;
  /** Kebab-case state of the world: `channel-closed`. */
  readonly code: string;
  /** One sentence for the person, with what follows from it. */
  readonly sentence: string;
  /** The limit that was met, where there is one. */
  readonly limit?: number;
};

export const refuse = (code: string, sentence: string, limit?: number): Refusal =>
  limit === undefined ? { refused: true, code, sentence } : { refused: true, code, sentence, limit };

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && (value as { refused?: unknown }).refused === true;

/** What was asked for is so already. A desk records nothing for nothing; an endpoint without this code in its list answers as if it had just been done. */
export const nothingToRecord = refuse('nothing-to-record', 'This is on record already. Nothing was added.');
