import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PresenceState } from '#src/contract/shapes.ts';
import type { Bus } from '#src/doors/socket/bus.ts';
import { Presence } from '#src/doors/socket/presence.ts';
import { HeardClient } from '#test/support/heard-client.ts';
import { MemoryNetwork } from '#test/support/memory-bus.ts';

const gatherMs = 100;
const heartbeatMs = 3_000;
const graceMs = 5_000;
const silenceMs = 6 * heartbeatMs;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

type Node = { readonly bus: Bus; readonly presence: Presence; readonly watcher: HeardClient; readonly clients: HeardClient[] };
const people = Array.from({ length: 4 }, () => randomUUID());

const aNode = (network: MemoryNetwork, clock: () => number = Date.now): Node => {
  const bus = network.node();
  const presence = new Presence(bus, clock);
  const watcher = new HeardClient(randomUUID());
  presence.watch(watcher, people);
  return { bus, presence, watcher, clients: [] };
};
const arrives = ({ presence, clients }: Node, account: string): HeardClient => {
  const client = new HeardClient(account);
  clients.push(client);
  presence.arrived(client);
  return client;
};
const leaves = ({ presence, clients }: Node, client: HeardClient): void => {
  clients.splice(clients.indexOf(client), 1);
  presence.left(client);
};
const uses = ({ presence }: Node, client: HeardClient, active: boolean): void => {
  client.active = active;
  presence.changed(client.account);
};

describe('presence over two nodes', () => {
  const [alice, bob] = people as [string, string];

  it('follows the sockets on both together, and goes to those who watch alone', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    const stranger = new HeardClient(randomUUID());
    two.presence.watch(stranger, [bob]);
    const laptop = arrives(one, alice);
    await pass(gatherMs);
    expect(two.watcher.lastOf(alice)).toBe('available');
    const phone = arrives(two, alice);
    uses(one, laptop, false);
    await pass(gatherMs);
    expect([one.presence.stateOf(alice), two.presence.stateOf(alice)]).toEqual(['available', 'available']);
    uses(two, phone, false);
    await pass(gatherMs);
    expect([one.watcher.lastOf(alice), two.watcher.lastOf(alice)]).toEqual(['away', 'away']);
    expect(stranger.lastOf(alice)).toBeUndefined();
  });

  it('does not flicker when somebody moves from one node to the other', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    const tab = arrives(one, alice);
    await pass(gatherMs);
    leaves(one, tab);
    await pass(graceMs - 500);
    arrives(two, alice);
    await pass(2 * graceMs);
    const heard = (node: Node) => node.watcher.frames.flatMap((frame) => (frame.is === 'presence' ? frame.people : [])).filter(([account]) => account === alice).map(([, state]) => state);
    expect([heard(one), heard(two)]).toEqual([['offline', 'available'], ['offline', 'available']]);
  });

  it('tells a node that comes later all there is, choices too', async () => {
    const network = new MemoryNetwork();
    const one = aNode(network);
    arrives(one, alice);
    arrives(one, bob);
    one.presence.choose(bob, 'busy');
    await pass(10 * heartbeatMs);
    const two = aNode(network);
    await pass(1);
    expect([two.presence.stateOf(alice), two.presence.stateOf(bob)]).toEqual(['available', 'busy']);
  });

  it('lets go of the people of a node that falls silent, after the grace', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    arrives(one, alice);
    await pass(gatherMs);
    network.cut(one.bus);
    await pass(silenceMs - heartbeatMs - 1);
    expect([two.presence.stateOf(alice), two.presence.otherNodes]).toEqual(['available', 1]);
    await pass(heartbeatMs + 1);
    expect([two.presence.otherNodes, two.watcher.lastOf(alice)]).toEqual([0, 'available']);
    await pass(graceMs);
    expect([one.watcher.lastOf(alice), two.watcher.lastOf(alice)]).toEqual(['available', 'offline']);
  });

  it('lets go of a node that says good-bye, after the grace, and hears no more of it', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    const tab = arrives(one, alice);
    await pass(gatherMs);
    one.presence.close();
    leaves(one, tab);
    await pass(graceMs - 1);
    expect([two.presence.otherNodes, two.watcher.lastOf(alice)]).toEqual([0, 'available']);
    await pass(1);
    expect(two.watcher.lastOf(alice)).toBe('offline');
    await pass(silenceMs);
    expect(two.presence.otherNodes).toBe(0);
  });

  it('misses a node that fell silent, for however long, until it is heard of again or takes its leave', async () => {
    const network = new MemoryNetwork();
    const [one, two, three] = [aNode(network), aNode(network), aNode(network)];
    await pass(heartbeatMs);
    three.presence.close();
    await pass(silenceMs);
    expect([one.presence.missesANode, two.presence.missesANode]).toEqual([false, false]);
    network.cut(two.bus);
    await pass(silenceMs);
    expect([one.presence.missesANode, two.presence.missesANode]).toEqual([true, true]);
    network.healSilently(two.bus);
    await pass(heartbeatMs);
    expect([one.presence.missesANode, two.presence.missesANode]).toEqual([false, false]);
    network.cut(two.bus);
    await pass(13 * 3_600_000);
    expect(one.presence.missesANode).toBe(true);
    network.healSilently(two.bus);
    two.presence.close();
    await pass(gatherMs);
    expect([one.presence.missesANode, one.presence.otherNodes]).toEqual([false, 0]);
  });

  it('takes the choice that was made last, also where the clock of the node before is ahead', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network, () => Date.now() + 20_000)];
    arrives(one, alice);
    two.presence.choose(alice, 'busy');
    await pass(gatherMs);
    one.presence.choose(alice, 'away');
    await pass(gatherMs);
    expect([one.presence.stateOf(alice), two.presence.stateOf(alice)]).toEqual(['away', 'away']);
    two.presence.choose(alice, null);
    await pass(gatherMs);
    expect([one.watcher.lastOf(alice), two.watcher.lastOf(alice)]).toEqual(['available', 'available']);
  });

  it('drops frames that it does not understand', async () => {
    const network = new MemoryNetwork();
    const [one, stranger] = [aNode(network), network.node()];
    for (const body of [{}, { is: 'shown', people: [['nobody', 'available']] }, { is: 'buckets', buckets: [[256, []]] }, { is: 'ask', shown: 'x', choices: 'y' }, { is: 'news' }]) stranger.publish('presence', body);
    await pass(gatherMs);
    expect(one.presence.otherNodes).toBe(0);
  });
});

