import type { Json } from './event.ts';
import { Fault } from './fault.ts';

/**
 * Canonical JSON, RFC 8785, for the subset of ARCHITECTURE section 4: no floats, integers below 2^53, no lone
 * surrogates, no integer-like keys. JSON.stringify already writes strings and integers as RFC 8785 wants them;
 * what is left is the order of keys. Throws `Fault` for a value outside the subset. Keys with `undefined` are left out.
 */
export const canonical = (value: Json): string => JSON.stringify(ordered(value));

const integerLike = /^(0|[1-9][0-9]*)$/;

const ordered = (value: Json | undefined): Json | undefined => {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new Fault('A lone surrogate cannot be recorded.');
    return value;
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Fault(`${value} cannot be recorded: only integers below 2^53 can.`);
    return value;
  }
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return orderedArray(value);
  return orderedObject(value as { readonly [key: string]: Json | undefined });
};

const orderedArray = (value: readonly Json[]): Json => {
  let changed = false;
  const result = value.map((item) => {
    const after = ordered(item);
    if (after === undefined) throw new Fault('An array cannot hold undefined.');
    if (after !== item) changed = true;
    return after;
  });
  return changed ? result : value;
};

/** Returns the very object when it is in order already: decided events are written with their keys sorted, so this is the usual way. */
const orderedObject = (value: { readonly [key: string]: Json | undefined }): Json => {
  let sorted = true;
  let previous = '';
  const keys = Object.keys(value);
  for (const key of keys) {
    if (key < previous) sorted = false;
    previous = key;
    const item = value[key];
    if (ordered(item) !== item || integerLike.test(key) || !key.isWellFormed()) sorted = false;
  }
  if (sorted) return value;
  // Without a prototype, so that the key "__proto__" is a key like any other.
  const result = Object.create(null) as { [key: string]: Json };
  for (const key of keys.sort()) {
    if (integerLike.test(key) || !key.isWellFormed()) throw new Fault(`The key ${JSON.stringify(key)} cannot be recorded.`);
    const item = ordered(value[key]);
    if (item !== undefined) result[key] = item;
  }
  return result;
};
