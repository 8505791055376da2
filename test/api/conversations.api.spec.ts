import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listConversations } from '#src/contract/conversations.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, aSpace, people, type Person } from '#test/support/people.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob } = await people(appliance, 'alice', 'bob'));
});
afterAll(() => appliance.close());

describe('direct chats', () => {
  it('are one when two people open them at once', async () => {
    const [one, other] = await Promise.all([aDirectChat(alice, bob), aDirectChat(bob, alice)]);
    expect(one).toBe(other);
    await alice.says('hi', { in: one });
    expect(await bob.sees('hi', { in: one })).toMatchObject({ author: alice.account, ordinal: 1 });
    expect((await appliance.recorded(`conversation-${one}`)).map(({ type }) => type)).toEqual(['ConversationOpened', 'MessagePosted']);
    expect((await bob.call(listConversations, {})).conversations.filter(({ kind }) => kind === 'direct')).toHaveLength(1);
  });
});

describe('spaces', () => {
  it('show what is said in General to everybody in them', async () => {
    const { general } = await aSpace(alice, [bob]);
    await alice.says('welcome', { in: general });
    await bob.sees('welcome', { in: general });
  });
});
