import { refuse, type Refusal } from '#src/kernel/refusal.ts';

/** This process may write the index no more; somebody else may, from now on. */
export class NoLongerWriter extends Error {
  override name = 'NoLongerWriter';
}

/** `writer`: the node that writes the index, where one does. */
export const writtenElsewhere = (writer: string | undefined): Refusal =>
  refuse('held-elsewhere', writer === undefined ? 'No appliance writes the instant index at this moment. Nothing was changed; try again in a minute.' : `Another appliance writes the instant index (node ${writer}). Nothing was changed; ask that one.`);