describe('the cost of presence', () => {
  const crowd = Array.from({ length: 3_000 }, () => randomUUID());

  it('does not grow with the people: a change is one small frame, a heartbeat another, and what was lost is all that is sent again', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    const clients = crowd.map((account) => arrives(one, account));
    await pass(2 * heartbeatMs);
    expect(crowd.every((account) => two.presence.stateOf(account) === 'available')).toBe(true);
    network.published.length = 0;
    uses(one, clients[0]!, false);
    await pass(gatherMs);
    expect(network.published.map(({ bytes }) => bytes < 120)).toEqual([true]);
    network.loses = (_way, { is }) => is === 'shown';
    uses(one, clients[1]!, false);
    await pass(gatherMs);
    network.loses = () => false;
    network.published.length = 0;
    await pass(heartbeatMs);
    expect(two.presence.stateOf(crowd[1]!)).toBe('away');
    const bytes = network.published.reduce((sum, frame) => sum + frame.bytes, 0);
    // Two heartbeats, one question with its digests, one bucket of twelve people or so.
    expect([network.published.length, bytes < 8_000]).toEqual([4, true]);
  });

  it('keeps every frame below what the bus takes, for a crowd too', async () => {
    const network = new MemoryNetwork();
    const [one] = [aNode(network)];
    for (const account of crowd) {
      arrives(one, account);
      one.presence.choose(account, 'busy');
    }
    await pass(gatherMs);
    const two = aNode(network);
    await pass(gatherMs);
    expect(crowd.every((account) => two.presence.stateOf(account) === 'busy')).toBe(true);
    expect(Math.max(...network.published.map(({ bytes }) => bytes))).toBeLessThan(32 * 1024);
  });

  it('is nothing at all where there is one node', async () => {
    const presence = new Presence();
    presence.arrived(new HeardClient(randomUUID()));
    presence.choose(people[0]!, 'busy');
    expect(vi.getTimerCount()).toBe(0);
  });
});

