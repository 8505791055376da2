import { limits } from '../contract/limits.ts';
import { refuse, type Refusal } from '../kernel/refusal.ts';

const unreadable = refuse('malformed', 'This is not JSON that Hansard reads. Nothing was changed.');
const tooDeep = refuse('malformed', `This is nested deeper than ${limits.jsonDepthMax} levels. Nothing was changed.`, limits.jsonDepthMax);
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/** JSON from outside: bounded depth, no keys that reach into prototypes. Size is bounded before this. Duplicate keys: the last one counts, and schemas refuse unknown ones. */
export const parseJson = (text: string): { readonly value: unknown } | Refusal => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable;
  }
  return check(value, 0) ?? { value };
};

const check = (value: unknown, depth: number): Refusal | undefined => {
  // JSON has a minus zero; the record has none.
  if (Object.is(value, -0)) return unreadable;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= limits.jsonDepthMax) return tooDeep;
  for (const key of Object.keys(value)) {
    if (forbiddenKeys.has(key)) return unreadable;
    const found = check((value as Record<string, unknown>)[key], depth + 1);
    if (found) return found;
  }
  return undefined;
};
