import { BadFilter, readFilter } from './filter.ts';
import { highlighted, matched } from './matching.ts';

export type Document = Readonly<Record<string, unknown>> & { readonly id: string };
export type Settings = Record<string, unknown>;
export type Question = { readonly indexUid: string; readonly q?: string; readonly filter?: string; readonly limit?: number; readonly attributesToRetrieve?: readonly string[]; readonly attributesToHighlight?: readonly string[]; readonly highlightPreTag?: string; readonly highlightPostTag?: string; readonly matchingStrategy?: 'all' | 'last' };

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message = code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Of an index that nobody gave settings. */
const defaults: Settings = {
  displayedAttributes: ['*'], searchableAttributes: ['*'], filterableAttributes: [], sortableAttributes: [], rankingRules: ['words', 'typo', 'proximity', 'attribute', 'sort', 'exactness'], stopWords: [], nonSeparatorTokens: [], separatorTokens: [], dictionary: [], synonyms: {},
  distinctAttribute: null, proximityPrecision: 'byWord', typoTolerance: { enabled: true, minWordSizeForTypos: { oneTypo: 5, twoTypos: 9 }, disableOnWords: [], disableOnAttributes: [], disableOnNumbers: false }, faceting: { maxValuesPerFacet: 100, sortFacetValuesBy: { '*': 'alpha' } },
  pagination: { maxTotalHits: 1000 }, searchCutoffMs: null, localizedAttributes: null, facetSearch: true, prefixSearch: 'indexingTime',
};

/** One index: documents, the settings it was given, and what it finds in them. */
export class Index {
  readonly documents = new Map<string, Document>();
  /** Deleted documents whose words are found all the same: a broken server. */
  readonly ghosts = new Map<string, Document>();
  settings: Settings = structuredClone(defaults);

  set(given: Settings): void {
    for (const name of Object.keys(given)) if (!(name in defaults)) throw new ApiError(400, 'bad_request', `Unknown field \`${name}\``);
    this.settings = { ...this.settings, ...structuredClone(given) };
    // The real one gives a set back in its own order.
    this.settings['filterableAttributes'] = (this.settings['filterableAttributes'] as string[]).toSorted();
  }

  put(documents: readonly Document[]): void {
    for (const document of documents) if (!/^[a-zA-Z0-9_-]{1,511}$/.test(document.id)) throw new ApiError(400, 'invalid_document_id');
    for (const document of documents) this.documents.set(document.id, document);
  }

  search(question: Question): unknown {
    const { q = '', filter, limit = 20, matchingStrategy = 'last' } = question;
    const test = this.#test(filter);
    const attributes = this.settings['searchableAttributes'] as readonly string[];
    const found = [...this.documents.values(), ...this.ghosts.values()].filter(test).flatMap((document) => {
      const texts = Object.fromEntries(Object.entries(document).filter(([name, value]) => typeof value === 'string' && (attributes.includes('*') || attributes.includes(name)))) as Record<string, string>;
      const match = q.trim() === '' ? { slips: 0, places: {} } : matched(q, texts, matchingStrategy === 'all' ? Infinity : 1);
      return match ? [{ document, match }] : [];
    });
    found.sort((one, other) => one.match.slips - other.match.slips || Number(other.document['position'] ?? 0) - Number(one.document['position'] ?? 0));
    const hits = found.slice(0, limit).map(({ document, match }) => this.#hit(document, match.places, question));
    return { indexUid: question.indexUid, hits, query: q, processingTimeMs: 0, limit, offset: 0, estimatedTotalHits: found.length };
  }

  #test(filter: string | undefined): (document: Document) => boolean {
    try {
      return filter === undefined ? () => true : readFilter(filter, this.settings['filterableAttributes'] as readonly string[]);
    } catch (cause) {
      throw cause instanceof BadFilter ? new ApiError(400, 'invalid_search_filter', cause.message) : cause;
    }
  }

  #hit(document: Document, places: Readonly<Record<string, readonly { readonly word: string; readonly from: number; readonly to: number }[]>>, { attributesToRetrieve, attributesToHighlight = [], highlightPreTag = '<em>', highlightPostTag = '</em>' }: Question): unknown {
    const shown = Object.fromEntries(Object.entries(document).filter(([name]) => attributesToRetrieve === undefined || attributesToRetrieve.includes(name)));
    const formatted = attributesToHighlight.filter((name) => typeof document[name] === 'string').map((name) => [name, highlighted(document[name] as string, places[name] ?? [], highlightPreTag, highlightPostTag)]);
    return attributesToHighlight.length === 0 ? shown : { ...shown, _formatted: { ...Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, String(value)])), ...Object.fromEntries(formatted) } };
  }
}
