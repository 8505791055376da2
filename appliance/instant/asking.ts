import type { MultiSearchQuery, MultiSearchResult, RecordAny } from 'meilisearch';
import type { HitsValue, Sight } from '#projections/instant/queries.ts';
import { marksIn, type MarkedText, type Sentinels } from '#src/instant/sentinels.ts';
import { checkpointId, listOf } from './index-server.ts';
import { Unwell } from './unwell.ts';

export type InstantHits = {
  readonly messages: readonly (HitsValue['messages'][number] & Pick<MarkedText, 'marks'>)[];
  readonly people: readonly (HitsValue['people'][number] & Pick<MarkedText, 'marks'>)[];
  readonly conversations: readonly (HitsValue['places'][number] & Pick<MarkedText, 'marks'>)[];
};

/** More is asked for than is shown: a hit that has been edited or retracted since is dropped. */
const asked = { messages: 12, people: 6, conversations: 6 } as const;
const shown = { messages: 8, people: 4, conversations: 4 } as const;

/** What an account may see, in Meilisearch's filter language; undefined where that is nothing. */
const sightFilter = (sights: readonly Sight[]): string | undefined => {
  const whole = sights.filter(([, intervals]) => intervals === null).map(([conversation]) => conversation);
  const parts = sights.flatMap(([conversation, intervals]) =>
    (intervals ?? []).map(([from, to]) => `(conversation = ${JSON.stringify(conversation)} AND revision >= ${from}${to === Number.MAX_SAFE_INTEGER ? '' : ` AND revision <= ${to}`})`),
  );
  const all = [...(whole.length > 0 ? [`conversation IN ${listOf(whole)}`] : []), ...parts];
  return all.length === 0 ? undefined : all.join(' OR ');
};

/** The questions of one request, the index's checkpoint first. */
export const questionsOf = (uid: string, text: string, sights: readonly Sight[], { before, after }: Sentinels, onlyMessages: boolean): readonly MultiSearchQuery[] => {
  const question = (filter: string, limit: number, retrieved: string[], highlighted: string): MultiSearchQuery => ({
    indexUid: uid, q: text, filter, limit, attributesToRetrieve: retrieved, attributesToHighlight: [highlighted], highlightPreTag: before, highlightPostTag: after, matchingStrategy: 'all',
  });
  const sight = sightFilter(sights);
  const mine = listOf(sights.map(([conversation]) => conversation));
  return [
    { indexUid: uid, q: '', filter: `id = ${checkpointId}`, limit: 1, attributesToRetrieve: ['position', 'settings'] },
    ...(sight === undefined ? [] : [question(`kind = message AND (${sight})`, asked.messages, ['kind', 'conversation', 'message', 'revision'], 'text')]),
    ...(onlyMessages ? [] : [question('kind = person', asked.people, ['kind', 'account'], 'name')]),
    ...(onlyMessages || sights.length === 0 ? [] : [question(`kind = conversation AND conversation IN ${mine}`, asked.conversations, ['kind', 'conversation'], 'name')]),
  ];
};

type Hit = RecordAny & { readonly _formatted?: RecordAny };
export type Found = {
  readonly checkpoint: { readonly position: number; readonly settings: string } | undefined;
  readonly messages: readonly { readonly conversation: string; readonly message: string; readonly found: MarkedText }[];
  readonly people: readonly { readonly account: string; readonly found: MarkedText }[];
  readonly places: readonly { readonly conversation: string; readonly found: MarkedText }[];
};

/** Reads what came back. Throws `Unwell` for a hit that was not asked for: then nothing of the answer can be used. */
export const foundIn = (results: readonly MultiSearchResult<RecordAny>[], sights: readonly Sight[], sentinels: Sentinels): Found => {
  const intervalsOf = new Map(sights);
  const hits = results.slice(1).flatMap((result) => result.hits as Hit[]);
  const isAskedFor = ({ kind, conversation, revision }: Hit): boolean => {
    if (kind === 'person') return true;
    const intervals = intervalsOf.get(String(conversation));
    if (intervals === undefined || (kind !== 'message' && kind !== 'conversation')) return false;
    return kind === 'conversation' || intervals === null || intervals.some(([from, to]) => from <= Number(revision) && Number(revision) <= to);
  };
  if (!hits.every(isAskedFor)) throw new Unwell('wrong', 'It found what it was not asked for.');
  const marked = (hit: Hit, attribute: string): MarkedText => marksIn(String(hit._formatted?.[attribute] ?? ''), sentinels);
  return {
    checkpoint: results[0]?.hits[0] as Found['checkpoint'],
    messages: hits.filter(({ kind }) => kind === 'message').map((hit) => ({ conversation: String(hit['conversation']), message: String(hit['message']), found: marked(hit, 'text') })),
    people: hits.filter(({ kind }) => kind === 'person').map((hit) => ({ account: String(hit['account']), found: marked(hit, 'name') })),
    places: hits.filter(({ kind }) => kind === 'conversation').map((hit) => ({ conversation: String(hit['conversation']), found: marked(hit, 'name') })),
  };
};

/** What leaves: our own rows, in the order found, and only where they still say what was found. Older words are not answered with newer ones. */
export const confirmed = ({ messages, people, places }: Found, now: HitsValue): InstantHits => {
  const confirm = <F extends { readonly found: MarkedText }, R>(found: readonly F[], rows: ReadonlyMap<string, R>, keyOf: (one: F) => string, textOf: (row: R) => string, most: number): (R & Pick<MarkedText, 'marks'>)[] =>
    found.flatMap((one) => {
      const row = rows.get(keyOf(one));
      return row !== undefined && textOf(row) === one.found.text ? [{ ...row, marks: one.found.marks }] : [];
    }).slice(0, most);
  return {
    messages: confirm(messages, new Map(now.messages.map((row) => [`${row.conversationId} ${row.messageId}`, row])), ({ conversation, message }) => `${conversation} ${message}`, ({ text }) => text, shown.messages),
    people: confirm(people, new Map(now.people.map((row) => [row.account, row])), ({ account }) => account, ({ name }) => name, shown.people),
    conversations: confirm(places, new Map(now.places.map((row) => [row.conversationId, row])), ({ conversation }) => conversation, ({ name }) => name, shown.conversations),
  };
};
