import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editMessage, retractMessage } from '#src/contract/timeline.ts';
import { findInstantly } from '#src/contract/instant.ts';
import { leaveConversation, inviteToGroup, removeFromSpace, titleConversation } from '#src/contract/conversations.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { answering, indexed, indexOf, textsOf, types, withInstant } from '#test/support/instant.ts';
import { MeilisearchStandIn } from '#test/support/meilisearch/stand-in.ts';
import { aDirectChat, aGroup, aSpace, people, type Person } from '#test/support/people.ts';

let appliance: Appliance;
let meilisearch: MeilisearchStandIn;
let instant: { readonly close: () => Promise<void> };
let alice: Person;
let bob: Person;
let mallory: Person;
let lunch: string;

beforeAll(async () => {
  meilisearch = await MeilisearchStandIn.start();
  appliance = await anAppliance();
  ({ alice, bob, mallory } = await people(appliance, 'alice', 'bob', 'mallory'));
  instant = await withInstant(appliance, meilisearch);
  lunch = await aGroup(alice, [bob], 'Lunch');
});
afterAll(async () => {
  await instant.close();
  await appliance.close();
  await meilisearch.stop();
});

const documents = () => meilisearch.documentsOf(indexOf(appliance));

describe('what one types', () => {
  it('finds messages while the last word is unfinished, and forgives a slip of the keys', async () => {
    await alice.says('The concentrator at Aarhus drifts by two percent', { in: lunch });
    await alice.says('Soup for everyone', { in: lunch });
    await indexed(appliance);
    for (const typed of ['conc', 'concentrator', 'concetrator', 'Aarhus dri']) {
      const found = await types(bob, typed);
      expect([typed, found.answeredBy, found.because, textsOf(found)]).toEqual([typed, 'instant', null, ['The concentrator at Aarhus drifts by two percent']]);
    }
    expect(textsOf(await types(bob, 'sopu for'))).toEqual([]); // Four letters are not guessed.
  });

  it('is marked where it was found, whatever the text holds', async () => {
    const text = '<img src=x onerror=alert(1)> <em>kestrel</em> & "kestrel" 👩‍👩‍👧 kestrel\uE000\uE001';
    await alice.says(text, { in: lunch });
    await indexed(appliance);
    const { messages: [hit] } = await types(bob, 'kestr');
    expect(hit).toMatchObject({ text, conversationId: lunch, author: alice.account });
    expect(hit!.marks.map(([from, to]) => text.slice(from, to))).toEqual(['kestrel', 'kestrel', 'kestrel']);
  });

  it('finds people and named conversations too', async () => {
    await alice.call(titleConversation, { conversationId: lunch, title: 'Canteen plans' });
    await indexed(appliance);
    const { people: [person] } = await types(alice, 'Malory'); // One letter short.
    expect(person).toMatchObject({ account: mallory.account, name: 'Mallory Moss' });
    expect((await types(alice, 'canteen')).conversations).toEqual([{ conversationId: lunch, name: 'Canteen plans', marks: [[0, 7]] }]);
    expect((await types(alice, 'lunch')).conversations).toEqual([]);
    expect((await types(mallory, 'canteen')).conversations).toEqual([]);
  });

  it('is looked for in one conversation only, where that is asked', async () => {
    const direct = await aDirectChat(alice, bob);
    await alice.says('periwinkle here', { in: direct });
    await alice.says('periwinkle there', { in: lunch });
    await indexed(appliance);
    expect(textsOf(await types(alice, 'periwinkle')).toSorted()).toEqual(['periwinkle here', 'periwinkle there']);
    const found = await types(alice, 'periwinkle', direct);
    expect([textsOf(found), found.people, found.conversations]).toEqual([['periwinkle here'], [], []]);
    expect(textsOf(await types(mallory, 'periwinkle', direct))).toEqual([]);
  });

  it('goes to the exact search when it is written in its language, or has more words than Meilisearch reads', async () => {
    await alice.says('one two three four five six seven eight nine ten eleven', { in: lunch });
    await indexed(appliance);
    const before = meilisearch.questions.length;
    for (const typed of ['"two three"', 'eleven -soup', 'thr*', 'from:alice eleven', 'twelve OR eleven', 'one two three four five six seven eight nine ten elev']) {
      expect([typed, await types(bob, typed)]).toMatchObject([typed, { answeredBy: 'exact', because: 'asked-exactly', messages: [{ text: 'one two three four five six seven eight nine ten eleven' }] }]);
    }
    expect((await bob.refusal(findInstantly, { text: '"two thr' })).code).toBe('query-unreadable');
    expect(meilisearch.questions.length).toBe(before);
  });

  it('is answered with how far the index is', async () => {
    const { position, behind } = await types(alice, 'soup');
    expect([position, behind]).toEqual([(await appliance.logSize()) - 1, 0]);
  });
});

