import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { openAccount } from '#src/contract/accounts.ts';
import { readSpace } from '#src/contract/conversations.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aGroup, people, type Person } from '#test/support/people.ts';

describe('people in groups, spaces and channels', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person; readonly mallory: Person; readonly adam: Person };
  let alice: Tab;
  let bob: Tab;
  let mallory: Tab;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set();
    who = await people(stage.appliance, 'alice', 'bob', 'mallory');
    alice = await stage.tab('alice', { who: who.alice });
    bob = await stage.tab('bob', { who: who.bob });
    mallory = await stage.tab('mallory', { who: who.mallory });
    await Promise.all([alice, bob, mallory].map((tab) => tab.goes('/')));
  });
  afterAll(() => stage?.close());

  tell('found a space with an invitation, and General is there for both', async () => {
    await alice.presses('New space', alice.list);
    await alice.page.getByRole('textbox', { name: /^Name/ }).fill('Field trials');
    await alice.page.getByLabel('Topic (optional)').fill('Meters in the open');
    await alice.page.getByRole('combobox', { name: 'Invite' }).fill('bob');
    await alice.page.getByRole('option', { name: /Bob Bytner/ }).click();
    await alice.presses('Found space');
    await alice.sees(alice.page.locator('conversation-screen h1', { hasText: 'Field trials' }));
    await bob.sees(bob.row('General'));
    await bob.enters('General', 'Field trials');
    await bob.says('Good to be here');
    await alice.sees(alice.message('Good to be here'));
    await alice.sees(alice.page.locator('conversation-screen header', { hasText: 'Meters in the open' }));
  });

  tell('a second space cannot have the name of the first, however it is written', async () => {
    await mallory.presses('New space', mallory.list);
    await mallory.page.getByRole('textbox', { name: /^Name/ }).fill('FIELD trials');
    await mallory.presses('Found space');
    await mallory.sees(mallory.page.getByRole('alert'));
    await mallory.presses('Cancel');
    await mallory.sees('You are in no space yet.');
  });

  tell('open a channel that the other joins by himself', async () => {
    await alice.row('Field trials').click();
    await alice.presses('New channel');
    await alice.page.getByRole('textbox', { name: /^Name/ }).fill('aarhus');
    await alice.presses(/^Open channel$/);
    await alice.sees(alice.page.locator('conversation-screen h1', { hasText: 'aarhus' }));
    await alice.says('The masts stand');
    await bob.row('Field trials').click();
    await bob.presses('Join aarhus');
    await bob.sees(bob.message('The masts stand'));
    await alice.sees(alice.page.locator('li.life', { hasText: 'Bob Bytner joined.' }));
  });

  tell('are told apart when somebody is named', async () => {
    await bob.enters('General', 'Field trials');
    await alice.says('nothing for you in particular');
    await bob.finds('the count', 'unread: 1', () => spoken(bob, 'aarhus'));
    await alice.composer.fill('@bob');
    await alice.sees(alice.page.getByRole('option', { name: /Bob Bytner/ }));
    await alice.keys('Enter');
    await alice.composer.pressSequentially('look here');
    await alice.keys('Enter');
    await alice.sees(alice.message('look here').locator('.mention', { hasText: '@Bob Bytner' }));
    await bob.finds('the count', 'mentions: 1', () => spoken(bob, 'aarhus'));
    await bob.finds('the title of the tab', true, async () => (await bob.page.title()).startsWith('(1) '));
    await bob.enters('aarhus');
    await bob.finds('the count', '', () => spoken(bob, 'aarhus'));
  });

  tell('nobody sees a space they were not invited to, by list, by finding or by address', async () => {
    expect(await mallory.page.locator('side-bar').innerText()).not.toContain('Field trials');
    await mallory.keys('Control+k');
    await mallory.page.getByRole('combobox').fill('aarhus');
    await mallory.sees(mallory.page.getByRole('option', { name: /Search messages for/ }));
    expect(await mallory.page.getByRole('option').allInnerTexts()).toHaveLength(1);
    await mallory.keys('Escape');
    const spaceId = await alice.page.locator('side-bar a.row[href^="/spaces/"]').getAttribute('href');
    const there = [`/c/${alice.conversation}`, spaceId!];
    for (const address of there) {
      await mallory.goes(address);
      await mallory.sees(mallory.page.locator('main').getByRole('heading', { name: 'Not here' }));
      expect(await mallory.page.locator('main').innerText()).not.toMatch(/masts|Field trials|aarhus/);
    }
    // What does not exist looks the same.
    const yours = await who.mallory.refusal(readSpace, { spaceId: spaceId!.split('/').at(-1)! });
    const nobodys = await who.mallory.refusal(readSpace, { spaceId: '00000000-0000-4000-8000-000000000000' });
    expect(yours).toEqual(nobodys);
  });

  tell('a group takes five, and says so before the sixth', async () => {
    const [carla, dan] = await Promise.all([['carla', 'Carla Crowd'], ['dan', 'Dan Crowd'], ['eve', 'Eve Crowd']].map(async ([signInName = '', displayName = '']) => {
      const account = randomUUID();
      await who.adam.call(openAccount, { account, signInName, displayName, roles: ['employee'] });
      return { account };
    }));
    await aGroup(who.alice, [who.bob, carla!, dan!], 'Lunch');
    await alice.enters('Lunch');
    await alice.presses('Invite to this group');
    await alice.sees('4 of 5 places are taken. Who comes in can read what was said before.');
    await alice.dialog.getByRole('combobox').fill('eve');
    await alice.page.getByRole('option', { name: /Eve Crowd/ }).click();
    await alice.sees('That is as many as fit.');
    await alice.dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    await alice.sees(alice.page.locator('li.life', { hasText: 'Alice Abara invited Eve Crowd.' }));
    await alice.sees(alice.page.locator('conversation-screen header').getByRole('button', { name: '5 people. Show details' }));
  });

  tell('who leaves a group reads it no more, and the others see that they left', async () => {
    await bob.enters('Lunch');
    await bob.presses('Leave group');
    await bob.sees('You read the group no more.');
    await bob.dialog.getByRole('button', { name: 'Leave group' }).click();
    await bob.seesNo(bob.row('Lunch'));
    await alice.sees(alice.page.locator('li.life', { hasText: 'Bob Bytner left.' }));
    await alice.says('after he left');
    await alice.finds('the mark', 'In the record', () => alice.markOf('after he left'));
    await bob.goes(`/c/${alice.conversation}`);
    await bob.sees(bob.page.locator('main').getByRole('heading', { name: 'Not here' }));
    expect(await bob.page.locator('main').innerText()).not.toContain('after he left');
  });

  tell('the last administrator of a space cannot leave it', async () => {
    await alice.row('Field trials').click();
    await alice.presses('Leave space', alice.page.locator('space-screen'));
    await alice.dialog.getByRole('button', { name: 'Leave space' }).click();
    await alice.sees(alice.dialog.getByRole('alert'));
    await alice.presses('Cancel');
  });
});

/** What a screen reader is told of the count beside a channel; empty for none. */
const spoken = async (tab: Tab, title: string): Promise<string> => ((await tab.row(title).locator('.count').allInnerTexts())[0] ?? '').replace(/\s+/g, ' ');
