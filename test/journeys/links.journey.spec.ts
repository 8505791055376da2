import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { aPicture } from '#test/support/file-samples.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aPageServer, sends, type PageServer } from '#test/support/page-servers.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** Where pictures of the screens go, for people to look at; nowhere unless it is set. */
const album = process.env['HANSARD_TEST_ALBUM'];

const head = (title: string, description: string, picture: boolean): string =>
  `<html><head><title>${title}</title><meta property="og:site_name" content="Metering"><meta property="og:description" content="${description}">${picture ? '<meta property="og:image" content="/picture.png"><meta property="og:image:alt" content="Stripes of hall C">' : ''}</head><body>`;
const long = 'Readings of all meters in the hall, every quarter of an hour, with what was repaired and when, and who can be asked about it in the night and on holidays, and a good deal more.';

/** At three widths, in both themes: nothing sticks out, and axe has nothing to say. */
const isFit = async (tab: Tab, screen: string): Promise<void> => {
  await tab.page.evaluate(await readFile(axe, 'utf8'));
  for (const width of [320, 768, 1_440]) {
    await tab.page.setViewportSize({ width, height: 900 });
    expect.soft(await tab.page.evaluate(() => document.documentElement.scrollWidth), `${screen} at ${width}`).toBeLessThanOrEqual(width);
    for (const theme of ['light', 'dark']) {
      await tab.page.evaluate((now) => void (document.documentElement.dataset['theme'] = now), theme);
      await tab.page.waitForFunction(() => {
        const moves = (root: Document | ShadowRoot): boolean => root.getAnimations().length > 0 || [...root.querySelectorAll('*')].some((node) => node.shadowRoot !== null && moves(node.shadowRoot));
        return !moves(document); // Colours on their way are not what people read.
      });
      if (album !== undefined) await tab.page.screenshot({ path: join(album, `${screen}-${width}-${theme}.png`) });
      const found = await tab.page.evaluate(async () => {
        const { axe: tool } = globalThis as unknown as { axe: { run: (where: Document, how: object) => Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }> } };
        const { violations } = await tool.run(document, { resultTypes: ['violations'] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${JSON.stringify(target)} ${failureSummary?.slice(0, 200) ?? ''}`).join(' | ')}`);
      });
      expect.soft(found, `${screen}, ${width}, ${theme}`).toEqual([]);
    }
  }
};

