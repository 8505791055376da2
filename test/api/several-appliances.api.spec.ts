import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantRole as granting } from '#src/accounts/grant-role.ts';
import { healthOf } from '#appliance/house/health.ts';
import { grantRole, readDirectory, readMe, suspendAccount, withdrawRole } from '#src/contract/accounts.ts';
import { foundSpace, inviteToGroup, joinChannel, leaveSpace, listConversations, openChannel, openDirect } from '#src/contract/conversations.ts';
import { postMessage, readTimeline } from '#src/contract/timeline.ts';
import type { Appliance } from '#test/support/appliance.ts';
import { at, severalAppliances, type Nodes } from '#test/support/nodes.ts';
import { aDirectChat, aGroup, anEmployee, aSpace, isIn, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let nodes: Nodes;
let [one, two]: Appliance[] = [];
let adam: Person;
let alice: Person;
let bob: Person;
let mallory: Person;
beforeAll(async () => {
  nodes = await severalAppliances();
  [one, two] = nodes.appliances;
  const company = await people(one!, 'alice', 'bob', 'mallory');
  ({ adam, alice } = company);
  [bob, mallory] = [at(two!, company.bob), at(two!, company.mallory)];
});
afterAll(() => nodes?.close());

/** What either has acknowledged is in everything that both show. */
const bothCurrent = async (): Promise<void> => {
  const size = Math.max(...(await Promise.all([one!, two!].map((node) => node.logSize()))));
  await eventually('both nodes have followed the same log', () => [one!, two!].every(({ house }) => house.hub.position >= size - 1 && house.views.states().every(({ position }) => position >= size - 1)));
};

describe('people on two appliances', () => {
  it('are signed in on both, and see what the others say as it is said', async () => {
    const chat = await aDirectChat(alice, bob);
    await isIn(bob, chat);
    await bob.timeline(chat);
    await alice.says('from one', { in: chat });
    await bob.sees('from one', { in: chat });
    await bob.says('from two', { in: chat });
    await alice.sees('from two', { in: chat });
    expect((await at(one!, bob).call(listConversations, {})).conversations.map(({ conversationId }) => conversationId)).toContain(chat);
  });

  it('get one gap-free order, however much both write at once, and every message once', async () => {
    const group = await aGroup(alice, [bob]);
    await isIn(bob, group);
    const texts = await Promise.all(Array.from({ length: 120 }, async (_, n) => {
      const by = n % 2 === 0 ? alice : bob;
      await by.says(`line ${n}`, { in: group });
      return `line ${n}`;
    }));
    await bothCurrent();
    const [here, there] = await Promise.all([alice, bob].map(async (person) => (await person.call(readTimeline, { conversationId: group, where: 'latest' })).lines));
    expect(here).toEqual(there);
    const stored = (await two!.recorded(`conversation-${group}`)).filter(({ type }) => type === 'MessagePosted');
    expect(stored).toHaveLength(texts.length);
    expect((await two!.recorded(`conversation-${group}`)).map(({ revision }) => revision)).toEqual(Array.from({ length: stored.length + 1 }, (_, n) => n));
    expect(await two!.recorded()).toEqual(await one!.recorded());
  });

  it('have a command that reached both recorded once', async () => {
    const chat = await aDirectChat(alice, bob);
    await isIn(bob, chat);
    const [messageId, commandId] = [randomUUID(), randomUUID()];
    const said = { conversationId: chat, messageId, text: 'twice' };
    const answers = await Promise.all([alice, at(two!, alice), alice, at(two!, alice)].map((person) => person.call(postMessage, said, { commandId })));
    expect(new Set(answers.map(({ revision }) => revision)).size).toBe(1);
    expect((await at(two!, alice).refusal(postMessage, { ...said, text: 'other words' }, { commandId })).code).toBe('command-id-taken');
  });

  it('open one direct chat when both open it at once', async () => {
    const [first, second] = await Promise.all([alice.call(openDirect, { with: mallory.account }), mallory.call(openDirect, { with: alice.account })]);
    expect(first.conversationId).toBe(second.conversationId);
  });

  it('cannot both have one name for a space', async () => {
    const name = `Harbour ${randomUUID()}`;
    const answers = await Promise.all([alice, bob].map((person) => person.answer(foundSpace, { spaceId: randomUUID(), general: randomUUID(), name })));
    expect(answers.filter((answer) => 'refused' in answer)).toHaveLength(1);
  });

  it('are not refused on one for what the other had just acknowledged', async () => {
    for (let round = 0; round < 10; round += 1) {
      const group = await aGroup(alice, [], `Round ${round}`);
      await alice.call(inviteToGroup, { conversationId: group, account: bob.account });
      await bob.says('here at once', { in: group });
    }
  });

  it('have what follows elsewhere happen once, though both appliances see to it', async () => {
    const { spaceId, general } = await aSpace(alice, [bob]);
    const channel = randomUUID();
    await alice.call(openChannel, { conversationId: channel, spaceId, name: 'Quay' });
    await isIn(bob, general);
    await bothCurrent();
    await bob.call(joinChannel, { conversationId: channel });
    await bob.call(leaveSpace, { spaceId });
    const leaving = async (): Promise<string[]> => (await one!.recorded()).filter(({ type, stream }) => type === 'MemberLeft' && [general, channel].includes(stream.slice('conversation-'.length))).map(({ stream }) => stream).sort();
    await eventually('he has left General and the channel', async () => (await leaving()).length === 2);
    await bothCurrent();
    expect(await leaving()).toEqual([`conversation-${general}`, `conversation-${channel}`].sort());
  });

  it('have the same rows in every view', async () => {
    await bothCurrent();
    for (const { view } of one!.house.views.states()) expect([view, await two!.house.views.digest(view)]).toEqual([view, await one!.house.views.digest(view)]);
  });
});

describe('nodes that start together on an empty log', () => {
  it('found it once, with one set of keys, and both serve', async () => {
    const together = await severalAppliances({ together: true });
    const [first, second] = together.appliances;
    expect(first!.house.logId).toBe(second!.house.logId);
    const { alice: anna, bob: bert } = await people(first!, 'alice', 'bob');
    const chat = await aDirectChat(anna, bert);
    await isIn(at(second!, bert), chat);
    await at(second!, bert).says('both here', { in: chat });
    await anna.sees('both here', { in: chat });
    await together.close();
  });
});

describe('a rule over several accounts', () => {
  it('leaves an administrator, though two withdraw each other at two appliances at once', async () => {
    const eve = await anEmployee(one!, adam, 'eve', 'Eve Ender', ['employee', 'administrator']);
    await bothCurrent();
    const answers = await Promise.all([adam.answer(withdrawRole, { account: eve.account, role: 'administrator' }), at(two!, eve).answer(withdrawRole, { account: adam.account, role: 'administrator' })]);
    await bothCurrent();
    expect(answers.filter((answer) => 'refused' in answer)).toHaveLength(1);
    for (const { house } of [one!, two!]) expect(house.standing.holdersOf('administrator')).toHaveLength(1);
    if (!one!.house.standing.holdersOf('administrator').includes(adam.account)) await at(two!, eve).call(grantRole, { account: adam.account, role: 'administrator' });
  });

  it('names one first officer, though two appliances are told at once', async () => {
    const name = (appliance: Appliance, account: string) => appliance.house.commandAs({ kind: 'operator', id: 'operator' }, granting, { account, role: 'officer', request: randomUUID() });
    // Whoever comes second is refused, or waits for the first one's approval.
    await Promise.all([name(one!, alice.account), name(two!, bob.account)]);
    await bothCurrent();
    expect(one!.house.standing.holdersOf('officer')).toHaveLength(1);
  });
});

describe('a session and an account', () => {
  it('made at one appliance a moment ago are good at the other', async () => {
    for (let round = 0; round < 5; round += 1) {
      await alice.signsIn();
      expect((await at(two!, alice).call(readMe, {})).account).toBe(alice.account);
      const newcomer = await anEmployee(one!, adam, `new${round}`);
      await at(two!, alice).call(openDirect, { with: newcomer.account });
    }
  });
});

describe('a revocation', () => {
  it('holds on the other appliance within a second', async () => {
    await mallory.call(readDirectory, {});
    await adam.call(suspendAccount, { account: mallory.account });
    const acknowledged = performance.now();
    await eventually('mallory is refused', async () => 'refused' in (await mallory.answer(readDirectory, {})));
    expect(performance.now() - acknowledged).toBeLessThan(1_000);
  });
});

describe('an appliance that is cut off from the log', () => {
  it('answers nobody, says why, and goes on by itself; the other goes on meanwhile', async () => {
    const chat = await aGroup(alice, [bob]);
    await isIn(bob, chat);
    await alice.says('before', { in: chat });
    await bob.sees('before', { in: chat });
    nodes.cables[1]!.pull();
    // Under way when the line broke: nobody says yes before it is in the log, and said again it is there once.
    const said = { conversationId: chat, messageId: randomUUID(), text: 'under way' };
    const commandId = randomUUID();
    const unknown = bob.answer(postMessage, said, { commandId });
    await eventually('the second refuses', async () => 'refused' in (await bob.answer(readDirectory, {})));
    const refused = await bob.refusal(readDirectory, {});
    expect([refused.status, refused.code, refused.sentence]).toEqual([503, 'unavailable', expect.stringContaining('Nothing was lost')]);
    await eventually('health says that the log cannot be reached', async () => (await healthOf(two!.house)).says.join(' ').includes('cannot be reached'));
    await alice.says('meanwhile', { in: chat });
    nodes.cables[1]!.plugIn();
    await eventually('the second answers again', async () => !('refused' in (await bob.answer(readDirectory, {}))));
    await bob.sees('meanwhile', { in: chat });
    const answer = await unknown;
    expect('refused' in answer ? answer.code : 'recorded').toMatch(/^(recorded|unavailable)$/);
    await bob.call(postMessage, said, { commandId });
    await bothCurrent();
    expect((await one!.recorded(`conversation-${chat}`)).filter(({ type }) => type === 'MessagePosted')).toHaveLength(3);
    await bob.says('back', { in: chat });
    await alice.sees('back', { in: chat });
    expect((await healthOf(two!.house)).fine).toBe(true);
  });
});
