import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteToSpace, joinChannel, leaveSpace, listConversations, openChannel, removeFromSpace } from '#src/contract/conversations.ts';
import { editMessage, postMessage, readTimeline, whoViewed } from '#src/contract/timeline.ts';
import { anAppliance, holdFollowUps, type Appliance } from '#test/support/appliance.ts';
import { aSpace, isIn, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob } = await people(appliance, 'alice', 'bob'));
});
afterAll(() => appliance?.close());

const aChannelWith = async (): Promise<{ spaceId: string; general: string; channel: string }> => {
  const { spaceId, general } = await aSpace(alice, [bob]);
  const channel = randomUUID();
  await alice.call(openChannel, { spaceId, conversationId: channel, name: 'plans' });
  await alice.answer(joinChannel, { conversationId: channel });
  await bob.call(joinChannel, { conversationId: channel });
  return { spaceId, general, channel };
};
const membershipEvents = async (channel: string): Promise<readonly string[]> =>
  (await appliance.recorded(`conversation-${channel}`)).filter(({ type, data }) => type.startsWith('Member') && data.includes(bob.account)).map(({ type }) => type);

describe('who left a space while its channels are still to be left', () => {
  it('has no power in them any more, and none back by returning to the space', async () => {
    const { spaceId, channel } = await aChannelWith();
    const { messageId, revision } = await bob.says('mine', { in: channel });
    const letGo = holdFollowUps(appliance);
    await bob.call(leaveSpace, { spaceId });
    const refused = async () => [
      await bob.refusal(postMessage, { conversationId: channel, messageId: randomUUID(), text: 'still here' }),
      await bob.refusal(editMessage, { conversationId: channel, messageId, text: 'other' }),
      await bob.refusal(readTimeline, { conversationId: channel }),
      await bob.refusal(whoViewed, { conversationId: channel, revision }),
    ].map(({ code }) => code);
    expect(await refused()).toEqual(['not-a-member', 'not-a-member', 'not-a-member', 'not-a-member']);
    expect((await bob.call(listConversations, {})).conversations.some(({ space }) => space === spaceId)).toBe(false);
    await alice.call(inviteToSpace, { spaceId, account: bob.account });
    expect(await refused()).toEqual(['not-a-member', 'not-a-member', 'not-a-member', 'not-a-member']);
    // The channel's own leaving has not been recorded yet, and joining anew is possible at once.
    expect(await membershipEvents(channel)).toEqual(['MemberJoined']);
    await bob.call(joinChannel, { conversationId: channel });
    await bob.says('back', { in: channel });
    letGo();
    await eventually('what follows has been done', async () => (await bob.call(listConversations, {})).conversations.filter(({ space }) => space === spaceId).length === 2);
    // The late leaving belongs to the old join, and takes nothing from the new one.
    await bob.says('still back', { in: channel });
    expect(await membershipEvents(channel)).toEqual(['MemberJoined', 'MemberJoined']);
  });

  it('is put out of the channels when the follow-up comes, also after a restart', async () => {
    const { spaceId, general, channel } = await aChannelWith();
    holdFollowUps(appliance);
    await alice.call(removeFromSpace, { spaceId, account: bob.account });
    await appliance.restart();
    await eventually('bob left both channels', async () => (await Promise.all([general, channel].map(membershipEvents))).every((events) => events.at(-1) === 'MemberLeft'));
    await alice.call(inviteToSpace, { spaceId, account: bob.account });
    await isIn(bob, general);
    expect((await bob.refusal(readTimeline, { conversationId: channel })).code).toBe('not-a-member');
  });

  it('hears nothing more of them on open sockets within a second', async () => {
    const { spaceId, general, channel } = await aChannelWith();
    await bob.forgetsSocket();
    await alice.forgetsSocket();
    const socket = await bob.socket;
    await socket.subscribe('conversations', bob.account);
    await bob.timeline(channel);
    await bob.timeline(general);
    await alice.says('while bob is in', { in: channel });
    await bob.sees('while bob is in', { in: channel });
    const letGo = holdFollowUps(appliance);
    await alice.call(removeFromSpace, { spaceId, account: bob.account });
    await eventually('bob may not have it on screen any more', async () => {
      const text = `secret ${randomUUID()}`;
      for (const conversationId of [general, channel]) {
        await alice.says(text, { in: conversationId, mentions: [{ account: 'everyone', from: 0, to: 6 }] });
        await alice.sees(text, { in: conversationId });
      }
      await socket.caughtUp();
      return !JSON.stringify(socket.frames).includes(text);
    }, () => socket.frames.slice(-3), 1_000);
    letGo();
  });
});
