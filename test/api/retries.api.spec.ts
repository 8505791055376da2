import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstToken } from '#appliance/house/first-link.ts';
import { acknowledgePasswordReset, approveOfficerRequest, changePassword, grantRole, listOfficerRequests, makePasswordLink, openAccount, openFirstAccount, readMe, restoreAccount, suspendAccount, usePasswordLink, withdrawRole } from '#src/contract/accounts.ts';
import { clearSetting, putSetting } from '#src/contract/administration.ts';
import { closeInquiry, openInquiry } from '#src/contract/archive.ts';
import { setClass } from '#src/contract/classes.ts';
import { appointAdministrator, closeChannel, foundSpace, inviteToGroup, inviteToSpace, joinChannel, leaveConversation, leaveSpace, openChannel, openDirect, openGroup, removeFromSpace, titleConversation, titleSpace } from '#src/contract/conversations.ts';
import type { Endpoint, InputOf } from '#src/contract/endpoint.ts';
import { markReadUpTo, markUnread, muteConversation, reportViewed, unmuteConversation } from '#src/contract/reading.ts';
import { addReaction, editMessage, postMessage, retractMessage, withdrawReaction } from '#src/contract/timeline.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { anEmployee, nobody, passwordOf, people, type Person } from '#test/support/people.ts';

let appliance: Appliance;
let adam: Person;
let alice: Person;
let bob: Person;
let olive: Person;
let oscar: Person;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ adam, alice, bob, olive, oscar } = await people(appliance, 'alice', 'bob', 'olive', 'oscar'));
});
afterAll(() => appliance?.close());

/** The answer was lost, so the client asks again: it hears the same, and the record has it once. */
const twice = async <E extends Endpoint>(person: Person, endpoint: E, input: InputOf<E>): Promise<void> => {
  const how = { commandId: randomUUID() };
  const underIt = async () => (await appliance.recorded()).filter(({ metadata }) => metadata.includes(how.commandId)).length;
  const first = await person.answer(endpoint, input, how);
  const recorded = await underIt();
  expect(first, endpoint.name).not.toHaveProperty('refused');
  expect(recorded, endpoint.name).toBeGreaterThan(0);
  expect(await person.answer(endpoint, input, how), `${endpoint.name} again`).toEqual(first);
  expect(await underIt(), `${endpoint.name} again`).toBe(recorded);
};

const tokenOf = (link: string | null): string => link!.slice(link!.indexOf('#') + 1);

describe('a command whose answer was lost', () => {
  it('is asked for again without harm, in a group and a direct chat', async () => {
    const [conversationId, messageId, reactionId] = [randomUUID(), randomUUID(), randomUUID()];
    await twice(alice, openGroup, { conversationId, title: 'Lunch', members: [bob.account] });
    await twice(alice, openDirect, { with: olive.account });
    await twice(alice, inviteToGroup, { conversationId, account: olive.account });
    await twice(bob, titleConversation, { conversationId, title: 'Dinner' });
    await twice(alice, postMessage, { conversationId, messageId, text: 'one' });
    await twice(alice, editMessage, { conversationId, messageId, text: 'two' });
    await twice(bob, addReaction, { conversationId, messageId, reactionId, emoji: '👍' });
    await twice(bob, withdrawReaction, { conversationId, messageId, reactionId });
    await twice(bob, reportViewed, { ranges: [{ conversationId, from: 0, to: 3 }] });
    await twice(bob, markReadUpTo, { conversationId, revision: 3 });
    await twice(bob, markUnread, { conversationId, revision: 2 });
    await twice(bob, muteConversation, { conversationId });
    await twice(bob, unmuteConversation, { conversationId });
    await twice(alice, retractMessage, { conversationId, messageId });
    await twice(olive, leaveConversation, { conversationId });
  });

  it('is asked for again without harm, in a space', async () => {
    const [spaceId, general, conversationId] = [randomUUID(), randomUUID(), randomUUID()];
    await twice(alice, foundSpace, { spaceId, general, name: 'Office' });
    await twice(alice, titleSpace, { spaceId, name: 'Bureau' });
    await twice(alice, inviteToSpace, { spaceId, account: bob.account });
    await twice(alice, appointAdministrator, { spaceId, account: bob.account });
    await twice(alice, openChannel, { spaceId, conversationId, name: 'plans' });
    await twice(bob, joinChannel, { conversationId });
    await twice(alice, closeChannel, { conversationId });
    await twice(alice, inviteToSpace, { spaceId, account: olive.account });
    await twice(bob, removeFromSpace, { spaceId, account: olive.account });
    await twice(alice, leaveSpace, { spaceId });
  });

  it('is asked for again without harm, about accounts, roles and settings', async () => {
    const ivy = await anEmployee(appliance, adam, 'ivy');
    const { account } = ivy;
    await twice(adam, openAccount, { account: randomUUID(), signInName: 'ivan', displayName: 'Ivan' });
    await twice(adam, grantRole, { account, role: 'administrator' });
    await twice(adam, withdrawRole, { account, role: 'administrator' });
    await twice(adam, grantRole, { account, role: 'officer' });
    const { request } = (await olive.call(listOfficerRequests, {})).requests.find((one) => one.account === account)!;
    await twice(olive, approveOfficerRequest, { account, request });
    await twice(oscar, withdrawRole, { account, role: 'officer' });
    await twice(adam, setClass, { account, classOfService: 'Advanced' });
    await twice(adam, suspendAccount, { account });
    await twice(adam, restoreAccount, { account });
    await twice(adam, makePasswordLink, { account });
    await twice(adam, putSetting, { name: 'organisation', value: 'Acme' });
    await twice(adam, clearSetting, { name: 'organisation' });
    const inquiry = randomUUID();
    await twice(olive, openInquiry, { inquiry, reason: 'a complaint' });
    await twice(olive, closeInquiry, { inquiry });
  });

  it('is asked for again without harm, about passwords', async () => {
    const ida = await anEmployee(appliance, adam, 'ida');
    const { link } = await adam.call(makePasswordLink, { account: ida.account });
    await twice(nobody(appliance), usePasswordLink, { token: tokenOf(link), password: 'ida has a new password' });
    await ida.signsIn('ida has a new password');
    await twice(ida, acknowledgePasswordReset, {});
    await twice(ida, changePassword, { current: 'ida has a new password', next: passwordOf('ida') });
  });
});

