import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { filesIn, jsonLines } from '#test/support/journey-zip.ts';
import { people, type Person } from '#test/support/people.ts';

describe('two employees', () => {
  let stage: Stage;
  let alice: Tab;
  let bob: Tab;
  let who: { readonly alice: Person; readonly bob: Person; readonly mallory: Person };
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set();
    who = await people(stage.appliance, 'alice', 'bob', 'mallory');
    alice = await stage.tab('alice', { cabled: true });
    bob = await stage.tab('bob', { permissions: ['clipboard-read', 'clipboard-write'] });
  });
  afterAll(() => stage?.close());

  tell('sign in through the form, and a wrong password says no more than that', async () => {
    await alice.goes('/');
    await alice.fills('Sign-in name', 'alice');
    await alice.givesPassword('not her password at all');
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

  tell('see each other write, and whether the other is there', async () => {
    await alice.sees(alice.row('Bob Bytner').locator('hansard-avatar', { hasText: 'Available' }));
    await bob.composer.pressSequentially('Let me');
    await alice.sees('Bob Bytner is writing…');
    await bob.says('Let me see');
    await alice.seesNo('Bob Bytner is writing…');
    await bob.button(/^Bob Bytner\s*Available/).click();
    await bob.page.getByRole('menuitemradio', { name: 'Do not disturb' }).click();
    await alice.sees(alice.row('Bob Bytner').locator('hansard-avatar', { hasText: 'Do not disturb' }));
  });

  tell('edit with the arrow up, and everybody sees that it was edited', async () => {
    await alice.says('The meeting is at tne');
    await bob.sees(bob.message('The meeting is at tne'));
    await alice.composer.press('ArrowUp');
    await alice.sees('Editing your message. The first version stays in the record.');
    await alice.composer.fill('The meeting is at ten');
    await alice.composer.press('Enter');
    await bob.sees(bob.message('The meeting is at ten').getByText(/^edited \d\d:\d\d$/));
    await bob.seesNo(bob.message('The meeting is at tne'));
  });

  tell('answer with a quote that leads to what it quotes, and react', async () => {
    await bob.does('Reply', 'The meeting is at ten');
    await bob.says('Ten it is');
    await alice.sees(alice.message('Ten it is').getByRole('button', { name: 'In reply to Alice Abara: The meeting is at ten. Go there' }));
    await alice.message('Ten it is').locator('.quote').click();
    await alice.sees(alice.page.locator('li.message.lit', { hasText: 'The meeting is at ten' }));

    await bob.does('React', 'The meeting is at ten');
    await bob.page.getByRole('searchbox', { name: 'Find an emoji' }).fill('thumbsup');
    await bob.page.getByRole('button', { name: /thumbs up$/ }).first().click();
    const reaction = (tab: Tab, says: RegExp) => tab.message('The meeting is at ten').getByRole('group', { name: 'Reactions' }).getByRole('button', { name: says });
    await reaction(alice, /^👍\S* 1: Bob Bytner$/).click();
    await bob.sees(reaction(bob, /^👍\S* 2: (You, Alice Abara|Alice Abara, You)$/));
    await reaction(alice, /^👍\S* 2: /).click();
    await bob.sees(reaction(bob, /^👍\S* 1: You$/));
  });

  tell('retract, which leaves a mark and takes the words', async () => {
    await alice.says('the salary list is attached');
    await bob.sees(bob.message('the salary list is attached'));
    await alice.does('Retract…', 'the salary list is attached');
    await alice.sees('It disappears for everybody here and cannot be brought back.');
    await alice.presses('Retract message');
    await bob.sees(bob.message(/Alice Abara retracted this message at \d\d:\d\d\./));
    await alice.sees(alice.message(/You retracted this message at/));
    await bob.seesNo(bob.message('the salary list is attached'));
    // Nobody may edit, retract or find the words of what another said.
    await bob.message('The meeting is at ten').hover();
    await bob.sees(bob.message('The meeting is at ten').getByRole('toolbar'));
    expect(await bob.message('The meeting is at ten').getByRole('toolbar').getByRole('button', { name: 'Edit' }).count()).toBe(0);
  });

  tell('keep a draft over a reload', async () => {
    await bob.composer.fill('half a thought');
    await bob.page.reload();
    await bob.finds('the draft', 'half a thought', () => bob.composer.inputValue());
    await bob.composer.fill('');
  });

  tell('open at the first unread, under a divider, and go to the latest', async () => {
    await bob.page.getByRole('link', { name: 'Hansard' }).click();
    await bob.looks(false);
    const chat = alice.conversation;
    for (let n = 1; n <= 90; n += 1) await who.alice.says(`minute ${n} of the long day`, { in: chat });
    await alice.finds('the mark of the last', 'In the record', () => alice.markOf('minute 90 of'));
    await bob.finds('the count beside the chat', '90', () => bob.row('Alice Abara').locator('.count').evaluate((count) => count.lastChild?.textContent?.trim() ?? ''));
    await bob.enters('Alice Abara');
    const divider = bob.page.locator('li.divider');
    await bob.sees(divider.getByText(/^New since you left, \d\d:\d\d$/));
    await bob.sees(bob.message('minute 1 of'));
    expect(await inView(bob, 'minute 1 of')).toBe(true);
    expect(await inView(bob, 'minute 90 of')).toBe(false);
    await bob.looks(true);
    await alice.finds('the mark of the first', 'Viewed by everyone', () => alice.markOf('minute 1 of'));
    await bob.sees(bob.button(/^Jump to latest \(\d+ new\)$/));
    await bob.button(/^Jump to latest( \(\d+ new\))?$/).click();
    await bob.finds('whether the last is in view', true, () => inView(bob, 'minute 90 of'));
    await alice.finds('the mark of the last', 'Viewed by everyone', () => alice.markOf('minute 90 of'));
    // A jump to the end marks nothing that it skipped.
    expect(await alice.markOf('minute 45 of')).toBe('In the record');
  });

  tell('mark a message unread, and the count and the divider come back', async () => {
    await bob.does('Mark unread from here', 'minute 88 of');
    await bob.finds('the count beside the chat', '3', () => bob.row('Alice Abara').locator('.count').evaluate((count) => count.lastChild?.textContent?.trim() ?? ''));
    await bob.goes('/');
    await bob.enters('Alice Abara');
    await bob.sees(bob.page.locator('li.divider'));
  });

  tell('write without a connection: it waits without a mark, and goes out in order and once', async () => {
    await bob.button(/^Jump to latest/).click({ timeout: 1_000 }).catch(() => undefined); // Only where the end is not in view.
    await alice.losesConnection();
    await alice.sees('Offline. What you write goes out when the connection is back.');
    for (const text of ['first without', 'second without', 'third without']) await alice.says(text);
    await alice.sees('Not sent yet. It will go out when the connection is back.');
    expect(await alice.markOf('first without')).toBe('');
    expect(await bob.message('first without').count()).toBe(0);
    await alice.page.reload().catch(() => undefined); // Even the page is gone now.
    await alice.regainsConnection();
    await alice.page.goto(alice.page.url().startsWith('http') ? alice.page.url() : alice.url);
    await bob.sees(bob.message('third without'));
    await bob.finds('the order', ['first without', 'second without', 'third without'], async () => (await bob.texts()).filter((text) => text.endsWith(' without')));
    await alice.enters('Bob Bytner');
    await alice.finds('the mark', 'Viewed by everyone', () => alice.markOf('third without'));
  });

  tell('take home what they may read: every message as it stands, and of a retracted one only that it was', async () => {
    await bob.presses('Download history');
    const { bytes } = await bob.downloads(() => bob.dialog.getByRole('button', { name: 'Download' }).click());
    const files = await filesIn(bytes);
    const messages = jsonLines(files.get('events.jsonl')).filter(({ kind }) => kind === 'message');
    const onScreen = await who.bob.timeline(bob.conversation).then(({ now }) => now.lastOrdinal);
    expect(messages).toHaveLength(onScreen);
    const texts = messages.map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['The meeting is at ten', 'Ten it is', 'minute 45 of the long day', 'first without', 'second without', 'third without']));
    expect(texts.filter((text) => text === null)).toHaveLength(1);
    for (const name of ['events.jsonl', 'transcript.txt']) {
      const holds = (text: string): boolean => files.get(name)!.includes(text);
      expect([name, holds('The meeting is at ten'), holds('The meeting is at tne'), holds('salary')]).toEqual([name, true, false, false]);
    }
    await bob.presses('Done');
    expect((await who.mallory.fetch(`/api/conversations/${bob.conversation}/timeline`)).status).toBeGreaterThanOrEqual(403);
  });
});

/** Whether a message stands within the visible part of the timeline. */
const inView = async (tab: Tab, text: string): Promise<boolean> =>
  (await tab.message(text).count()) > 0 && tab.message(text).evaluate((row) => {
    const view = row.closest('.scroll')!.getBoundingClientRect();
    const { top, bottom } = row.getBoundingClientRect();
    return top >= view.top && bottom <= view.bottom;
  });
