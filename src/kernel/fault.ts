/** Thrown where something that cannot be so is so. It always has a cause that a person can act on. */
export class Fault extends Error {
  override name = 'Fault';
}

/** Integrity is in doubt: whoever catches this stops writing for good. */
export class BrokenIntegrity extends Error {
  override name = 'BrokenIntegrity';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Fault(message);
}
