import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aDirectChat, aGroup, aSpace, people, type Person } from '#test/support/people.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const themes = ['light', 'dark'] as const;
const scriptBytesMax = 150 * 1_024;

describe('every screen', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person; readonly olive: Person; readonly adam: Person };
  let chat: string;
  let wild: string;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set();
    who = await people(stage.appliance, 'alice', 'bob', 'olive');
    chat = await aDirectChat(who.alice, who.bob);
    await aGroup(who.alice, [who.bob], 'Lunch');
    await aSpace(who.alice, [who.bob], 'Field trials');
    await who.alice.says('Shall we **meet** at `ten`? [agenda](https://example.org)\n> as said\n- one\n- two', { in: chat });
    const { messageId } = await who.bob.says('ten is fine', { in: chat });
    await who.alice.says('good', { in: chat, replyTo: messageId });
    wild = await aGroup(who.alice, [who.bob], `Donaudampfschifffahrtsgesellschaft${'skapitän'.repeat(6)}`);
    await who.alice.says(`${'unbroken'.repeat(60)} https://example.org/${'a'.repeat(200)}`, { in: wild });
    await who.bob.says('שלום, הפגישה בעשר \u202eevil\u202c\n```\n' + 'x'.repeat(300) + '\n```\n| no | table |', { in: wild });
  });
  afterAll(() => stage?.close());

  const audit = async (tab: Tab, screen: string): Promise<void> => {
    await tab.page.evaluate(() => document.fonts.ready);
    if (!(await tab.page.evaluate(() => 'axe' in globalThis))) await withAxe(tab);
    for (const theme of themes) {
      await tab.page.evaluate(async (now) => {
        document.documentElement.dataset['theme'] = now;
        const moves = (root: Document | ShadowRoot): boolean => root.getAnimations().length > 0 || [...root.querySelectorAll('*')].some((node) => node.shadowRoot !== null && moves(node.shadowRoot));
        const frame = (): Promise<number> => new Promise(requestAnimationFrame);
        await frame();
        do await frame();
        while (moves(document)); // Colours on their way are not what people read.
      }, theme);
      const found = await tab.page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run: (where: Document, how: object) => Promise<{ violations: { id: string; help: string; nodes: { target: unknown; failureSummary?: string }[] }[] }> } };
        const { violations } = await axe.run(document, { resultTypes: ['violations'], rules: { region: { enabled: true } } });
        return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${JSON.stringify(target)} ${failureSummary?.split('\n').slice(1, 3).join(' ').slice(0, 220) ?? ''}`).join(' | ')}`);
      });
      expect.soft(found, `${screen}, ${theme}`).toEqual([]);
    }
  };

  tell('an employee sees is fit for everybody', async () => {
    const tab = await stage.tab('nobody yet');
    await tab.goes('/sign-in');
    await tab.sees('Sign in');
    await audit(tab, 'sign-in');
    const alice = await stage.tab('alice', { who: who.alice });
    await alice.goes('/');
    await alice.sees(alice.row('Bob Bytner'));
    await audit(alice, 'home');
    await alice.enters('Bob Bytner');
    await alice.sees(alice.message('good'));
    await alice.message('good').hover();
    await audit(alice, 'conversation');
    await alice.keys('Control+k');
    await alice.sees(alice.page.getByRole('combobox'));
    await alice.page.getByRole('combobox').fill('b');
    await audit(alice, 'switcher');
    await alice.keys('Escape');
    await alice.keys('Control+/');
    await alice.sees(alice.page.getByRole('heading', { name: 'Keyboard shortcuts' }));
    await audit(alice, 'shortcuts');
    await alice.keys('Escape', 'F1');
    await alice.sees(alice.page.getByRole('heading', { name: 'In a conversation' }));
    await audit(alice, 'help');
    await alice.keys('Escape');
    for (const [item, sees] of [['About Hansard', /^Version /], [/^Sign out everywhere/, /^Every session of yours ends/]] as const) {
      await alice.presses('Settings', alice.list);
      await alice.chooses(item);
      await alice.sees(sees);
      await audit(alice, String(item));
      await alice.keys('Escape');
    }
    await alice.goes(`/window/${chat}`);
    await alice.sees(alice.message('good'));
    await audit(alice, 'own window');
    await alice.goes(`/c/${chat}`);
    await alice.sees(alice.message('good'));
    for (const [button, heading] of [['New group', 'New group'], ['New space', 'New space']] as const) {
      await alice.list.getByRole('button', { name: 'New', exact: true }).click();
      await alice.list.getByRole('menuitem', { name: button }).click();
      await alice.sees(alice.page.getByRole('heading', { name: heading }));
      await audit(alice, `dialog ${heading}`);
      await alice.presses('Cancel');
    }
    await alice.presses('Download history');
    await alice.sees(alice.page.getByRole('heading', { name: 'Download history' }));
    await audit(alice, 'dialog download');
    await alice.presses('Cancel');
    await alice.row('Field trials').click();
    await alice.sees(alice.page.locator('space-screen h1'));
    await audit(alice, 'space');
    await alice.goes('/search?q=ten');
    await alice.sees(/2 messages/);
    await audit(alice, 'search');
    await alice.goes('/c/00000000-0000-4000-8000-000000000000');
    await alice.sees('Not here');
    await audit(alice, 'not here');
  });

  tell('an officer sees is fit for everybody', async () => {
    const olive = await stage.tab('olive', { who: who.olive });
    await olive.goes('/archive');
    await olive.page.getByRole('textbox', { name: 'Why are you looking?' }).fill('a routine look');
    await audit(olive, 'archive start');
    await olive.presses('Open inquiry');
    const query = olive.page.getByRole('textbox', { name: 'Search everything that was said' });
    await query.fill('ten');
    await audit(olive, 'archive before the first look');
    await query.press('Enter');
    await olive.page.getByRole('option').first().click();
    await olive.sees('Message, with its history');
    await audit(olive, 'archive results with a hit');
    await olive.presses(/^Export 2$/);
    await olive.sees('The zip holds');
    await audit(olive, 'export dialog');
    await olive.keys('Escape');
    await olive.goes('/audit');
    await olive.sees(olive.page.locator('audit-table tr.entry').first());
    await audit(olive, 'audit log');
  });

  tell('an administrator sees is fit for everybody', async () => {
    const adam = await stage.tab('adam', { who: who.adam });
    await adam.goes('/administration');
    await adam.sees(adam.page.locator('.card .value').first());
    await adam.sees(adam.page.getByRole('row', { name: /Alice Abara/ }));
    await audit(adam, 'health');
    await adam.goes('/administration/people');
    await adam.sees(adam.page.getByRole('row', { name: /Alice Abara/ }));
    await audit(adam, 'people');
    await adam.presses('Open an account');
    await audit(adam, 'dialog open an account');
    await adam.presses('Cancel');
    await adam.goes('/administration/settings');
    await adam.sees(adam.page.locator('setting-row').first());
    await audit(adam, 'settings');
    await adam.goes('/audit');
    await adam.sees(adam.page.locator('audit-table tr.entry').first());
    await audit(adam, 'audit log of an administrator');
  });

  tell('fits a width of 320 pixels without scrolling sideways', async () => {
    const narrow = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true };
    const [alice, olive, adam] = [await stage.tab('narrow alice', { who: who.alice, ...narrow }), await stage.tab('narrow olive', { who: who.olive, ...narrow }), await stage.tab('narrow adam', { who: who.adam, ...narrow })];
    const screens: readonly (readonly [Tab, string, string])[] = [
      [alice, '/', 'side-bar a.row'], [alice, `/c/${chat}`, 'li.message'], [alice, `/c/${wild}`, 'li.message'], [alice, `/window/${wild}`, 'li.message'], [alice, '/search?q=ten', 'a.hit'], [olive, '/archive', 'inquiry-start form'], [olive, '/audit', 'audit-table tr.entry'],
      [adam, '/administration', '.card .value'], [adam, '/administration/people', 'people-page tbody tr'], [adam, '/administration/settings', 'setting-row'],
    ];
    for (const [tab, address, shows] of screens) {
      await tab.goes(address);
      await tab.sees(tab.page.locator(shows).first());
      const wide = await tab.page.evaluate(() => document.scrollingElement!.scrollWidth);
      expect.soft(wide, `${address} at 320 pixels`).toBeLessThanOrEqual(320);
      const lists = await tab.page.locator('message-list .scroll').evaluateAll((views) => views.map((view) => view.scrollWidth - view.clientWidth));
      expect.soft(lists.filter((over) => over > 0), `the timeline of ${address}`).toEqual([]);
    }
  });

  tell('can be used by keyboard alone: from signing in to writing, editing and reacting', async () => {
    const tab = await stage.tab('keyboard');
    await tab.goes('/');
    await tab.finds('the field with the focus', 'name', () => focused(tab, 'id'));
    await tab.page.keyboard.type('bob');
    await tab.keys('Tab');
    await tab.page.keyboard.type('bob has a long password');
    await tab.keys('Enter');
    await tab.sees(tab.row('Alice Abara'));
    await tab.keys('Control+k');
    await tab.sees(tab.page.getByRole('combobox'));
    await tab.page.keyboard.type('alice');
    await tab.keys('Enter');
    await tab.finds('what has the focus', 'Message Alice Abara', () => focused(tab, 'aria-label'));
    await tab.page.keyboard.type('by keys aloen');
    await tab.keys('Enter');
    await tab.sees(tab.message('by keys aloen'));
    await tab.keys('ArrowUp');
    await tab.sees('Editing your message. The first version stays in the record.');
    await tab.keys('Control+a');
    await tab.page.keyboard.type('by keys alone');
    await tab.keys('Enter');
    await tab.sees(tab.message('by keys alone'));
    await tab.keys('Shift+Tab');
    await tab.finds('the row with the focus', true, async () => (await focused(tab, 'class')).includes('row'));
    await tab.keys('+');
    await tab.finds('the field with the focus', 'Find an emoji', () => focused(tab, 'aria-label'));
    await tab.page.keyboard.type('tada');
    await tab.finds('the first emoji', 'party popper', async () => (await tab.page.locator('emoji-picker .board button').first().getAttribute('aria-label')) ?? '');
    await tab.keys('Enter');
    await tab.sees(tab.message('by keys alone').getByRole('group', { name: 'Reactions' }).getByRole('button', { name: /1: You$/ }));
    await tab.finds('the row with the focus again', true, async () => (await focused(tab, 'class')).includes('row'));
    await tab.keys('r');
    await tab.finds('what has the focus', 'Message Alice Abara', () => focused(tab, 'aria-label'));
    await tab.keys('Escape');
  });

  tell('comes in its theme from the first frame, and with little script', async () => {
    const tab = await stage.tab('dark', { who: who.alice, colorScheme: 'dark' });
    let bytes = 0;
    const coming: Promise<void>[] = [];
    tab.page.on('response', (response) => {
      if (response.request().resourceType() === 'script') coming.push(response.body().then((body) => void (bytes += gzipSync(body).length)));
    });
    await watchesGround(tab);
    await tab.goes(`/c/${chat}`);
    await tab.sees(tab.message('good'));
    await tab.page.waitForLoadState('networkidle');
    await Promise.all(coming);
    console.info(`script for the first screen: ${Math.round(bytes / 1_024)} KB gzip in ${coming.length} files`);
    expect(bytes).toBeLessThanOrEqual(scriptBytesMax);
    expect(await groundsSeen(tab)).toEqual(['dark']);
  });

  tell('keeps the theme that was chosen, from the first frame too', async () => {
    const tab = await stage.tab('chosen dark', { who: who.alice, colorScheme: 'light' });
    await tab.goes('/');
    await tab.presses('Settings');
    await tab.page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await watchesGround(tab);
    await tab.page.reload();
    await tab.sees(tab.row('Bob Bytner'));
    expect(await groundsSeen(tab)).toEqual(['dark']);
  });
});

/** Writes down the ground of the page in every frame, from the first one of the next load. */
const watchesGround = (tab: Tab): Promise<unknown> =>
  tab.page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    const look = (): void => {
      if (document.body) seen.push(getComputedStyle(document.documentElement).backgroundColor);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });

const groundsSeen = (tab: Tab): Promise<readonly string[]> =>
  tab.page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
    const grounds = (globalThis as unknown as { seen: readonly string[] }).seen.map((color) => {
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data[0]! < 64 ? 'dark' : 'light';
    });
    return [...new Set(grounds)];
  });

/** The policy of the page lets no script in from elsewhere, so this one comes through the browser's own protocol. */
const withAxe = async (tab: Tab): Promise<void> => {
  const { readFile } = await import('node:fs/promises');
  await tab.page.evaluate(await readFile(axe, 'utf8'));
};

/** An attribute of what has the focus, through open shadow roots. */
const focused = (tab: Tab, attribute: string): Promise<string> =>
  tab.page.evaluate((name) => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.getAttribute(name) ?? '';
  }, attribute);
