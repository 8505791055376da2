/** `down`: nobody answered, or not in time; it heals by itself. `wrong`: it answered, and the answer cannot be used. */
export class Unwell extends Error {
  override name = 'Unwell';
  readonly kind: 'down' | 'wrong';

  constructor(kind: 'down' | 'wrong', says: string, options?: ErrorOptions) {
    super(says, options);
    this.kind = kind;
  }
}

/** `code` of an answer that Meilisearch gave, such as `index_not_found`; undefined for anything else. */
export const codeOf = (cause: unknown): string | undefined => (cause instanceof Error && cause.name === 'MeilisearchApiError' ? (cause.cause as { readonly code?: string } | undefined)?.code : undefined);

/** What the client threw, in a sentence that holds neither key nor text. */
export const unwellOf = (cause: unknown): Unwell => {
  if (cause instanceof Unwell) return cause;
  if (!(cause instanceof Error) || cause.name !== 'MeilisearchApiError') return new Unwell('down', 'It does not answer.', { cause });
  const { status } = (cause as unknown as { readonly response: { readonly status: number } }).response;
  const isPassing = status >= 500 || status === 408 || status === 429;
  return isPassing ? new Unwell('down', `It answers with status ${status}.`, { cause }) : new Unwell('wrong', `It refuses what it is asked (${codeOf(cause) ?? `status ${status}`}).`, { cause });
};
