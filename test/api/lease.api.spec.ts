import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Lease, type LeasePorts } from '#appliance/house/lease.ts';
import { leaseMs, leaseSkewMs } from '#src/custody/lease.ts';
import { streams } from '#src/kernel/streams.ts';
import type { Opened } from '#src/every-event.ts';
import type { Following } from '#src/log/event-log.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { indexed, instantOf, withInstant } from '#test/support/instant.ts';
import { MeilisearchStandIn } from '#test/support/meilisearch/stand-in.ts';
import { aGroup, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let alice: Person;
let lunch: string;
beforeAll(async () => {
  appliance = await anAppliance();
  const company = await people(appliance, 'alice', 'bob');
  ({ alice } = company);
  lunch = await aGroup(alice, [company.bob], 'Lunch');
});
afterAll(() => appliance.close());

/** Milliseconds since the test began, for both. Each node looks at its own clocks, or at clocks that stand still. */
let passed = 0;
const began = Date.now();
let names = 0;
let name = '';
const opened: Lease[] = [];
const faults: unknown[] = [];
const aNode = (clocks: Partial<Pick<LeasePorts, 'clock' | 'log' | 'steady'>> = {}): Lease => {
  const node = new Lease({ name, commandAs: appliance.house.commandAs, log: { isShared: true }, clock: () => began + passed, steady: () => passed, onFault: (cause) => faults.push(cause), ...clocks });
  opened.push(node);
  return node;
};
const recorded = async (): Promise<readonly string[]> =>
  (await appliance.recorded(streams.custody)).filter(({ type, data }) => type.startsWith('Lease') && (JSON.parse(data) as { lease: string }).lease === name).map(({ type, data }) => `${type} ${(JSON.parse(data) as { term: number }).term}`);
const holds = (node: Lease, term: number) => eventually(`term ${term} is held`, () => {
  node.look();
  return node.held()?.term === term;
}, () => node.holder());
/** Resolves when it has asked and was refused. */
const isRefused = (node: Lease, by: Lease) => eventually('it is refused', () => {
  node.look();
  return node.holder()?.node === by.node;
}, () => node.holder());
const follows = (node: Lease): Following => appliance.house.log.follow(0, (events) => node.follow(events.map((event) => ({ ...event, data: JSON.parse(event.data) as unknown, content: {} }) as unknown as Opened)));

beforeEach(() => {
  passed = 0;
  names += 1;
  name = `lease-${names}`;
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((node) => node.close()));
  expect(faults.splice(0)).toEqual([]);
});

describe('a lease', () => {
  it('has one holder, and the other knows which', async () => {
    const [north, south] = [aNode(), aNode()];
    await holds(north, 1);
    await isRefused(south, north);
    expect([south.held(), south.holder(), north.holder()?.isHere]).toEqual([undefined, { node: north.node, term: 1, until: began + leaseMs, isHere: false }, true]);
    expect(south.forWriter.writer()).toBe(north.node);
    expect(await recorded()).toEqual(['LeaseTaken 1']);
  });

  it('of two that take it at the same moment is given to one', async () => {
    const nodes = [aNode(), aNode(), aNode()];
    for (const node of nodes) node.look();
    await eventually('all have their answer', () => nodes.every((node) => node.holder() !== undefined));
    expect(nodes.filter((node) => node.held())).toHaveLength(1);
    expect(await recorded()).toEqual(['LeaseTaken 1']);
  });

  it('is renewed half-way, and not before', async () => {
    const north = aNode();
    await holds(north, 1);
    passed = leaseMs / 2 - 1;
    north.look();
    expect(await recorded()).toEqual(['LeaseTaken 1']);
    passed = leaseMs / 2;
    await holds(north, 2);
    passed = leaseMs + 1;
    expect(north.held()).toEqual({ term: 2 });
  });

  it('is free at once when its holder closes', async () => {
    const [north, south] = [aNode(), aNode()];
    await holds(north, 1);
    await isRefused(south, north);
    const following = follows(south);
    await north.close();
    await holds(south, 2);
    await following.stop();
    expect([north.held(), await recorded()]).toEqual([undefined, ['LeaseTaken 1', 'LeaseReleased 1', 'LeaseTaken 2']]);
  });

  it('that another node took ends as soon as that is heard, whatever the clocks say', async () => {
    const [north, ahead] = [aNode(), aNode({ clock: () => began + passed + leaseMs + leaseSkewMs })];
    await holds(north, 1);
    const following = follows(north);
    await holds(ahead, 2);
    await eventually('it is heard', () => north.held() === undefined);
    await following.stop();
  });

  it('records nothing where nobody shares the log', async () => {
    const alone = aNode({ log: { isShared: false } });
    alone.begin();
    expect([alone.held(), alone.holder()]).toEqual([{ term: 0 }, undefined]);
    await alone.close();
    expect(await recorded()).toEqual([]);
  });
});

describe('a holder that slept', () => {
  /** Through its whole term, hearing nothing. By then another node has taken the lease. */
  const sleepsThrough = async (north: Lease): Promise<Lease> => {
    const south = aNode();
    await holds(north, 1);
    await isRefused(south, north);
    passed = leaseMs + leaseSkewMs;
    await holds(south, 2);
    return south;
  };
  const isSureAlone = async (north: Lease): Promise<void> => {
    const south = await sleepsThrough(north);
    expect([north.held(), south.held()]).toEqual([undefined, { term: 2 }]);
  };

  it('finds its term over when it wakes', () => isSureAlone(aNode()));
  it('finds it over also where the steady clock slept too', () => isSureAlone(aNode({ steady: () => 0 })));
  it('finds it over also where the clock on the wall was set back', () => isSureAlone(aNode({ clock: () => began })));
  it('would be caught by the same test in a build that looks at no clock', () => expect(isSureAlone(aNode({ steady: () => 0, clock: () => began }))).rejects.toThrow('to deeply equal'));
});

describe('the writer of the instant index', () => {
  let meilisearch: MeilisearchStandIn;
  beforeEach(async () => void (meilisearch = await MeilisearchStandIn.start()));
  afterEach(() => meilisearch.stop());

  /** Its process slept; what was said meanwhile is not its to write, nor is what it was in the middle of. */
  const writesNothing = async (north: Lease): Promise<void> => {
    await holds(north, 1);
    const instant = await withInstant(appliance, meilisearch, north.forWriter);
    try {
      await indexed(appliance);
      meilisearch.taskMs = 200;
      const rebuilt = instantOf(appliance).rebuild().then(() => 'rebuilt', (cause: Error) => cause.message);
      await eventually('it is under way', () => instantOf(appliance).state().rebuilding !== null);
      passed = leaseMs + leaseSkewMs;
      const swaps = meilisearch.tasks.filter(({ type }) => type === 'indexSwap').length;
      expect(await rebuilt).toBe('The instant index was not made anew: Another appliance writes it now. The old one is as it was.');
      const tasks = meilisearch.tasks.length;
      await alice.says('for the one that is awake', { in: lunch });
      await eventually('it is behind', () => instantOf(appliance).state().behind > 0);
      await eventually('it has looked at the index', () => instantOf(appliance).state().status !== 'down');
      expect([meilisearch.tasks.length, meilisearch.tasks.filter(({ type }) => type === 'indexSwap').length]).toEqual([tasks, swaps]);
    } finally {
      await instant.close();
    }
  };

  it('stops in the middle when its term is over', () => writesNothing(aNode()));
  it('would be caught by the same test in a build that looks at no clock', () => expect(writesNothing(aNode({ steady: () => 0, clock: () => began }))).rejects.toThrow('expected \'rebuilt\' to be'));
});
