import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { people } from '#test/support/people.ts';

describe('two employees', () => {
  let stage: Stage;
  let alice: Tab;
  let bob: Tab;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set();
    await people(stage.appliance, 'alice', 'bob', 'mallory');
    alice = await stage.tab('alice', { cabled: true });
    bob = await stage.tab('bob', { permissions: ['clipboard-read', 'clipboard-write'] });
  });
  afterAll(() => stage?.close());

  tell('sign in through the form, and a wrong password says no more than that', async () => {
    await alice.goes('/');
    await alice.fills('Sign-in name', 'alice');
    await alice.page.getByRole('textbox', { name: 'Password' }).fill('not her password at all');
    await alice.presses('Sign in');
    await alice.sees('That name and password do not go together.');
    await alice.signsIn();
    await alice.sees('Nobody yet. Ctrl K finds somebody to write to.');
  });

  tell('find each other with Ctrl K and open a direct chat', async () => {
    await alice.keys('Control+k');
    await alice.page.getByRole('combobox').fill('bbyt');
    await alice.sees(alice.page.getByRole('option', { name: 'Bob Bytner' }));
    await alice.keys('Enter');
    await alice.sees(alice.page.locator('conversation-screen h1', { hasText: 'Bob Bytner' }));
    await alice.sees('Nothing has been said here yet.');
  });

  tell('see formatting as formatting and never as markup', async () => {
    await alice.says('**Agenda**: `npm test` and <img src=x onerror="document.title=1"> [docs](https://example.org/a)');
    await alice.sees(alice.message('Agenda').locator('strong', { hasText: 'Agenda' }));
    await alice.sees(alice.message('Agenda').locator('code', { hasText: 'npm test' }));
    await alice.sees(alice.message('<img src=x onerror="document.title=1">'));
    expect(await alice.message('Agenda').locator('img').count()).toBe(0);
    expect(await alice.message('Agenda').locator('a').getAttribute('rel')).toMatch(/noopener/);
  });

  tell('get one mark from the record, and the second only when it was really looked at', async () => {
    await alice.finds('the mark', 'In the record', () => alice.markOf('Agenda'));
    await bob.goes('/');
    await bob.signsIn();
    await bob.looks(false);
    await bob.finds('the count beside the chat', '1', () => bob.row('Alice Abara').locator('.count').evaluate((count) => count.lastChild?.textContent?.trim() ?? ''));
    await bob.finds('the title of the tab', true, async () => /^\(1\) /.test(await bob.page.title()));
    await bob.enters('Alice Abara');
    await bob.sees(bob.message('Agenda'));
    // Bob's tab shows it, but nobody looks at the tab: a message of his own comes back first, and there is still one mark.
    await bob.says('I am here');
    await alice.sees(alice.message('I am here'));
    expect(await alice.markOf('Agenda')).toBe('In the record');
    await bob.looks(true);
    await alice.finds('the mark', 'Viewed by everyone', () => alice.markOf('Agenda'));
    await bob.finds('the title of the tab', false, async () => /^\(\d/.test(await bob.page.title()));
  });

  tell('are told who has seen a message and when, by pointer and by key', async () => {
    await alice.message('Agenda').locator('.mark').hover();
    await alice.sees(alice.page.locator('receipts-popover', { hasText: /Viewed by 1\s*Bob Bytner/ }).locator('time'));
    await alice.page.mouse.move(0, 0);
    await alice.message('Agenda').locator('.mark').focus();
    await alice.sees(alice.page.locator('receipts-popover', { hasText: 'Bob Bytner' }).locator('time'));
    await alice.keys('Escape');
  });
});