describe('links', () => {
  let pages: PageServer;
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person; readonly olive: Person; readonly adam: Person };
  let alice: Tab;
  let bob: Tab;
  let chat: string;
  let release: () => void = () => undefined;
  let held = Promise.resolve();
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);
  const at = (path: string): string => `${pages.url}${path}`;
  const card = (tab: Tab, words: string): Locator => tab.page.locator('message-list .link-card', { hasText: words });

  beforeAll(async () => {
    const picture = aPicture(1_200, 630);
    pages = await aPageServer((request, response) => {
      const path = request.url!;
      const answer = (): void => {
        if (path === '/picture.png') sends(response, picture, { 'Content-Type': 'image/png' });
        else sends(response, head(`Page ${path}`, path.startsWith('/long') ? long : 'Every quarter of an hour.', !path.startsWith('/bare')));
      };
      if (path.startsWith('/held')) void held.then(answer);
      else answer();
    });
    stage = await Stage.set({ env: { HANSARD_LINK_NETWORKS: '127.0.0.0/8', HANSARD_LINK_PORTS: String(pages.port) } });
    who = await people(stage.appliance, 'alice', 'bob', 'olive', 'oscar');
    chat = await aDirectChat(who.alice, who.bob);
    alice = await stage.tab('alice', { who: who.alice });
    bob = await stage.tab('bob', { who: who.bob });
  });
  afterAll(async () => {
    release();
    await stage?.close();
    await pages?.close();
  });

  tell('that are pasted show what they lead to, and the picture comes from the appliance', async () => {
    await bob.goes(`/c/${chat}`);
    await alice.goes(`/c/${chat}`);
    await alice.sees(alice.composer);
    await alice.says(`the plan of hall C is at ${at('/hall-c')}`);
    for (const tab of [alice, bob]) {
      await tab.sees(card(tab, 'Page /hall-c'));
      const link = card(tab, 'Page /hall-c').locator('a');
      expect([await link.getAttribute('href'), await link.getAttribute('target'), await link.getAttribute('rel')]).toEqual([at('/hall-c'), '_blank', 'noopener noreferrer']);
      expect(await link.innerText()).toContain(`127.0.0.1:${pages.port} · Metering`);
      await tab.finds('the width of the picture', 480, () => card(tab, 'Page /hall-c').getByAltText('Stripes of hall C').evaluate((image) => (image as HTMLImageElement).naturalWidth));
    }
  });

  tell('keep the end in view for who reads there, and the line in its place for who reads above', async () => {
    for (let n = 0; n < 60; n += 1) await who.bob.says(`line ${n}`, { in: chat });
    await alice.sees(alice.message('line 59'));
    await bob.sees(bob.message('line 59'));
    ({ promise: held, resolve: release } = Promise.withResolvers<void>());
    await alice.says(`${at('/held/one')} and ${at('/held/two')}`);
    await bob.sees(bob.message('/held/one'));
    // Bob goes up until the message is far below him; Alice stays at the end.
    await bob.message('line 30').scrollIntoViewIfNeeded();
    const top = (tab: Tab, words: string): Promise<number> => tab.message(words).evaluate((row) => Math.round(row.getBoundingClientRect().top));
    const [before, rest] = [await top(bob, 'line 30'), (tab: Tab): Promise<number> => tab.page.locator('message-list .scroll').evaluate((view) => Math.round(view.scrollHeight - view.scrollTop - view.clientHeight))];
    expect(await rest(alice)).toBe(0);
    release();
    for (const tab of [alice, bob]) for (const words of ['Page /held/one', 'Page /held/two']) await tab.sees(card(tab, words));
    await alice.finds('what is below what Alice sees', 0, () => rest(alice));
    expect(await card(alice, 'Page /held/two').evaluate((node) => node.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
    expect(await top(bob, 'line 30')).toBe(before);
    // The pictures come as they come into view, into boxes that are there.
    const height = await card(alice, 'Page /held/one').evaluate((node) => node.getBoundingClientRect().height);
    await alice.finds('the pictures that are there', 2, () => alice.page.locator('message-list .link-card', { hasText: '/held/' }).locator('img').evaluateAll((all) => all.filter((image) => (image as HTMLImageElement).naturalWidth > 0).length));
    expect(await card(alice, 'Page /held/one').evaluate((node) => node.getBoundingClientRect().height)).toBe(height);
  });

  tell('can be rid of their preview by who posted them, and by nobody else', async () => {
    await alice.says(`and ${at('/bare/away')}`);
    await bob.sees(card(bob, 'Page /bare/away'));
    expect(await card(bob, 'Page /bare/away').getByRole('button').count()).toBe(0);
    await alice.presses('Take the preview of Page /bare/away away');
    for (const tab of [alice, bob]) {
      await tab.seesNo(card(tab, 'Page /bare/away'));
      await tab.sees(tab.message('/bare/away'));
    }
  });

  tell('go with their message when it is retracted', async () => {
    await alice.says(`look: ${at('/bare/gone')}`);
    await bob.sees(card(bob, 'Page /bare/gone'));
    await alice.does('Retract', '/bare/gone');
    await alice.presses('Retract message');
    for (const tab of [alice, bob]) await tab.seesNo(card(tab, 'Page /bare/gone'));
  });

  tell('are only links when an administrator turns previews off, at once', async () => {
    const adam = await stage.tab('adam', { who: who.adam });
    await adam.goes('/administration');
    await adam.page.getByRole('link', { name: 'Settings' }).click();
    await adam.presses('Turn off: Previews of links');
    await adam.sees(adam.button('Turn on: Previews of links'));
    await alice.says(`quietly ${at('/bare/off')}`);
    await bob.sees(bob.message('/bare/off'));
    await adam.presses('Turn on: Previews of links');
    await adam.sees(adam.button('Turn off: Previews of links'));
    await alice.says(`again ${at('/bare/on')}`);
    await bob.sees(card(bob, 'Page /bare/on'));
    expect(await card(bob, 'Page /bare/off').count()).toBe(0);
    expect(pages.asked.some(({ url }) => url === '/bare/off')).toBe(false);
  });

  tell('are found by the officer with what they led to, taken away or not', async () => {
    const olive = await stage.tab('olive', { who: who.olive });
    await olive.goes('/archive');
    await olive.page.getByRole('textbox', { name: 'Why are you looking?' }).fill('complaint 11 of November');
    await olive.presses('Open inquiry');
    const query = olive.page.getByRole('textbox', { name: 'Search everything that was said' });
    await query.fill('"Page bare away"');
    await query.press('Enter');
    await olive.page.getByRole('option').filter({ hasText: 'Page /bare/away' }).first().click();
    const panel = olive.page.locator('hit-panel');
    await olive.sees(panel.getByText('What its links led to'));
    await olive.sees(panel.getByText(/Shown since .*, taken away/));
    await query.fill('"Page hall c"');
    await query.press('Enter');
    await olive.page.getByRole('option').filter({ hasText: 'Page /hall-c' }).first().click();
    await olive.finds('the width of the picture', 480, () => panel.getByAltText('Stripes of hall C').evaluate((image) => (image as HTMLImageElement).naturalWidth));
    if (album !== undefined) await olive.page.screenshot({ path: join(album, 'links-officer.png') });
    await isFit(olive, 'the officer');
    await panel.getByRole('button', { name: 'In conversation' }).click();
    await olive.sees(olive.page.locator('hit-context .led-to', { hasText: 'Page /hall-c' }));
    if (album !== undefined) await olive.page.screenshot({ path: join(album, 'links-officer-context.png') });
  });

  tell('fit every screen, in both themes', async () => {
    await alice.says(`${at(`/long/${'very-'.repeat(30)}long`)} ${at('/bare/without-picture')}`);
    await alice.sees(card(alice, 'Page /long/'));
    await isFit(alice, 'links');
  });
});
