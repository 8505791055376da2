import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { leaveConversation, listConversations } from '#src/contract/conversations.ts';
import { LogStopped } from '#src/log/event-log.ts';
import { wrapLog } from '#test/support/appliance.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aDirectChat, aGroup, people, type Person } from '#test/support/people.ts';

describe('an ordinary day', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person; readonly mallory: Person; readonly olive: Person; readonly adam: Person };
  let alice: Tab;
  let bob: Tab;
  let group: string;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set();
    who = await people(stage.appliance, 'alice', 'bob', 'mallory', 'olive');
    group = await aGroup(who.alice, [who.bob], 'Lunch');
    const [withBob, withMallory] = [await aDirectChat(who.alice, who.bob), await aDirectChat(who.alice, who.mallory)];
    await who.bob.says('good morning', { in: withBob });
    await who.mallory.says('good morning to you too', { in: withMallory });
    alice = await stage.tab('alice', { who: who.alice, cabled: true });
    bob = await stage.tab('bob', { who: who.bob });
    await Promise.all([alice, bob].map((tab) => tab.goes('/')));
  });
  afterAll(() => stage?.close());

  const names = (tab: Tab) => tab.list.locator('a.row.two .name').allInnerTexts();

  tell('has the list in the order in which people spoke, and nobody in it who was never written to', async () => {
    await alice.finds('the list', ['Mallory Moss', 'Bob Bytner', 'Lunch'], () => names(alice));
    await who.bob.says('soup today', { in: group });
    await alice.finds('the list', ['Lunch', 'Mallory Moss', 'Bob Bytner'], () => names(alice));
    await bob.finds('the list', ['Lunch', 'Alice Abara'], () => names(bob));
  });

  tell('shows people under Conversations with a round face and groups with a rounded square', async () => {
    await alice.sees(alice.list.getByRole('heading', { name: 'Conversations' }));
    const roundness = (title: string) => alice.row(title).locator('hansard-avatar .face').evaluate((face) => getComputedStyle(face).borderRadius);
    expect([await roundness('Bob Bytner'), await roundness('Lunch')]).toEqual(['50%', '26%']);
  });

  tell('lets people choose how they are seen, the last choice in every tab, and the others see it', async () => {
    const phone = await stage.tab('bob-phone', { who: who.bob, viewport: { width: 390, height: 844 } });
    await phone.goes('/');
    const chooses = async (tab: Tab, now: RegExp, state: string): Promise<void> => {
      await tab.button(now).click();
      await tab.page.getByRole('menuitemradio', { name: state }).click();
    };
    const seenAs = async (state: string): Promise<void> => {
      await alice.sees(alice.row('Bob Bytner').locator('hansard-avatar', { hasText: state }));
      for (const tab of [bob, phone]) await tab.sees(tab.button(new RegExp(`^Bob Bytner\\s*${state}`)));
    };
    await seenAs('Available');
    await chooses(bob, /^Bob Bytner\s*Available/, 'Do not disturb');
    await seenAs('Do not disturb');
    await chooses(phone, /^Bob Bytner\s*Do not disturb/, 'Away');
    await seenAs('Away');
    await chooses(bob, /^Bob Bytner\s*Away/, 'Offline');
    await seenAs('Offline');
    await chooses(phone, /^Bob Bytner\s*Offline/, 'Available');
    await seenAs('Available');
    await phone.page.close();
  });

  tell('leaves who is offline by choice in peace: no badge, nothing announced, and all of it counted on their return', async () => {
    const chat = await aDirectChat(who.alice, who.bob);
    const phone = await stage.tab('bob-phone', { who: who.bob, viewport: { width: 390, height: 844 } });
    await phone.goes(`/c/${group}`);
    await bob.goes('/');
    await bob.button(/^Bob Bytner\s*Available/).click();
    await bob.page.getByRole('menuitemradio', { name: 'Offline' }).click();
    await bob.sees('Offline, nothing alerts you');
    const badge = async (tab: Tab): Promise<string> => /^\(\d+\) /.exec(await tab.page.title())?.[0] ?? '';
    await phone.finds('the badge', '', () => badge(phone));
    const { unread } = (await who.bob.call(listConversations, {})).conversations.find((row) => row.conversationId === chat)!;
    await who.alice.says('are you there?', { in: chat });
    await who.alice.says('soup?', { in: group });
    await bob.sees(bob.row('Alice Abara').getByText(String(unread + 1)));
    await phone.sees(phone.message('soup?'));
    for (const tab of [bob, phone]) expect(await badge(tab)).toBe('');
    expect(await phone.page.locator('message-list [aria-live]').innerText()).toBe('');
    await bob.button(/^Bob Bytner\s*Offline/).click();
    await bob.page.getByRole('menuitemradio', { name: 'Available' }).click();
    await bob.finds('the badge', `(${unread + 1}) `, () => badge(bob));
    await phone.page.close();
  });

  tell('says which version this is, and helps where one is', async () => {
    await bob.presses('Settings', bob.list);
    await bob.chooses('About Hansard');
    await bob.sees(/^Version \d+\.\d+\.\d+\. Licensed under the Apache License, Version 2\.0\./);
    await bob.keys('Escape', 'F1');
    await bob.sees(bob.page.getByRole('heading', { name: 'Your conversations' }));
    await bob.keys('Escape');
    await bob.enters('Lunch');
    await bob.keys('F1');
    await bob.sees(bob.page.getByRole('heading', { name: 'In a conversation' }));
    await bob.presses('Keyboard shortcuts');
    await bob.sees(bob.page.getByRole('heading', { name: 'Keyboard shortcuts' }));
    await bob.keys('Escape');
    await bob.goes('/');
  });

  tell('puts the list away on a small screen, and brings it back', async () => {
    const phone = await stage.tab('bob-phone', { who: who.bob, viewport: { width: 390, height: 844 } });
    await phone.goes('/');
    await phone.enters('Lunch');
    expect(await phone.list.isVisible()).toBe(false);
    await phone.presses('Back to the list');
    await phone.sees(phone.row('Lunch'));
    expect(await phone.page.locator('conversation-screen').isVisible()).toBe(false);
    await phone.page.close();
  });

  tell('keeps what was changed without a connection over the end of the tab, and sends it in order and once', async () => {
    await alice.enters('Lunch');
    await bob.enters('Lunch');
    for (const text of ['noodles today', 'a slip of the hand']) await alice.says(text);
    await alice.finds('the mark', 'Viewed by everyone', () => alice.markOf('a slip of the hand'));
    const before = (await stage.appliance.recorded(`conversation-${group}`)).length;
    await alice.losesConnection();
    await alice.sees(/^Offline\. What you write goes out/);
    await alice.does('Edit', 'noodles today');
    await alice.says('noodles tomorrow');
    await alice.sees(alice.message('noodles tomorrow'));
    await alice.sees(alice.message('noodles tomorrow').getByText('This change is not sent yet. It will go out when the connection is back.'));
    await alice.does('Edit', 'noodles tomorrow');
    await alice.says('noodles on Friday');
    await alice.does('React', 'soup today');
    await alice.page.locator('emoji-picker .board button').first().click();
    await alice.sees(alice.message('soup today').locator('.reaction[aria-pressed=true]'));
    await alice.does(/^Retract/, 'a slip of the hand');
    await alice.presses('Retract message');
    await alice.sees('You retracted this message');
    await alice.says('and a word after all that');
    await alice.page.reload().catch(() => undefined);
    await alice.regainsConnection();
    await alice.goes(`/c/${group}`);
    await bob.sees(bob.message('and a word after all that'));
    await bob.sees(bob.message('noodles on Friday'));
    await bob.seesNo(bob.message('a slip of the hand'));
    await bob.sees(bob.message('soup today').locator('.reaction'));
    await alice.finds('the mark', 'Viewed by everyone', () => alice.markOf('and a word after all that'));
    await alice.sees(alice.message('noodles on Friday'));
    await alice.seesNo('not sent yet');
    const kinds = (await stage.appliance.recorded(`conversation-${group}`)).slice(before).map(({ type }) => type);
    expect(kinds).toEqual(['MessageEdited', 'MessageEdited', 'ReactionAdded', 'MessageRetracted', 'MessagePosted']);
  });

  tell('says that another change waits in this tab alone, and asks before the tab is left', async () => {
    await alice.losesConnection();
    await alice.sees(/^Offline\. What you write goes out/);
    await alice.does('Mark unread from here', 'noodles on Friday');
    await alice.sees(/One change waits in this tab alone: keep it open until then\./);
    const asked = alice.page.waitForEvent('dialog');
    await alice.page.evaluate(() => setTimeout(() => location.reload()));
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
    await alice.regainsConnection();
    await alice.seesNo(/in this tab alone/);
  });

  tell('says what signing out would lose, loses nothing while one stays, and lets it go when one agrees', async () => {
    const signsOut = async (): Promise<void> => {
      await alice.presses('Settings', alice.list);
      await alice.chooses(/^Sign out$/);
    };
    await alice.losesConnection();
    await alice.sees(/^Offline\. What you write goes out/);
    await alice.says('a word on its way');
    await signsOut();
    const discards = alice.button('Sign out and discard 1 unsent message');
    await alice.sees(discards);
    await alice.sees(alice.page.getByRole('list', { name: 'Not sent' }).getByText('a word on its way'));
    // Without a connection the session cannot be ended, and so nothing is thrown away either.
    await discards.click();
    await alice.sees(alice.dialog.getByRole('alert'));
    await alice.presses('Stay signed in');
    await alice.regainsConnection();
    await bob.sees(bob.message('a word on its way'));

    await alice.losesConnection();
    await alice.sees(/^Offline\. What you write goes out/);
    await alice.says('a word too late');
    await who.alice.call(leaveConversation, { conversationId: group });
    await alice.regainsConnection();
    await signsOut();
    await alice.sees(discards);
    const before = await stage.appliance.recorded(`conversation-${group}`);
    await discards.click();
    await alice.sees(alice.page.getByLabel('Sign-in name'));
    expect(await stage.appliance.recorded(`conversation-${group}`)).toEqual(before);
    await alice.signsIn();
    await alice.finds('the list', ['Bob Bytner', 'Mallory Moss'], () => names(alice));
  });

  tell('shows whoever oversees how the first officer came to be', async () => {
    const [olive, adam] = [await stage.tab('olive', { who: who.olive }), await stage.tab('adam', { who: who.adam })];
    for (const [tab, address] of [[olive, '/archive'], [olive, '/audit'], [adam, '/audit'], [adam, '/administration/people']] as const) {
      await tab.goes(address);
      await tab.sees(/^Olive Osei became the first officer on .*, appointed by the operator’s command line\./);
    }
    await Promise.all([olive, adam].map((tab) => tab.page.close()));
  });

  tell('says that a download broke off, also when its dialog was closed long ago', async () => {
    await bob.enters('Lunch');
    const { house } = stage.appliance;
    house.hub.tell(who.bob.account, { is: 'download', download: randomUUID(), done: 1, events: 3, state: 'failed' });
    await bob.sees(bob.page.locator('hansard-toasts').getByText('A download stopped before its end. Delete what arrived and start it again; nothing in Hansard was changed.'));
  });

  tell('stands still on every screen when the appliance has stopped writing, and says so', async () => {
    const adam = await stage.tab('adam', { who: who.adam });
    await adam.goes('/administration');
    stage.appliance.expectFaults();
    let stopped: string | undefined;
    wrapLog(stage.appliance.house, () => ({ append: () => Promise.reject(new LogStopped((stopped = 'The disk said EIO.'))), stopped: () => stopped }));
    await bob.says('into the void');
    for (const tab of [bob, alice, adam]) await tab.sees(/^The appliance has stopped writing: The disk said EIO\. What was acknowledged is safe\./);
    expect(await bob.markOf('into the void')).toBe('');
  });
});
