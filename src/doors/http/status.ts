/** HTTP status of a refusal by its code; what is not listed is a conflict with the state of the world (RFC 9110, 409). */
const statuses: { readonly [code: string]: number } = {
  'signed-out': 401, 'wrong-credentials': 401,
  'not-allowed': 403, 'cross-origin': 403,
  'not-found': 404, 'not-a-member': 404, 'file-not-found': 404,
  'file-withdrawn': 410, 'file-gone': 410, 'no-preview': 404,
  malformed: 400, 'query-unreadable': 400, 'value-unfit': 400, 'unlike-tus': 400,
  'too-large': 413, 'too-many': 429, 'slow-down': 429,
  'read-only': 503, unavailable: 503, 'disk-reserve': 507,
};

export const statusOf = (code: string): number => statuses[code] ?? 409;