describe('who may not read a message', () => {
  it('does not find it, and Meilisearch is not even asked for it', async () => {
    await alice.says('the merger with Norrland', { in: lunch });
    await indexed(appliance);
    const before = meilisearch.questions.length;
    expect(textsOf(await types(mallory, 'merger'))).toEqual([]);
    const asked = meilisearch.questions.slice(before).map(({ filter }) => filter);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.join()).not.toContain(lunch);
    await alice.call(inviteToGroup, { conversationId: lunch, account: mallory.account });
    expect(textsOf(await types(mallory, 'merger'))).toEqual(['the merger with Norrland']);
    await mallory.call(leaveConversation, { conversationId: lunch });
    expect(textsOf(await types(mallory, 'merger'))).toEqual([]);
  });

  it('does not find it either when the leaving is decided while Meilisearch thinks', async () => {
    const { spaceId, general } = await aSpace(alice, [bob]);
    await alice.says('the sabbatical of the chair', { in: general });
    await indexed(appliance);
    expect(textsOf(await types(bob, 'sabbatical'))).toHaveLength(1);
    meilisearch.searchMs = 150;
    const asked = types(bob, 'sabbatical');
    await alice.call(removeFromSpace, { spaceId, account: bob.account });
    expect(textsOf(await asked)).toEqual([]);
    meilisearch.searchMs = 0;
  });

  it('is told nothing by a Meilisearch that finds more than it was asked for', async () => {
    await aDirectChat(mallory, bob);
    const stolen = documents().find(({ text }) => text === 'the merger with Norrland')!;
    meilisearch.lie = (results) => results.map((result, n) => (n === 1 ? { ...result, hits: [{ ...stolen, _formatted: stolen }] } : result));
    const found = await types(mallory, 'merger');
    expect([found.answeredBy, found.because, found.messages]).toEqual(['exact', 'wrong', []]);
    meilisearch.lie = undefined;
    await answering(mallory);
  });
});

describe('what was taken back', () => {
  const isGone = (words: string): boolean => !JSON.stringify(documents()).includes(words);

  it('leaves the index, and the new words of an edit are found in place of the old', async () => {
    const { messageId } = await alice.says('password is swordfish', { in: lunch });
    const edited = await alice.says('meet at the aquarium', { in: lunch });
    await indexed(appliance);
    await alice.call(retractMessage, { conversationId: lunch, messageId });
    await alice.call(editMessage, { conversationId: lunch, messageId: edited.messageId, text: 'meet at the library' });
    await indexed(appliance);
    expect([isGone('swordfish'), isGone('aquarium')]).toEqual([true, true]);
    expect(textsOf(await types(bob, 'swordfish'))).toEqual([]);
    expect(textsOf(await types(bob, 'aquarium'))).toEqual([]);
    expect(textsOf(await types(bob, 'library'))).toEqual(['meet at the library']);
  });

  const isNotTold = async (): Promise<void> => {
    const { messageId } = await alice.says('the badger moves at dawn', { in: lunch });
    const edited = await alice.says('the otter sleeps', { in: lunch });
    await indexed(appliance);
    const release = meilisearch.hold();
    await alice.call(retractMessage, { conversationId: lunch, messageId });
    await alice.call(editMessage, { conversationId: lunch, messageId: edited.messageId, text: 'the heron sleeps' });
    expect(isGone('badger')).toBe(false);
    try {
      for (const typed of ['badger', 'otter']) expect(await types(bob, typed)).toMatchObject({ answeredBy: 'instant', messages: [] });
    } finally {
      release();
      await indexed(appliance);
    }
    expect(isGone('badger')).toBe(true);
  };

  it('is not told even while the index still has it', isNotTold);

  it('would be, and the same test would catch it, in a build that believes the index', async () => {
    const { views } = appliance.house;
    const sound = views.ask;
    const believed = (params: { readonly messages: readonly { readonly conversation: string; readonly message: string }[] }) =>
      params.messages.map(({ conversation, message }) => {
        const { text } = documents().find((one) => one['message'] === message)!;
        return { conversationId: conversation, messageId: message, revision: 1, at: 1, author: alice.account, text };
      });
    Object.assign(views, { ask: async (...asked: Parameters<typeof sound>) => (asked[0] === 'instant.hits' ? { position: 0, value: { messages: believed(asked[1] as never), people: [], places: [] } } : sound(...asked)) });
    try {
      await expect(isNotTold()).rejects.toThrow('expected { messages: [ {');
    } finally {
      Object.assign(views, { ask: sound });
    }
  });
});

describe('the key of Meilisearch', () => {
  it('and its address are in nothing that a browser is given', async () => {
    const said = JSON.stringify(await types(alice, 'soup')) + (await (await alice.fetch('/')).text()) + JSON.stringify(await (await alice.fetch('/api/me')).json());
    expect(said).not.toContain(meilisearch.key);
    expect(said).not.toContain(meilisearch.url);
  });
});
