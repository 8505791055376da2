import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearSetting, putSetting } from '#src/contract/administration.ts';
import { restoreAccount, suspendAccount } from '#src/contract/accounts.ts';
import { appointAdministrator, closeChannel, foundSpace, inviteToGroup, inviteToSpace, joinChannel, leaveConversation, leaveSpace, listConversations, openChannel, openDirect, openGroup, readConversation, readSpace, removeFromSpace, titleConversation, titleSpace } from '#src/contract/conversations.ts';
import { postMessage, readTimeline } from '#src/contract/timeline.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, aGroup, anEmployee, aSpace, isIn, people, type Person } from '#test/support/people.ts';
import { isRefused, liveConversations } from '#test/support/person-socket.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let adam: Person;
let alice: Person;
let bob: Person;
let mallory: Person;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ adam, alice, bob, mallory } = await people(appliance, 'alice', 'bob', 'mallory'));
});
afterAll(() => appliance?.close());

const said = (conversationId: string) => ({ conversationId, messageId: randomUUID(), text: 'hello' });

describe('direct chats', () => {
  it('are one when two people open them at once', async () => {
    const [one, other] = await Promise.all([aDirectChat(alice, bob), aDirectChat(bob, alice)]);
    expect(one).toBe(other);
    await alice.says('hi', { in: one });
    expect(await bob.sees('hi', { in: one })).toMatchObject({ author: alice.account, ordinal: 1 });
    expect((await appliance.recorded(`conversation-${one}`)).map(({ type }) => type)).toEqual(['ConversationOpened', 'MessagePosted']);
    expect((await bob.call(listConversations, {})).conversations.filter(({ kind }) => kind === 'direct')).toHaveLength(1);
  });

  it('are found again, cannot be left, titled or joined, and are nobody else\'s', async () => {
    const conversationId = await aDirectChat(alice, bob);
    expect(await aDirectChat(bob, alice)).toBe(conversationId);
    expect((await alice.refusal(leaveConversation, { conversationId })).code).toBe('direct-cannot-be-left');
    expect((await alice.refusal(titleConversation, { conversationId, title: 'Us' })).code).toBe('direct-has-no-title');
    expect((await alice.refusal(inviteToGroup, { conversationId, account: mallory.account })).code).toBe('not-a-group');
    expect((await mallory.refusal(joinChannel, { conversationId })).code).toBe('not-a-member');
    expect((await mallory.refusal(postMessage, said(conversationId))).code).toBe('not-a-member');
    expect((await mallory.refusal(readTimeline, { conversationId })).code).toBe('not-a-member');
  });

  it('are not opened with oneself, with nobody, or with somebody suspended', async () => {
    const ivo = await anEmployee(appliance, adam, 'ivo');
    expect((await alice.refusal(openDirect, { with: alice.account })).code).toBe('person-not-found');
    expect((await alice.refusal(openDirect, { with: randomUUID() })).code).toBe('person-not-found');
    await adam.call(suspendAccount, { account: ivo.account });
    expect((await alice.refusal(openDirect, { with: ivo.account })).code).toBe('person-suspended');
    await adam.call(restoreAccount, { account: ivo.account });
    await aDirectChat(alice, ivo);
  });
});

describe('groups', () => {
  it('have as many members as the setting says', async () => {
    const more = await Promise.all(['ines', 'igor', 'ilse'].map((name) => anEmployee(appliance, adam, name)));
    const full = [bob, mallory, ...more];
    expect(await alice.refusal(openGroup, { conversationId: randomUUID(), title: 'Six', members: full.map(({ account }) => account) })).toMatchObject({ code: 'group-full', limit: 5 });
    const conversationId = await aGroup(alice, full.slice(0, 4), 'Five');
    expect(await bob.refusal(inviteToGroup, { conversationId, account: more[2]!.account })).toMatchObject({ code: 'group-full', limit: 5 });
    await adam.call(putSetting, { name: 'groupMembersMax', value: 6 });
    await bob.call(inviteToGroup, { conversationId, account: more[2]!.account });
    expect((await bob.refusal(inviteToGroup, { conversationId, account: more[2]!.account })).code).toBe('already-a-member');
    await adam.call(clearSetting, { name: 'groupMembersMax' });
  });

  it('close when the last one leaves, and stay readable to nobody new', async () => {
    const conversationId = await aGroup(alice, [bob]);
    await alice.call(leaveConversation, { conversationId });
    expect((await alice.refusal(postMessage, said(conversationId))).code).toBe('not-a-member');
    await bob.says('alone', { in: conversationId });
    await bob.call(leaveConversation, { conversationId });
    expect((await appliance.recorded(`conversation-${conversationId}`)).map(({ type }) => type)).toEqual(['ConversationOpened', 'MemberLeft', 'MessagePosted', 'MemberLeft', 'ConversationClosed']);
    expect((await bob.refusal(readTimeline, { conversationId })).code).toBe('not-a-member');
    expect((await bob.call(listConversations, {})).conversations.map((row) => row.conversationId)).not.toContain(conversationId);
  });

  it('are told to whoever is brought in, and keep nothing from them', async () => {
    const conversationId = await aGroup(alice, [bob]);
    await alice.says('before mallory', { in: conversationId });
    const list = await liveConversations(await mallory.socket, mallory.account);
    await bob.call(inviteToGroup, { conversationId, account: mallory.account });
    await list.until('the group is listed', ({ conversations }) => conversations.find((row) => row.conversationId === conversationId));
    await mallory.sees('before mallory', { in: conversationId });
    expect((await mallory.call(listConversations, {})).conversations.find((row) => row.conversationId === conversationId)).toMatchObject({ unread: 0 });
  });
});

