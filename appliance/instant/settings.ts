import { createHash } from 'node:crypto';
import type { Settings } from 'meilisearch';
import { canonical } from '#src/kernel/canonical.ts';

/** Raised whenever documents would come out differently; the index is then made anew. */
const documentsVersion = 1;

/** A question is answered within this, or by the exact search. */
export const answerWithinMs = 300;

/**
 * Everything in the index's settings that decides what is found, so that nobody else's does. No word is left out, numbers are
 * never guessed (2024 is not 2025), what fits equally well comes newest first. Needs Meilisearch 1.15 (`disableOnNumbers`).
 */
export const managedSettings = {
  searchableAttributes: ['name', 'text', 'also'],
  filterableAttributes: ['conversation', 'id', 'kind', 'revision'],
  sortableAttributes: [],
  displayedAttributes: ['*'],
  rankingRules: ['words', 'typo', 'proximity', 'attribute', 'exactness', 'position:desc'],
  stopWords: [],
  synonyms: {},
  separatorTokens: [],
  nonSeparatorTokens: [],
  dictionary: [],
  distinctAttribute: null,
  proximityPrecision: 'byWord',
  typoTolerance: { enabled: true, minWordSizeForTypos: { oneTypo: 5, twoTypos: 9 }, disableOnWords: [], disableOnAttributes: [], disableOnNumbers: true },
  prefixSearch: 'indexingTime',
  facetSearch: false,
  pagination: { maxTotalHits: 200 },
  // Meilisearch gives up and answers with what it has before we do.
  searchCutoffMs: answerWithinMs - 50,
} as const satisfies Readonly<Settings & Record<string, unknown>>;

/** Names settings and shape of documents: an index that was made under another one is made anew. */
export const settingsMark: string = createHash('sha256').update(canonical({ documentsVersion, ...managedSettings })).digest('hex').slice(0, 16);

/** Sets to Meilisearch, which gives them back in an order of its own. */
const sets: ReadonlySet<string> = new Set(['filterableAttributes']);

const agrees = (actual: unknown, wanted: unknown): boolean => {
  if (Array.isArray(wanted)) return Array.isArray(actual) && actual.length === wanted.length && wanted.every((one, n) => agrees(actual[n], one));
  if (typeof wanted !== 'object' || wanted === null) return actual === wanted;
  return typeof actual === 'object' && actual !== null && Object.entries(wanted).every(([name, value]) => agrees((actual as Record<string, unknown>)[name], value)) && (Object.keys(wanted).length > 0 || Object.keys(actual).length === 0);
};

/** Whether the settings that a server reports are ours. What it has beyond them is its own business. */
export const areManaged = (actual: Settings): boolean =>
  Object.entries(managedSettings).every(([name, wanted]) => {
    const value = (actual as Record<string, unknown>)[name];
    return agrees(sets.has(name) && Array.isArray(value) ? value.toSorted() : value, wanted);
  });
