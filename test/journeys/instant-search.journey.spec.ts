import { afterAll, beforeAll, describe, expect } from 'vitest';
import { indexed, withInstant } from '#test/support/instant.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { MeilisearchStandIn } from '#test/support/meilisearch/stand-in.ts';
import { aDirectChat, aGroup, people, type Person } from '#test/support/people.ts';

describe('people who know half a word', () => {
  let stage: Stage;
  let meilisearch: MeilisearchStandIn;
  let instant: { readonly close: () => Promise<void> };
  let alice: Person;
  let bob: Person;
  let tab: Tab;
  let lunch: string;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    [stage, meilisearch] = await Promise.all([Stage.set(), MeilisearchStandIn.start()]);
    ({ alice, bob } = await people(stage.appliance, 'alice', 'bob', 'mallory'));
    instant = await withInstant(stage.appliance, meilisearch);
    lunch = await aGroup(alice, [bob], 'Concert tickets');
    await aDirectChat(alice, bob);
    await bob.says('The concentrator at Aarhus drifts by two percent', { in: lunch });
    await bob.says('<img src=x onerror="document.title=1"> <b>concentrated</b> juice', { in: lunch });
    await alice.says('never mind', { in: lunch });
    await indexed(stage.appliance);
    tab = await stage.tab('alice', { who: alice });
  });
  afterAll(async () => {
    await instant?.close();
    await stage?.close();
    await meilisearch?.stop();
  });

  const dialogList = () => tab.page.locator('switcher-dialog [role=option]');
  const field = () => tab.page.getByRole('searchbox', { name: 'Words to find' });

  tell('find the message with Ctrl K, below the names, and nothing that was there moves', async () => {
    await tab.goes('/');
    await tab.sees(tab.row('Concert tickets'));
    await tab.keys('Control+k');
    const combobox = tab.page.getByRole('combobox');
    meilisearch.searchMs = 200;
    await combobox.pressSequentially('conce');
    await tab.sees(dialogList().filter({ hasText: 'Search messages for' }));
    const top = await dialogList().first().boundingBox();
    await tab.sees(dialogList().filter({ hasText: 'The concentrator at Aarhus' }));
    expect(await dialogList().first().boundingBox()).toEqual(top);
    meilisearch.searchMs = 0;
    expect((await dialogList().allInnerTexts()).map((text) => text.split('\n')[0]).slice(0, 2)).toEqual(['Concert tickets', 'Search messages for “conce”']);
    await tab.sees(tab.page.locator('switcher-dialog [role=status]', { hasText: '2 messages found.' }));
    await tab.keys('ArrowUp');
    await tab.finds('the chosen line', true, async () => (await combobox.getAttribute('aria-activedescendant')) === (await dialogList().last().getAttribute('id')));
    await tab.keys('Enter');
    await tab.finds('the place', true, async () => new URL(tab.page.url()).pathname.startsWith(`/c/${lunch}/at/`));
    await tab.sees(tab.message('The concentrator at Aarhus'));
  });

  tell('see in the search what is found while they type, as it was written, and ask exactly with Enter', async () => {
    await tab.goes('/search');
    await field().pressSequentially('concetra'); // A slip of the keys.
    const hits = tab.page.locator('instant-hits a.hit');
    await tab.sees(hits.filter({ hasText: 'The concentrator at Aarhus' }));
    await tab.sees(/The best few, as of position/);
    await tab.sees(tab.page.locator('instant-hits mark', { hasText: 'concentrator' }));
    await tab.sees(tab.page.locator('instant-hits [role=status]', { hasText: 'found. Press Enter for every message.' }));
    await field().fill('conc');
    await tab.sees(hits.filter({ hasText: '<img src=x onerror="document.title=1"> <b>concentrated</b> juice' }));
    expect(await tab.page.title()).not.toBe('1');
    await field().press('ArrowDown');
    await tab.finds('where the keys go', true, () => hits.first().evaluate((line) => (line.getRootNode() as ShadowRoot).activeElement === line));
    await tab.keys('Escape');
    await tab.finds('where the keys go', true, () => field().evaluate((input) => (input.getRootNode() as ShadowRoot).activeElement === input));
    await tab.keys('Enter');
    await tab.sees('Nobody said that in your conversations');
    await field().fill('conc*');
    await tab.keys('Enter');
    await tab.sees('2 messages');
  });

  tell('are told when the exact search answered in its place, and why', async () => {
    await meilisearch.stop();
    await field().fill('drifts by');
    await tab.sees(/The exact search answered, because the instant index (cannot be reached|took too long)\./);
    await tab.sees(tab.page.locator('instant-hits a.hit', { hasText: 'The concentrator at Aarhus' }));
    await tab.keys('Control+k');
    await tab.page.getByRole('combobox').fill('juice');
    await tab.sees(tab.page.locator('switcher-dialog .who', { hasText: 'The exact search answered' }));
    await tab.sees(dialogList().filter({ hasText: 'concentrated' }));
    await tab.keys('Escape');
    await meilisearch.start();
    await indexed(stage.appliance);
  });

  tell('have nothing of it where it is not set up', async () => {
    const { house } = stage.appliance;
    const { instant: opened } = house;
    Object.assign(house, { instant: undefined });
    await tab.goes('/search');
    await field().fill('concentrator');
    await tab.sees('Searches every message you may read, exactly');
    await tab.keys('Enter');
    await tab.sees('1 message');
    expect(await tab.page.locator('instant-hits').count()).toBe(0);
    Object.assign(house, { instant: opened });
  });
});