type Step =
  | { readonly do: 'arrives' | 'leaves' | 'rests' | 'works'; readonly node: number; readonly who: number }
  | { readonly do: 'chooses'; readonly node: number; readonly who: number; readonly state: PresenceState | null }
  | { readonly do: 'cut'; readonly node: number }
  | { readonly do: 'heal'; readonly node: number }
  | { readonly do: 'pass'; readonly ms: number };

const nodesCount = 3;
const node = fc.nat(nodesCount - 1);
const who = fc.nat(people.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('arrives', 'leaves', 'rests', 'works'), node, who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('chooses'), node, who, state: fc.constantFrom('available', 'away', 'busy', 'offline', null) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cut', 'heal'), node }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.oneof(fc.nat(300), fc.nat(30_000)) }) },
) as fc.Arbitrary<Step>;

/** What everybody should show in the end: the sockets of all nodes together, and the last choice, wherever it was made. */
class Truth {
  readonly chosen = new Map<string, PresenceState | null>();

  of(account: string, nodes: readonly Node[]): PresenceState {
    const sockets = nodes.flatMap(({ clients }) => clients).filter((client) => client.account === account);
    if (sockets.length === 0) return 'offline';
    return this.chosen.get(account) ?? (sockets.some(({ active }) => active) ? 'available' : 'away');
  }
}

const performs = async (step: Step, network: MemoryNetwork, nodes: readonly Node[], truth: Truth): Promise<void> => {
  // One clock for all: no two steps at the same time.
  await pass(1);
  if (step.do === 'pass') return void (await pass(step.ms));
  const at = nodes[step.node]!;
  if (step.do === 'cut') return network.cut(at.bus);
  if (step.do === 'heal') return network.heal(at.bus);
  const account = people[step.who]!;
  if (step.do === 'arrives') return void arrives(at, account);
  if (step.do === 'chooses') {
    truth.chosen.set(account, step.state);
    return at.presence.choose(account, step.state);
  }
  const client = at.clients.find((one) => one.account === account);
  if (!client) return;
  if (step.do === 'leaves') leaves(at, client);
  else uses(at, client, step.do === 'works');
};

/** After any life of the nodes, a heal that nobody notices and one heartbeat of each, all hold the truth; after the grace, all watchers were told it. */
const endsInTheTruth = (lossPermille: number, broken: MemoryNetwork['loses'] = () => false) =>
  fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), fc.infiniteStream(fc.nat(999)), async (steps, dice) => {
    // The heartbeats of the nodes of the run before.
    vi.clearAllTimers();
    const network = new MemoryNetwork();
    const nodes = Array.from({ length: nodesCount }, () => aNode(network));
    const truth = new Truth();
    network.loses = (way, body) => broken(way, body) || dice.next().value! < lossPermille;
    for (const one of steps) await performs(one, network, nodes, truth);
    network.loses = broken;
    for (const { bus } of nodes) network.healSilently(bus);
    await pass(heartbeatMs + 1);
    const expected = people.map((account) => truth.of(account, nodes));
    for (const { presence } of nodes) expect(people.map((account) => presence.stateOf(account))).toEqual(expected);
    await pass(graceMs);
    for (const { watcher } of nodes) expect(people.map((account) => watcher.lastOf(account))).toEqual(expected);
  });

describe('presence over three nodes', () => {
  it('ends in the union of what is true on each, whatever came, went, was chosen, cut, healed and lost', async () => {
    await fc.assert(endsInTheTruth(200), { numRuns: 100 });
  });

  const builds: readonly (readonly [what: string, broken: MemoryNetwork['loses']])[] = [
    ['never compares', (_way, { is }) => is === 'heartbeat'],
    ['never asks for what it misses', (_way, { is }) => is === 'ask'],
    ['sends no people again', (_way, { is }) => is === 'buckets'],
    ['keeps choices to itself', (_way, { is }) => is === 'chosen'],
  ];
  for (const [what, broken] of builds) {
    it(`catches a build that ${what}`, async () => {
      expect((await fc.check(endsInTheTruth(200, broken), { numRuns: 150, endOnFailure: true })).failed).toBe(true);
    });
  }
});
