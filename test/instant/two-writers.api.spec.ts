import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthOf } from '#appliance/house/health.ts';
import { rebuild } from '#appliance/verbs/rebuild.ts';
import { metricsOf } from '#appliance/metrics.ts';
import { streams } from '#src/kernel/streams.ts';
import type { Appliance } from '#test/support/appliance.ts';
import { indexed, instantOf, textsOf, types } from '#test/support/instant.ts';
import { MeilisearchStandIn } from '#test/support/meilisearch/stand-in.ts';
import { at, severalAppliances, type Nodes } from '#test/support/nodes.ts';
import { aGroup, isIn, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

/** Two houses, one log, one Meilisearch. */
describe('two appliances on one log with one Meilisearch', () => {
  let meilisearch: MeilisearchStandIn;
  let nodes: Nodes;
  let one: Appliance;
  let two: Appliance;
  let alice: Person;
  let bob: Person;
  let group: string;

  beforeAll(async () => {
    meilisearch = await MeilisearchStandIn.start();
    nodes = await severalAppliances({ env: { HANSARD_MEILI_URL: meilisearch.url, HANSARD_MEILI_KEY: meilisearch.key } });
    [one, two] = nodes.appliances as [Appliance, Appliance];
    const company = await people(one, 'alice', 'bob');
    ({ alice } = company);
    bob = at(two, company.bob);
    group = await aGroup(alice, [bob]);
    await isIn(bob, group);
    await eventually('the first holds the lease', () => one.house.lease!.held() !== undefined);
  });
  afterAll(async () => {
    await nodes?.close();
    await meilisearch.stop();
  });

  const leases = async (): Promise<readonly string[]> => (await two.recorded(streams.custody)).filter(({ type }) => type.startsWith('Lease')).map(({ type }) => type);

  it('is written by one, and answers at both', async () => {
    await alice.says('said at the first', { in: group });
    await bob.says('said at the second', { in: group });
    await indexed(one);
    await eventually('the second finds it', async () => {
      const found = await types(bob, 'said at');
      return found.answeredBy === 'instant' && textsOf(found).length === 2;
    }, () => instantOf(two).state(), 15_000);
    expect(two.house.lease!.held()).toBeUndefined();
    expect(two.house.lease!.holder()).toMatchObject({ node: one.house.lease!.node, isHere: false });
    expect(await leases()).toEqual(['LeaseTaken']);
    expect(meilisearch.tasks.filter(({ type }) => type === 'indexSwap')).toHaveLength(1);
    for (const [appliance, value] of [[one, 1], [two, 0]] as const) expect(await metricsOf(appliance.house).metrics()).toMatch(new RegExp(`^hansard_lease_held\\{lease="instant-index",node="${one.house.lease!.node}"\\} ${value}$`, 'm'));
  });

  it('is made anew by whoever writes it, and the other says which that is', async () => {
    const tasks = meilisearch.tasks.length;
    const answer = await rebuild.run(two.house, { view: 'instant' }, { onProgress: () => undefined, signal: new AbortController().signal });
    expect(answer).toMatchObject({ refused: true, code: 'held-elsewhere', sentence: `Another appliance writes the instant index (node ${one.house.lease!.node}). Nothing was changed; ask that one.` });
    expect(meilisearch.tasks.length).toBe(tasks);
    expect(await instantOf(one).rebuild()).toEqual(expect.any(Number));
  });

  it('that falls behind says in health who writes it', async () => {
    const release = meilisearch.hold();
    const sayings = async (appliance: Appliance): Promise<string> => (await healthOf(appliance.house)).says.join(' ');
    await bob.says('not in the index yet', { in: group });
    for (const appliance of [one, two]) await eventually('health says that it is behind', async () => (await sayings(appliance)).includes('behind. Nothing was lost'), () => sayings(appliance), 15_000);
    expect(await sayings(two)).toContain(`The lease instant-index is held by node ${one.house.lease!.node} until `);
    expect(await sayings(one)).not.toContain('The lease');
    release();
    await indexed(one);
  });

  it('is written by the other as soon as the first is closed', async () => {
    await one.stop();
    await eventually('the second holds the lease', () => two.house.lease!.held() !== undefined);
    await bob.says('after the first was closed', { in: group });
    await indexed(two);
    expect(textsOf(await types(bob, 'after the'))).toEqual(['after the first was closed']);
    expect(await leases()).toEqual(['LeaseTaken', 'LeaseReleased', 'LeaseTaken']);
  });
});
