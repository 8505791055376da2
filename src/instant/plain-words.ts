/** What has a meaning of its own in the language of the exact search (projections/search/query.ts). */
const meanings: readonly RegExp[] = [/["*]/u, /(?:^|\s)-\S/u, /(?:^|\s)(?:from|in|before|after):/iu, /(?:^|\s)(?:OR|AND|NOT)(?:\s|$)/u];

/**
 * Whether a text is plain words, which an instant search may guess about. Whoever writes in the language of the exact search
 * wants exactly that; Meilisearch would read some of it otherwise, and the rest as words.
 */
export const isPlainWords = (text: string): boolean => !meanings.some((meaning) => meaning.test(text));
