import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportInquiry, openHit, openInquiry, searchArchive, searchMessages } from '#src/contract/archive.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { indexed, instantOf, types, withInstant } from '#test/support/instant.ts';
import { MeilisearchStandIn } from '#test/support/meilisearch/stand-in.ts';
import { aGroup, people, type Person } from '#test/support/people.ts';

let appliance: Appliance;
let meilisearch: MeilisearchStandIn;
let instant: { readonly close: () => Promise<void> };
let alice: Person;
let olive: Person;
let lunch: string;

beforeAll(async () => {
  meilisearch = await MeilisearchStandIn.start();
  appliance = await anAppliance();
  const company = await people(appliance, 'alice', 'bob', 'olive');
  ({ alice, olive } = company);
  lunch = await aGroup(alice, [company.bob], 'Lunch');
  await alice.says('the ledger of the gannet', { in: lunch });
  instant = await withInstant(appliance, meilisearch);
  await indexed(appliance);
});
afterAll(async () => {
  await instant.close();
  await appliance.close();
  await meilisearch.stop();
});

/** An officer asks for everything that an officer can ask for. Gives back what Meilisearch was asked meanwhile. */
const askedByAnOfficer = async (): Promise<readonly unknown[]> => {
  const before = meilisearch.questions.length;
  const inquiry = randomUUID();
  await olive.call(openInquiry, { inquiry, reason: 'claim of 12 November' });
  for (const query of ['gannet', 'gan*', 'ledger of', '']) {
    const { hits } = await olive.call(searchArchive, { inquiry, query, filter: {} });
    if (query === 'gannet') expect(hits.map(({ text }) => text)).toEqual(['the ledger of the gannet']);
  }
  await olive.call(openHit, { inquiry, conversationId: lunch, revision: 1 });
  await olive.call(exportInquiry, { inquiry, query: 'gannet', filter: {} });
  return meilisearch.questions.slice(before);
};

describe('an officer\'s question', () => {
  it('never goes to Meilisearch', async () => {
    expect((await types(alice, 'gannet')).answeredBy).toBe('instant');
    expect(await askedByAnOfficer()).toEqual([]);
  });

  it('is answered when Meilisearch is away, as ever', async () => {
    meilisearch.status = 503;
    expect(await askedByAnOfficer()).toEqual([]);
    meilisearch.status = undefined;
    await indexed(appliance);
  });

  it('would be seen there by the same test in a build that asks both', async () => {
    const { views } = appliance.house;
    const sound = views.ask;
    Object.assign(views, {
      ask: async (...asked: Parameters<typeof sound>) => {
        if (asked[0].startsWith('archive.')) await instantOf(appliance).ask({ account: olive.account, text: 'gannet', readable: () => Promise.resolve([lunch]) });
        return sound(...asked);
      },
    });
    try {
      expect(await askedByAnOfficer()).not.toEqual([]);
    } finally {
      Object.assign(views, { ask: sound });
    }
  });
});

describe('the exact search of people', () => {
  it('does not ask Meilisearch either', async () => {
    const before = meilisearch.questions.length;
    expect((await alice.call(searchMessages, { query: 'gannet' })).total).toBe(1);
    expect(meilisearch.questions.length).toBe(before);
  });
});
