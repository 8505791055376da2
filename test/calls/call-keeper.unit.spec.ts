import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallKeeper } from '#appliance/calls/call-keeper.ts';
import { CallExchange } from '#src/doors/socket/call-exchange.ts';
import type { Client } from '#src/doors/socket/client.ts';
import type { Opened } from '#src/every-event.ts';
import { readOnly } from '#src/log/desk/nothing-recorded.ts';
import { MemoryNetwork } from '#test/support/memory-bus.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1_000);

const [conversationId, callId, alice, bob, carla, atAlice, atBob] = Array.from({ length: 7 }, () => randomUUID()) as [string, string, string, string, string, string, string];
let position = 0;
const event = (type: string, data: object): Opened => ({ type, stream: `conversation-${conversationId}`, position: position++, revision: position, data: { at: Date.now(), callId, ...data }, metadata: { actor: { kind: 'account', id: '' } } }) as unknown as Opened;
const socketOf = (account: string): Client => ({ account, inCall: undefined, send: () => undefined }) as unknown as Client;

type Build = { readonly Keeper?: typeof CallKeeper; /** Whether the log takes what is asked of it now. */ readonly takes?: (commandId: string) => boolean };
/** One node: what it follows, what it would record, and sockets of its own. */
const aNode = (network?: MemoryNetwork, { Keeper = CallKeeper, takes = () => true }: Build = {}) => {
  const recorded: object[] = [];
  const bus = network?.node();
  const calls = new CallExchange(bus, { behind: () => false, tell: () => undefined });
  const keeper = new Keeper({
    calls, bus, shared: network !== undefined, clock: () => Date.now(), mayBeIn: async () => false, onFault: (cause) => void recorded.push({ fault: cause }),
    commandAs: async (_actor, useCase, input, options) => {
      if (!takes(options!.commandId!)) return readOnly;
      recorded.push({ useCase: useCase.name, ...(input as object), commandId: options?.commandId });
      return { refused: true, code: 'nothing-to-record', sentence: '' };
    },
  });
  const follows = (...events: readonly Opened[]): void => {
    for (const one of events) calls.follow(one, conversationId);
    keeper.follow(events);
  };
  return { calls, keeper, recorded, follows, dropped: () => new Set(recorded.map((one) => ('account' in one ? one.account : 'ring'))) };
};
const aCall = (): readonly Opened[] => [event('CallStarted', { account: alice, audioOnly: false, device: atAlice }), event('CallJoined', { account: bob, device: atBob })];
const inCall = (account: string, device: string) => [socketOf(account), { is: 'in-call', conversationId, callId, device }] as const;

/** Nobody is heard of, and for a minute the log takes nothing. */
const nothingStaysForEver = async (build: Build = {}): Promise<void> => {
  const writesFrom = Date.now() + 60_000;
  const node = aNode(undefined, { ...build, takes: (commandId) => (build.takes?.(commandId) ?? true) && Date.now() >= writesFrom });
  node.follows(aCall()[0]!, event('CallRang', { accounts: [bob], by: alice }), event('CallJoined', { account: carla, device: randomUUID() }));
  await pass(59);
  expect(node.recorded).toEqual([]);
  await pass(2);
  expect(node.dropped()).toEqual(new Set(['ring', alice, carla]));
  node.keeper.close();
};

describe('a keeper of calls', () => {
  it('keeps whoever has a socket, for as long as they have it', async () => {
    const node = aNode();
    node.follows(...aCall());
    node.calls.entered(...inCall(alice, atAlice));
    node.calls.entered(...inCall(bob, atBob));
    await pass(3_600);
    expect(node.recorded).toEqual([]);
  });

  it('takes out who never came after 30 seconds, and who was lost after 20', async () => {
    const node = aNode();
    const [socket, frame] = inCall(alice, atAlice);
    node.calls.entered(socket, frame);
    node.follows(...aCall());
    node.calls.left(socket);
    await pass(19);
    expect(node.recorded).toEqual([]);
    await pass(2);
    expect(node.dropped()).toEqual(new Set([alice]));
    await pass(10);
    expect(node.dropped()).toEqual(new Set([alice, bob]));
  });

  it('keeps whom another node holds, and takes them out 30 seconds after that node was heard last', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    for (const node of [one, two]) node.follows(...aCall());
    one.calls.entered(...inCall(alice, atAlice));
    two.calls.entered(...inCall(bob, atBob));
    await pass(300);
    expect([one.recorded, two.recorded]).toEqual([[], []]);
    two.keeper.close();
    await pass(29);
    expect(one.recorded).toEqual([]);
    await pass(7);
    expect(one.dropped()).toEqual(new Set([bob]));
  });

  it('is told by another node at once when a device comes back there', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    for (const node of [one, two]) node.follows(...aCall());
    one.calls.entered(...inCall(alice, atAlice));
    const [socket, frame] = inCall(bob, atBob);
    one.calls.entered(socket, frame);
    await pass(60);
    one.calls.left(socket);
    await pass(19);
    two.calls.entered(...inCall(bob, atBob));
    await pass(60);
    expect([one.recorded, two.recorded]).toEqual([[], []]);
  });

  it('records a ring that ran out under the same id on every node', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    const events = [aCall()[0]!, event('CallRang', { accounts: [bob], by: alice })];
    for (const node of [one, two]) node.follows(...events);
    one.calls.entered(...inCall(alice, atAlice));
    await pass(44);
    expect([one.recorded, two.recorded]).toEqual([[], []]);
    await pass(2);
    expect(one.recorded[0]).toMatchObject({ useCase: 'endRinging', since: events[1]!.revision });
    expect(two.recorded[0]).toEqual(one.recorded[0]);
  });

  it('asks again until it is on record, so that no ring and nobody stays for ever', () => nothingStaysForEver());

  it('would be found out if it never looked, or asked only once', async () => {
    class NeverLooks extends CallKeeper {
      override look(): void {}
    }
    await expect(nothingStaysForEver({ Keeper: NeverLooks })).rejects.toThrow();
    const asked = new Set<string>();
    await expect(nothingStaysForEver({ takes: (commandId) => !asked.has(commandId) && Boolean(asked.add(commandId)) })).rejects.toThrow();
  });

  it('takes out who lost their place, at once', async () => {
    const node = aNode();
    node.follows(...aCall());
    node.calls.entered(...inCall(alice, atAlice));
    node.follows({ ...event('AccountSuspended', { account: alice }), stream: `account-${alice}` } as Opened, { ...event('SpaceLeft', { account: bob }), stream: `space-${randomUUID()}` } as Opened);
    await pass(0);
    expect(node.recorded).toMatchObject([{ account: alice, cause: 'not-a-member' }, { account: bob, cause: 'not-a-member' }]);
  });
});
