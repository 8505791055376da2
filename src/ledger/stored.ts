import { canonical } from '../kernel/canonical.ts';
import type { JsonObject } from '../kernel/event.ts';

const hashShape = /^[A-Za-z0-9_-]{43}$/;
/** SHA-256 in base64url, as leaves and marks hold it. */
export const isHash = (value: unknown): value is string => typeof value === 'string' && hashShape.test(value);

/** What is stored may be anybody's: undefined for what is no JSON object. */
export const parsedObject = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
};

/** Undefined for what has no canonical form. */
export const canonicalOrNothing = (value: JsonObject): string | undefined => {
  try {
    return canonical(value);
  } catch {
    return undefined;
  }
};
