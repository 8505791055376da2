import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { retractMessage } from '#src/contract/timeline.ts';
import { IndexServer } from '#appliance/instant/index-server.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { answering, indexed, indexOf, instantOf, textsOf, types, withInstant } from '#test/support/instant.ts';
import { MeilisearchStandIn } from '#test/support/meilisearch/stand-in.ts';
import { aGroup, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let meilisearch: MeilisearchStandIn;
let instant: { readonly close: () => Promise<void> };
let alice: Person;
let bob: Person;
let lunch: string;

const opens = async (options?: Parameters<typeof withInstant>[2]): Promise<void> => {
  instant = await withInstant(appliance, meilisearch, options);
};
/** What the index says that it holds, and what it holds. */
const documents = () => meilisearch.documentsOf(indexOf(appliance));
const checkpoint = (): number => Number(documents().find(({ id }) => id === 'checkpoint')?.['position'] ?? -1);
const holds = (words: string): boolean => JSON.stringify([...meilisearch.indexes.values()].map((index) => [...index.documents.values(), ...index.ghosts.values()])).includes(words);
const state = () => instantOf(appliance).state();
const becomes = (status: string, withinMs = 20_000) => eventually(`it is ${status}`, () => state().status === status, state, withinMs);

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob } = await people(appliance, 'alice', 'bob'));
  lunch = await aGroup(alice, [bob], 'Lunch');
  await alice.says('before there was an index', { in: lunch });
});
afterAll(() => appliance.close());
/** Each with a Meilisearch that knows nothing yet. */
beforeEach(async () => {
  meilisearch = await MeilisearchStandIn.start();
  await opens();
  await indexed(appliance);
});
afterEach(async () => {
  await instant.close();
  await meilisearch.stop();
});

describe('the indexer', () => {
  it('makes an index of what was said before, under settings of ours', async () => {
    expect(textsOf(await types(bob, 'befor'))).toEqual(['before there was an index']);
    expect([...meilisearch.indexes.keys()]).toEqual([indexOf(appliance)]);
    expect(meilisearch.indexes.get(indexOf(appliance))!.settings).toMatchObject({ stopWords: [], typoTolerance: { disableOnNumbers: true }, facetSearch: false });
  });

  it('goes on where it was after a restart, with what happened meanwhile', async () => {
    await instant.close();
    const { messageId } = await alice.says('said and taken back while nobody wrote the index', { in: lunch });
    await alice.call(retractMessage, { conversationId: lunch, messageId });
    await alice.says('said while nobody wrote the index', { in: lunch });
    const tasks = meilisearch.tasks.length;
    await opens();
    await indexed(appliance);
    expect(textsOf(await types(bob, 'nobody wrote'))).toEqual(['said while nobody wrote the index']);
    expect(meilisearch.tasks.slice(tasks).map(({ type }) => type)).toEqual(['documentAdditionOrUpdate']);
    expect(holds('taken back')).toBe(false);
  });

  it('begins anew where somebody emptied the index, gave it other settings, or it is of another record', async () => {
    const spoils: readonly (() => unknown)[] = [
      () => meilisearch.wipe(),
      () => Object.assign(meilisearch.indexes.get(indexOf(appliance))!.settings, { stopWords: ['before'] }),
      () => meilisearch.indexes.get(indexOf(appliance))!.put([{ ...documents().find(({ id }) => id === 'checkpoint')!, position: 3, leaf: 'of another record' }]),
    ];
    for (const spoil of spoils) {
      const swaps = meilisearch.tasks.filter(({ type }) => type === 'indexSwap').length;
      spoil();
      await eventually('the index is made anew', () => meilisearch.tasks.filter(({ type, status }) => type === 'indexSwap' && status === 'succeeded').length > swaps, state, 10_000);
      await indexed(appliance);
      await answering(bob);
      expect(textsOf(await types(bob, 'before'))).toEqual(['before there was an index']);
      expect([...meilisearch.indexes.keys()]).toEqual([indexOf(appliance)]);
    }
  });

  it('tries a task again that failed, and tells people when it goes on failing', async () => {
    meilisearch.failing.set('documentAdditionOrUpdate', 1);
    await alice.says('once is no fault', { in: lunch });
    await indexed(appliance);
    expect(textsOf(await types(bob, 'once'))).toEqual(['once is no fault']);
    meilisearch.failing.set('documentAdditionOrUpdate', Infinity);
    await alice.says('again and again', { in: lunch });
    await becomes('wrong');
    expect(state().says).toContain('documentAdditionOrUpdate failed (internal)');
    expect(await types(bob, 'again')).toMatchObject({ answeredBy: 'exact', because: 'wrong', messages: [{ text: 'again and again' }] });
    meilisearch.failing.clear();
    await indexed(appliance);
    expect(await types(bob, 'again')).toMatchObject({ answeredBy: 'instant', messages: [{ text: 'again and again' }] });
  });

  it('leaves the exact search to answer while Meilisearch is away, and catches up when it is back', async () => {
    await meilisearch.stop();
    await alice.says('said in the dark', { in: lunch });
    await becomes('down');
    expect(await types(bob, 'dark')).toMatchObject({ answeredBy: 'exact', because: 'down', messages: [{ text: 'said in the dark' }] });
    await meilisearch.start();
    await indexed(appliance);
    expect(await types(bob, 'dark')).toMatchObject({ answeredBy: 'instant', messages: [{ text: 'said in the dark' }] });
    meilisearch.status = 503;
    await becomes('down');
    expect(await types(bob, 'dark')).toMatchObject({ answeredBy: 'exact', because: 'down', messages: [{ text: 'said in the dark' }] });
    meilisearch.status = undefined;
    await indexed(appliance);
  });

  it('sends texts where it was told to, and nowhere else', async () => {
    const elsewhere = await MeilisearchStandIn.start();
    meilisearch.redirectTo = elsewhere.url;
    await alice.says('not for others', { in: lunch });
    await becomes('down');
    expect((await types(bob, 'not for others')).because).toBe('down');
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.stop();
    meilisearch.redirectTo = undefined;
    await indexed(appliance);
  });

  it('lets nobody wait for a slow Meilisearch longer than for an answer', async () => {
    await instant.close();
    await opens({ answerWithinMs: 300 });
    await indexed(appliance);
    meilisearch.searchMs = 60_000;
    expect(await types(bob, 'befor')).toMatchObject({ answeredBy: 'exact', because: 'slow', messages: [{ text: 'before there was an index' }] });
  });

  it('does not let an index answer that is more than five seconds behind', async () => {
    const release = meilisearch.hold();
    await alice.says('not in the index', { in: lunch });
    const found = await eventually('the exact search answers', async () => {
      const answer = await types(bob, 'not in the');
      return answer.answeredBy === 'exact' ? answer : undefined;
    }, state, 10_000);
    expect([found.because, textsOf(found)]).toEqual(['behind', ['not in the index']]);
    expect(state()).toMatchObject({ status: 'behind', behind: 1 });
    release();
    await indexed(appliance);
  });

  it('is made anew beside the one that answers, and leaves nothing of the old one', async () => {
    const { messageId } = await alice.says('gone with the old one', { in: lunch });
    await indexed(appliance);
    meilisearch.taskMs = 30;
    const rebuilt = instantOf(appliance).rebuild();
    await eventually('it is under way', () => state().rebuilding !== null);
    expect(await types(bob, 'befor')).toMatchObject({ answeredBy: 'instant', messages: [{ text: 'before there was an index' }] });
    await alice.call(retractMessage, { conversationId: lunch, messageId });
    await rebuilt;
    await indexed(appliance);
    expect([...meilisearch.indexes.keys()]).toEqual([indexOf(appliance)]);
    expect(holds('gone with')).toBe(false);
    expect(textsOf(await types(bob, 'befor'))).toEqual(['before there was an index']);
  });

  it('that stopped in the middle of it leaves no copy behind either', async () => {
    meilisearch.indexes.set(`${indexOf(appliance)}-beside`, meilisearch.indexes.get(indexOf(appliance))!);
    await instant.close();
    await opens();
    await indexed(appliance);
    expect([...meilisearch.indexes.keys()]).toEqual([indexOf(appliance)]);
  });
});

