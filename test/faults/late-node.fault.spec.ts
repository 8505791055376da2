import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantRole, readDirectory, readMe, restoreAccount, suspendAccount, withdrawRole } from '#src/contract/accounts.ts';
import { postMessage } from '#src/contract/timeline.ts';
import type { Keyring } from '#src/sealing/keyring.ts';
import type { Appliance } from '#test/support/appliance.ts';
import { at, severalAppliances, type Nodes } from '#test/support/nodes.ts';
import { aGroup, people, Person } from '#test/support/people.ts';
import { SocketRefused } from '#test/support/person-socket.ts';
import { eventually } from '#test/support/waiting.ts';

/** Keys of the other node come late to this one, so that its follower waits for them, as on a slow storage. Gives back how to let them come. */
const holdKeys = ({ house }: Appliance): (() => void) => {
  const keyring = house.keyring as { load: Keyring['load'] } & Pick<Keyring, 'find'>;
  const { load } = keyring;
  const held = Promise.withResolvers<void>();
  keyring.load = (ids) => (ids.every((id) => keyring.find(id) !== undefined) ? undefined : held.promise.then(() => load(ids)));
  return () => {
    keyring.load = load;
    held.resolve();
  };
};

describe('an appliance that is late', () => {
  let nodes: Nodes;
  let [one, two]: Appliance[] = [];
  let adam: Person;
  let alice: Person;
  let bob: Person;
  let mallory: Person;
  beforeAll(async () => {
    nodes = await severalAppliances();
    [one, two] = nodes.appliances;
    ({ adam, alice, bob, mallory } = await people(one!, 'alice', 'bob', 'mallory'));
  });
  afterAll(() => nodes?.close());

  const followed = (): Promise<true> => eventually('the second has followed all', async () => (two!.house.hub.position >= (await one!.logSize()) - 1 && two!.house.currency.behind() === undefined) || undefined);
  /** Something sealed under a key that the second does not have yet. */
  const holdsUp = async (): Promise<void> => {
    const group = await aGroup(alice, [bob]);
    await alice.says('under a new key', { in: group });
  };

  it('misses no withdrawal of a role, though it writes into the same account before it has followed that', async () => {
    await adam.call(grantRole, { account: alice.account, role: 'administrator' });
    await followed();
    const again = at(two!, alice);
    const letCome = holdKeys(two!);
    await holdsUp();
    await adam.call(withdrawRole, { account: alice.account, role: 'administrator' });
    // Within the second in which it still answers, she signs in there.
    await new Person(two!, 'alice').signsIn();
    letCome();
    await followed();
    expect([...two!.house.standing.account(alice.account)!.roles]).toEqual(['employee']);
    expect((await again.call(readMe, {})).roles).toEqual(['employee']);
  });

  it('judges who called before it had caught up by what it knows after', async () => {
    const elsewhere = at(two!, mallory);
    await elsewhere.call(readDirectory, {});
    const letCome = holdKeys(two!);
    await holdsUp();
    await adam.call(suspendAccount, { account: mallory.account });
    await eventually('the second is behind', () => two!.house.currency.behind() !== undefined || undefined);
    const waiting = elsewhere.refusal(readDirectory, {});
    await pause(100);
    letCome();
    expect((await waiting).code).toBe('signed-out');
  });

  it('lets no new socket in', async () => {
    await followed();
    const letCome = holdKeys(two!);
    await holdsUp();
    await eventually('the second is behind', () => two!.house.currency.behind() !== undefined || undefined);
    await expect(at(two!, bob).opensSocket()).rejects.toThrow(SocketRefused);
    letCome();
    await followed();
    (await at(two!, bob).opensSocket()).close();
  });

  it('records nothing of somebody who was suspended while their post waited for the line, however soon it is back', async () => {
    await followed();
    await adam.call(restoreAccount, { account: mallory.account });
    const group = await aGroup(alice, [mallory]);
    const elsewhere = new Person(two!, 'mallory');
    await elsewhere.signsIn();
    await followed();
    nodes.cables[1]!.pull();
    await pause(100);
    const answer = elsewhere.answer(postMessage, { conversationId: group, messageId: randomUUID(), text: 'too late' });
    await adam.call(suspendAccount, { account: mallory.account });
    // On a busy machine the post may be decided only now: for a second that is within the promise, and it is not sent half a second later.
    await pause(1_800);
    nodes.cables[1]!.plugIn();
    expect(await answer).toMatchObject({ refused: true });
    await followed();
    expect((await one!.recorded(`conversation-${group}`)).filter(({ type }) => type === 'MessagePosted')).toEqual([]);
  });

  it('decides nothing, also for its operator', async () => {
    const letCome = holdKeys(two!);
    await holdsUp();
    await eventually('the second is behind', () => two!.house.currency.behind() !== undefined || undefined);
    const { perform } = await import('#appliance/operator/perform.ts');
    const told: { is: string; code?: string }[] = [];
    await perform(two!.house, 'account.suspend', { name: 'adam' }, (frame) => told.push(frame), new AbortController().signal);
    expect(told.at(-1)).toMatchObject({ is: 'refusal', code: 'unavailable' });
    letCome();
    await followed();
    await adam.call(restoreAccount, { account: mallory.account });
  });
});
