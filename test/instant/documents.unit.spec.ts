import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstantDocument } from '#projections/instant/documents.ts';
import { touchedBy } from '#projections/instant/touched.ts';
import type { Opened } from '#src/every-event.ts';
import { batchesOf, deeds, historyOf } from '../projections/random-history.ts';
import { onShelf, type Shelf } from '../projections/shelf.ts';
import { aConversationOpened, aMemberJoined, aMemberLeft, aMessageEdited, aMessagePosted, aMessageRetracted, alice, bob, History, idFor } from '../support/makers.ts';

/** The views that documents are rows of. */
const kept = ['directory', 'conversations', 'search'] as const;

const allIn = (shelf: Shelf): ReadonlyMap<string, InstantDocument> => {
  const all = new Map<string, InstantDocument>();
  for (const kind of ['message', 'person', 'conversation'] as const) {
    for (let after: string | undefined; ;) {
      const { documents, next } = shelf.ask('instant.page', { kind, limit: 3, ...(after !== undefined && { after }) });
      for (const document of documents) all.set(document.id, document);
      if (next === null) break;
      after = next;
    }
  }
  return all;
};

/** Keeps an index the way the indexer does: what the events touched, as it is now. */
const update = (index: Map<string, InstantDocument>, shelf: Shelf, events: readonly Opened[]): void => {
  const { documents, gone } = shelf.ask('instant.documents', { touched: events.flatMap((event) => touchedBy(event) ?? []) });
  for (const id of gone) index.delete(id);
  for (const document of documents) index.set(document.id, document);
};

describe('the documents of the index', () => {
  it('are the same kept up event by event, done twice and late, as made anew', () =>
    fc.assert(
      fc.property(deeds(80), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }), fc.integer({ min: 0, max: 3 }), (done, sizes, late) =>
        onShelf((shelf) => {
          const { events } = historyOf(done);
          const index = new Map<string, InstantDocument>();
          const batches = batchesOf(events, sizes);
          batches.forEach((batch, n) => {
            shelf.apply(batch);
            // Some batches late, and every third one a second time, after what came later.
            if (n >= late) update(index, shelf, batches[n - late]!);
            if (n % 3 === 0) update(index, shelf, batches[Math.max(0, n - late)]!);
          });
          for (const batch of batches.slice(Math.max(0, batches.length - late))) update(index, shelf, batch);
          expect(new Map([...index].toSorted())).toEqual(new Map([...allIn(shelf)].toSorted()));
        }, [], kept),
      ),
      { numRuns: 12 },
    ));
});

describe('what a hit may show', () => {
  const room = idFor(0x900);
  const stream = `conversation-${room}`;
  const [early, during, after] = [idFor(1), idFor(2), idFor(3)];
  const history = (): readonly Opened[] => {
    const told = new History();
    told.add(stream, aConversationOpened({ conversation: room, founders: [alice], by: alice, kind: 'group', historyVisibility: 'sinceJoined' }));
    told.add(stream, aMessagePosted({ author: alice, messageId: early, ordinal: 1, text: 'before bob' }));
    told.add(stream, aMemberJoined({ account: bob, by: alice }));
    told.add(stream, aMessagePosted({ author: alice, messageId: during, ordinal: 2, text: 'with bob' }));
    told.add(stream, aMemberLeft({ account: bob, by: bob }));
    told.add(stream, aMessagePosted({ author: alice, messageId: after, ordinal: 3, text: 'after bob' }));
    return told.events;
  };
  const seenBy = (shelf: Shelf, account: string, conversations = [room]): readonly string[] =>
    shelf.ask('instant.hits', { account, conversations, messages: [early, during, after].map((message) => ({ conversation: room, message })), people: [], places: [] }).messages.map(({ text }) => text);

  it('is what was said while one was there, in a conversation that shows no more than that', () =>
    onShelf((shelf) => {
      shelf.apply(history());
      expect(seenBy(shelf, alice)).toEqual(['before bob', 'with bob', 'after bob']);
      expect(seenBy(shelf, bob)).toEqual(['with bob']);
      expect(seenBy(shelf, idFor(0x999))).toEqual([]);
      expect(seenBy(shelf, alice, [])).toEqual([]);
      expect(shelf.ask('instant.sight', { account: bob, conversations: [room, idFor(0x901)] })).toEqual([[room, [[2, 4]]]]);
      expect(shelf.ask('instant.sight', { account: alice, conversations: [room] })).toEqual([[room, [[0, Number.MAX_SAFE_INTEGER]]]]);
    }, [], kept));

  it('is the text as it stands, and nothing of what was retracted', () =>
    onShelf((shelf) => {
      const told = new History();
      for (const { stream: name, type, data, content } of history()) told.add(name, { type, data, content } as never);
      told.add(stream, aMessageEdited({ author: alice, messageId: early, text: 'rewritten' }));
      told.add(stream, aMessageRetracted({ author: alice, by: alice, messageId: during, ordinal: 2 }));
      shelf.apply(told.events);
      expect(seenBy(shelf, alice)).toEqual(['rewritten', 'after bob']);
    }, [], kept));
});