describe('a one-time link whose answer was lost', () => {
  const tokenIn = async (person: Person): Promise<string> => tokenOf((await adam.call(makePasswordLink, { account: person.account })).link);
  const commandId = randomUUID();

  it('answers its own retry as before, also when a newer link has replaced it, and is spent for everybody else', async () => {
    const iris = await anEmployee(appliance, adam, 'iris');
    const used = { token: await tokenIn(iris), password: 'iris has a new password' };
    const first = await nobody(appliance).call(usePasswordLink, used, { commandId });
    expect(await nobody(appliance).refusal(usePasswordLink, used)).toMatchObject({ code: 'link-spent' });
    const newer = { ...used, token: await tokenIn(iris) };
    expect(await nobody(appliance).call(usePasswordLink, used, { commandId })).toEqual(first);
    expect(await nobody(appliance).refusal(usePasswordLink, newer, { commandId })).toMatchObject({ code: 'command-id-taken' });
    expect(await nobody(appliance).refusal(usePasswordLink, { ...used, password: 'another password of iris' }, { commandId })).toMatchObject({ code: 'command-id-taken' });
    await nobody(appliance).call(usePasswordLink, newer);
    await iris.signsIn(used.password);
  });

  it('makes the first administrator once, and says so again after a restart', async () => {
    const young = await anAppliance();
    try {
      const input = { token: firstToken(young.house)!, signInName: 'adam', displayName: 'Adam', password: passwordOf('adam') };
      const first = await nobody(young).call(openFirstAccount, input, { commandId });
      for (const again of [() => Promise.resolve(), () => young.restart()]) {
        await again();
        const person = nobody(young);
        expect(await person.call(openFirstAccount, input, { commandId })).toEqual(first);
        expect((await person.call(readMe, {})).account).toBe(first.account);
        expect(await nobody(young).refusal(openFirstAccount, input)).toMatchObject({ code: 'link-spent' });
        const others = [{ token: 'another-token-of-somebody-who-guesses-it' }, { signInName: 'eve' }, { displayName: 'Eve' }, { password: 'a password of nobody' }];
        for (const other of others) {
          const eve = nobody(young);
          expect(await eve.refusal(openFirstAccount, { ...input, ...other }, { commandId }), JSON.stringify(other)).toMatchObject({ code: 'command-id-taken' });
          expect(eve.cookie).toBeUndefined();
        }
      }
      expect((await young.recorded()).filter(({ type }) => type === 'AccountOpened')).toHaveLength(1);
    } finally {
      await young.close();
    }
  });

  it('answers its own retry after a restart', async () => {
    const ines = await anEmployee(appliance, adam, 'ines');
    const used = { token: await tokenIn(ines), password: 'ines has a new password' };
    const first = await nobody(appliance).call(usePasswordLink, used, { commandId });
    await appliance.restart();
    expect(await nobody(appliance).call(usePasswordLink, used, { commandId })).toEqual(first);
    expect(await nobody(appliance).refusal(usePasswordLink, used)).toMatchObject({ code: 'link-spent' });
  });
});
