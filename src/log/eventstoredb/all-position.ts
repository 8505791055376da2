/** A place in the database's transaction log: byte offsets, in order but never consecutive. They never leave this folder. */
export type AllPosition = { readonly commit: bigint; readonly prepare: bigint };

export const isAfter = (one: AllPosition, other: AllPosition): boolean =>
  one.commit > other.commit || (one.commit === other.commit && one.prepare > other.prepare);

export const samePosition = (one: AllPosition, other: AllPosition): boolean => one.commit === other.commit && one.prepare === other.prepare;