describe('spaces', () => {
  it('have a name that only one of two who want it at once gets, however it is written', async () => {
    const answers = await Promise.all([alice, bob].map((person, n) => person.answer(foundSpace, { spaceId: randomUUID(), general: randomUUID(), name: n === 0 ? 'Ledger' : 'LEDGER' })));
    expect(answers.filter(isRefused)).toMatchObject([{ code: 'name-taken' }]);
    expect((await mallory.refusal(foundSpace, { spaceId: randomUUID(), general: randomUUID(), name: 'ledger' })).code).toBe('name-taken');
    const { spaceId } = await aSpace(mallory, [], 'Archive');
    expect((await mallory.refusal(titleSpace, { spaceId, name: 'ledger' })).code).toBe('name-taken');
    await mallory.call(titleSpace, { spaceId, name: 'Vault' });
    expect((await mallory.call(readSpace, { spaceId })).space).toMatchObject({ name: 'Vault' });
  });

  it('have a General channel that carries their name and topic, and that stays', async () => {
    const { spaceId, general } = await aSpace(alice, [bob], 'Kitchen');
    await alice.says('welcome', { in: general });
    await bob.sees('welcome', { in: general });
    await alice.call(titleSpace, { spaceId, name: 'Kitchen and garden', topic: 'Food' });
    expect((await bob.call(readConversation, { conversationId: general })).conversation).toMatchObject({ title: 'Kitchen and garden', topic: 'Food', general: true });
    expect((await alice.refusal(titleConversation, { conversationId: general, title: 'Mine' })).code).toBe('title-is-the-spaces');
    expect((await alice.refusal(closeChannel, { conversationId: general })).code).toBe('general-stays');
  });

  it('have channels that their members join and leave by themselves, and that others know nothing of', async () => {
    const { spaceId } = await aSpace(alice, [bob]);
    const conversationId = randomUUID();
    expect((await bob.refusal(openChannel, { spaceId, conversationId, name: 'plans' })).code).toBe('not-an-administrator');
    await alice.call(openChannel, { spaceId, conversationId, name: 'plans' });
    expect((await bob.refusal(postMessage, said(conversationId))).code).toBe('not-a-member');
    expect((await bob.call(readConversation, { conversationId }))).toMatchObject({ joined: false, conversation: { title: 'plans' } });
    await bob.call(joinChannel, { conversationId });
    expect((await bob.refusal(joinChannel, { conversationId })).code).toBe('already-a-member');
    await bob.says('here', { in: conversationId });
    await bob.call(leaveConversation, { conversationId });
    expect((await bob.refusal(readTimeline, { conversationId })).code).toBe('not-a-member');
    for (const refusal of [await mallory.refusal(joinChannel, { conversationId }), await mallory.refusal(readConversation, { conversationId }), await mallory.refusal(readSpace, { spaceId })]) expect(refusal.code).toBe('not-a-member');
    await bob.call(joinChannel, { conversationId });
    await alice.call(closeChannel, { conversationId });
    expect((await bob.refusal(postMessage, said(conversationId))).code).toBe('conversation-closed');
    expect((await bob.call(readTimeline, { conversationId })).lines.some((line) => line.kind === 'message' && line.text === 'here')).toBe(true);
  });

  it('tell every member at once how many channels there are, joined or not', async () => {
    const { spaceId } = await aSpace(alice, [bob]);
    const list = await liveConversations(await bob.socket, bob.account);
    const channels = ({ spaces }: typeof list.now) => spaces.find((space) => space.spaceId === spaceId)?.channelCount;
    expect(channels(list.now)).toBe(1);
    const conversationId = randomUUID();
    await alice.call(openChannel, { spaceId, conversationId, name: 'plans' });
    await list.until('a second channel', (now) => channels(now) === 2);
    expect(list.now.conversations.map((row) => row.conversationId)).not.toContain(conversationId);
    await alice.call(closeChannel, { conversationId });
    await list.until('it is closed', (now) => channels(now) === 1);
    expect(channels(await bob.call(listConversations, {}))).toBe(1);
  });

  it('keep their last administrator, and take a former one back as a plain member', async () => {
    const { spaceId, general } = await aSpace(alice, [bob]);
    expect((await alice.refusal(leaveSpace, { spaceId })).code).toBe('last-administrator');
    expect((await bob.refusal(appointAdministrator, { spaceId, account: bob.account })).code).toBe('not-an-administrator');
    await alice.call(appointAdministrator, { spaceId, account: bob.account });
    await alice.call(leaveSpace, { spaceId });
    expect((await bob.refusal(leaveSpace, { spaceId })).code).toBe('last-administrator');
    expect((await alice.refusal(readSpace, { spaceId })).code).toBe('not-a-member');
    await bob.call(inviteToSpace, { spaceId, account: alice.account });
    expect((await bob.call(readSpace, { spaceId })).space.administrators).toEqual([bob.account]);
    expect((await alice.refusal(inviteToSpace, { spaceId, account: mallory.account })).code).toBe('not-an-administrator');
    await isIn(alice, general);
  });

  it('lose those who are removed, from every channel', async () => {
    const { spaceId, general } = await aSpace(alice, [bob, mallory]);
    expect((await bob.refusal(removeFromSpace, { spaceId, account: mallory.account })).code).toBe('not-an-administrator');
    await alice.call(removeFromSpace, { spaceId, account: bob.account });
    expect((await bob.refusal(postMessage, said(general))).code).toBe('not-a-member');
    await eventually('bob is no member of General', async () => !(await mallory.call(readConversation, { conversationId: general })).members.some(({ account }) => account === bob.account));
  });
});
