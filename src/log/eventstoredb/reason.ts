/** gRPC status codes (grpc.io, core/doc/statuscodes) as far as a person can act on them. */
const known: Readonly<Record<number, string>> = {
  1: 'the call was cancelled', 4: 'it did not answer in time', 7: 'access was denied', 8: 'it has no room for the call', 10: 'it ended the call because it was too busy or we read too slowly',
  14: 'it cannot be reached', 16: 'it does not accept the name and password',
};

/** What went wrong, in words. The client's errors often have an empty message, sometimes no code, and once in a while are no errors. */
export const reasonOf = (error: unknown): string => {
  const { code, details, message } = (error ?? {}) as { readonly code?: unknown; readonly details?: unknown; readonly message?: unknown };
  const told = [details, message].find((text) => typeof text === 'string' && text.trim() !== '') as string | undefined;
  const meaning = typeof code === 'number' ? known[code] : undefined;
  if (meaning !== undefined) return told === undefined ? meaning : `${meaning} (${told.trim()})`;
  return told?.trim() ?? (typeof code === 'number' ? `error ${code}` : 'it gave no reason');
};

/** The server knows who asks and says no: trying again changes nothing until somebody changes the server or the credentials. */
export const isRefusal = (error: unknown): boolean => [7, 16].includes(Number((error as { readonly code?: unknown } | undefined)?.code));
