import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Stage, story } from '#test/support/journey.ts';
import { Tab } from '#test/support/journey-tab.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';

describe('a conversation in its own window', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person };
  let chat: string;
  let alice: Tab;
  let own: Tab;
  let bob: Tab;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set();
    who = await people(stage.appliance, 'alice', 'bob');
    chat = await aDirectChat(who.alice, who.bob);
    await who.bob.says('good morning', { in: chat });
    alice = await stage.tab('alice', { who: who.alice });
    bob = await stage.tab('bob', { who: who.bob });
    await Promise.all([alice, bob].map((tab) => tab.goes(`/c/${chat}`)));
  });
  afterAll(() => stage?.close());

  tell('is opened by keyboard, narrow and without the list', async () => {
    await alice.sees(alice.message('good morning'));
    const opening = alice.page.context().waitForEvent('page');
    await alice.button('Open in its own window').focus();
    await alice.keys('Enter');
    own = new Tab('alice, own window', alice.url, await opening, alice.complaints, undefined);
    await own.sees(own.message('good morning'));
    expect(new URL(own.page.url()).pathname).toBe(`/window/${chat}`);
    expect(await own.page.evaluate(() => innerWidth)).toBeLessThan(500);
    expect(await own.page.getByRole('navigation').count()).toBe(0);
    expect(await own.page.title()).toContain('Bob Bytner');
    expect(await own.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await own.finds('who has the focus', 'TEXTAREA', () => own.page.evaluate(() => {
      let active = document.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active?.tagName ?? '';
    }));
  });

  tell('shows the same as the tab it came from, whichever of the two writes', async () => {
    await own.says('from the small window');
    await alice.says('from the tab');
    await bob.says('to both');
    for (const tab of [own, alice, bob]) await tab.finds('what was said', ['good morning', 'from the small window', 'from the tab', 'to both'], tab.texts.bind(tab));
    await own.does('Edit', 'from the tab');
    await own.says('from the tab, edited in the window');
    for (const tab of [alice, bob]) await tab.sees(tab.message('from the tab, edited in the window'));
    expect((await stage.appliance.recorded(`conversation-${chat}`)).filter(({ type }) => type === 'MessagePosted')).toHaveLength(4);
  });

  tell('comes to the front when it is asked for again, and ends with the session', async () => {
    await own.composer.fill('half a sentence');
    await alice.presses('Open in its own window');
    expect(await own.composer.inputValue()).toBe('half a sentence');
    expect(alice.page.context().pages()).toHaveLength(2);
    await alice.presses('Settings', alice.list);
    await alice.chooses('Sign out everywhere…');
    await alice.sees('Every session of yours ends at once, on every device, this one too. Nothing that was said is lost.');
    await alice.dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
    await alice.sees(alice.page.getByLabel('Sign-in name'));
    await own.sees('Your session has ended. Sign in to go on.');
  });
});
