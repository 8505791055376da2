import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appointAdministrator, closeChannel, inviteToSpace, joinChannel, openChannel, readSpace, removeFromSpace, titleSpace } from '#src/contract/conversations.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aSpace, isIn, people, type Person } from '#test/support/people.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
let mallory: Person;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, mallory } = await people(appliance, 'alice', 'bob', 'mallory'));
});
afterAll(() => appliance?.close());

describe('the administrators of a space', () => {
  it('alone invite, open and close channels, remove members, name the space and appoint others', async () => {
    const { spaceId, general } = await aSpace(alice, [bob], 'Works council');
    const channel = randomUUID();
    await alice.call(openChannel, { spaceId, conversationId: channel, name: 'drafts' });
    await bob.call(joinChannel, { conversationId: channel });
    const before = await appliance.logSize();
    const refusals = [
      await bob.refusal(inviteToSpace, { spaceId, account: mallory.account }),
      await bob.refusal(openChannel, { spaceId, conversationId: randomUUID(), name: 'mine' }),
      await bob.refusal(closeChannel, { conversationId: channel }),
      await bob.refusal(removeFromSpace, { spaceId, account: alice.account }),
      await bob.refusal(titleSpace, { spaceId, name: 'Bob\'s own' }),
      await bob.refusal(appointAdministrator, { spaceId, account: bob.account }),
    ];
    expect(refusals.map(({ code }) => code)).toEqual(refusals.map(() => 'not-an-administrator'));
    expect(await appliance.logSize()).toBe(before);

    await alice.call(inviteToSpace, { spaceId, account: mallory.account });
    await isIn(mallory, general);
    await alice.call(closeChannel, { conversationId: channel });
    await alice.call(removeFromSpace, { spaceId, account: mallory.account });
    expect((await mallory.refusal(readSpace, { spaceId })).code).toBe('not-a-member');
  });

  it('are asked again at every act: who was appointed may, at once', async () => {
    const { spaceId } = await aSpace(alice, [bob]);
    await alice.call(appointAdministrator, { spaceId, account: bob.account });
    await bob.call(inviteToSpace, { spaceId, account: mallory.account });
    expect((await alice.call(readSpace, { spaceId })).members.map(({ account }) => account)).toContain(mallory.account);
  });
});
