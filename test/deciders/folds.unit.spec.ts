import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationFold } from '#src/conversations/conversation.ts';
import { kindOf, streams, type StreamKind } from '#src/kernel/streams.ts';
import { postMessage } from '#src/messages/post-message.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { readingFold } from '#src/reading/reading.ts';
import { unite } from '#src/reading/ranges.ts';
import { everyFold, foldOf, samples } from '#test/museum/museum.ts';
import { decided, recorded, type Happened } from './given-when-then.ts';
import { aClosing, aConversation, aJoin, aLeave, aMessagePosted, everybody, group } from './makers.ts';
import { alice, bob, by, carla, idOf, noon } from './people.ts';

const happened = fc.constantFrom(...samples);
const runs = { numRuns: 100 };

describe('every fold', () => {
  it.each(Object.keys(everyFold) as StreamKind[])('of a %s takes every event in every state, and keeps the head', (kind) => {
    const fold = foldOf(kind);
    fc.assert(
      fc.property(fc.array(happened, { maxLength: 30 }), (history) => {
        const events = recorded(history.map((one) => ({ ...one, stream: kind })));
        const state = events.reduce((folded, event) => fold.evolve(folded, event), fold.initial());
        expect(state.revision).toBe(events.length - 1);
      }),
      runs,
    );
  });

  it.each(Object.keys(everyFold) as StreamKind[])('of a %s comes to the same from the same events', (kind) => {
    const own = samples.filter(({ stream }) => kindOf(stream) === kind);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...own), { maxLength: 20 }), (history) => {
        const fold = foldOf(kind);
        const folded = () => recorded(history).reduce((state, event) => fold.evolve(state, event), fold.initial());
        expect(folded()).toEqual(folded());
      }),
      runs,
    );
  });
});

describe('a conversation', () => {
  const person = fc.constantFrom(alice, bob, carla);
  const step: fc.Arbitrary<Happened> = fc.oneof(
    person.map((account) => aJoin(account)), person.map((account) => aLeave(account)),
    fc.integer({ min: 1, max: 1_000 }).map((n) => aMessagePosted({ messageId: idOf(n), ordinal: n })), fc.constant(aClosing()),
  );
  it('decides the same about the same history, and only for who is in', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), person, (steps, author) => {
        const history = recorded([...everybody, aConversation(), ...steps]);
        const input = { conversationId: group, form: 'text', mentions: [], messageId: idOf(5_000), text: 'x' } as const;
        const decision = decided(postMessage, history, { ...input, mentions: [] }, by(author));
        expect(decided(postMessage, history, { ...input, mentions: [] }, by(author))).toEqual(decision);
        const state = history.filter(({ stream }) => stream === streams.conversation(group)).reduce((folded, event) => conversationFold.evolve(folded, event), conversationFold.initial());
        expect(isRefusal(decision)).toBe(!state.members.has(author) || state.closed);
      }),
      runs,
    );
  });

  it('does not grow with its messages', () => {
    const history = recorded([aConversation(), ...Array.from({ length: 500 }, (_, n) => aMessagePosted({ messageId: idOf(n), ordinal: n + 1 }))]);
    const state = history.reduce((folded, event) => conversationFold.evolve(folded, event), conversationFold.initial());
    expect({ ...state, members: state.members.size }).toMatchObject({ lastOrdinal: 500, members: 2, revision: 500 });
  });
});

describe('viewed ranges', () => {
  const list = fc.array(fc.tuple(fc.nat(60), fc.nat(10)).map(([from, length]) => [from, from + length] as const), { maxLength: 12 });
  it('only grow', () => {
    fc.assert(
      fc.property(list, (ranges) => {
        const viewed = ranges.map(([from, to]) => ({ stream: streams.reading(alice), type: 'Viewed', data: { account: alice, at: noon, ranges: [{ at: noon, conversation: group, from, to }], rule: 1 } }));
        const state = recorded(viewed).reduce((folded, event) => readingFold.evolve(folded, event), readingFold.initial());
        expect(state.viewed.get(group) ?? []).toEqual(unite([], ranges));
      }),
      runs,
    );
  });
});
