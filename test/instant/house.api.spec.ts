import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { indexed, instantOf, textsOf, types } from '#test/support/instant.ts';
import { MeilisearchStandIn } from '#test/support/meilisearch/stand-in.ts';
import { aGroup, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

describe('an appliance with HANSARD_MEILI_URL', () => {
  let meilisearch: MeilisearchStandIn;
  let appliance: Appliance;
  let alice: Person;
  let lunch: string;

  beforeAll(async () => {
    meilisearch = await MeilisearchStandIn.start();
    appliance = await anAppliance({ env: { HANSARD_MEILI_URL: meilisearch.url, HANSARD_MEILI_KEY: meilisearch.key } });
    const company = await people(appliance, 'alice', 'bob');
    ({ alice } = company);
    lunch = await aGroup(alice, [company.bob], 'Lunch');
  });
  afterAll(async () => {
    await appliance.close();
    await meilisearch.stop();
  });

  const finds = async (typed: string, text: string): Promise<void> => void (await eventually(`"${typed}" finds it`, async () => {
    const found = await types(alice, typed);
    return found.answeredBy === 'instant' && textsOf(found).includes(text);
  }, () => instantOf(appliance).state(), 15_000));

  it('finds what was said, and goes on with the same index after a restart', async () => {
    await alice.says('through the house', { in: lunch });
    await indexed(appliance);
    await finds('throu', 'through the house');
    const tasks = meilisearch.tasks.length;
    await appliance.restart();
    await alice.says('after the restart', { in: lunch });
    await indexed(appliance);
    await finds('after the', 'after the restart');
    expect(meilisearch.tasks.slice(tasks).map(({ type }) => type)).not.toContain('indexSwap');
  });

  it('starts, serves and stops where Meilisearch is away', async () => {
    await meilisearch.stop();
    await appliance.restart();
    await alice.says('without it', { in: lunch });
    expect(await types(alice, 'without')).toMatchObject({ answeredBy: 'exact', messages: [{ text: 'without it' }] });
    await appliance.restart(() => meilisearch.start());
    await indexed(appliance);
    await finds('without', 'without it');
  });
});