describe('what was retracted', () => {
  const isHeldBack = async (withinMs?: number): Promise<void> => {
    const { messageId } = await alice.says('the cormorant', { in: lunch });
    await indexed(appliance);
    const before = checkpoint();
    await alice.call(retractMessage, { conversationId: lunch, messageId });
    await becomes('wrong', withinMs);
    expect(checkpoint()).toBe(before);
    expect(textsOf(await types(bob, 'cormorant'))).toEqual([]);
  };

  for (const keeps of ['documents', 'words'] as const) {
    it(`does not count as gone while Meilisearch keeps its ${keeps}`, async () => {
      meilisearch.keeps = keeps;
      await isHeldBack();
      expect(state().says).toMatch(/^Instant search is not usable: It still (holds|finds) documents that it says it has deleted\. Nothing was lost/);
      meilisearch.keeps = undefined;
      meilisearch.indexes.get(indexOf(appliance))!.ghosts.clear();
      await indexed(appliance);
      expect(holds('cormorant')).toBe(false);
    });
  }

  it('would be caught by the same test in a build that believes the task', async () => {
    const sound = IndexServer.prototype.remove;
    IndexServer.prototype.remove = () => Promise.resolve();
    try {
      await expect(isHeldBack(4_000)).rejects.toThrow('in vain until it is wrong');
    } finally {
      IndexServer.prototype.remove = sound;
    }
  });
});

describe('two appliances with one index', () => {
  it('let one write, and the other knows how far it is', async () => {
    await instant.close();
    let writes = false;
    await opens({ active: () => writes, writer: () => (writes ? undefined : 'north') });
    const tasks = meilisearch.tasks.length;
    await alice.says('for whoever writes', { in: lunch });
    await eventually('it waits', () => state().behind === 1, state);
    expect(meilisearch.tasks.length).toBe(tasks);
    expect(await instantOf(appliance).rebuild()).toMatchObject({ refused: true, code: 'held-elsewhere', sentence: expect.stringContaining('node north') as string });
    writes = true;
    await indexed(appliance);
    expect(textsOf(await types(bob, 'whoever'))).toEqual(['for whoever writes']);
  });
});
