import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { aGuest, aMeeting } from '#test/support/guests.ts';
import { callFlags } from '#test/support/journey-calls.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { people, type Person } from '#test/support/people.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const widths = [320, 768, 1440] as const;
const picturesIn = process.env['HANSARD_TEST_PICTURES'];

describe('what is seen of meetings', () => {
  let stage: Stage;
  let alice: Person;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);
  beforeAll(async () => {
    stage = await Stage.set({ flags: callFlags, env: { HANSARD_TURN: 'off' } });
    ({ alice } = await people(stage.appliance, 'alice'));
  });
  afterAll(() => stage?.close());

  /** Colours on their way are not what people read. */
  const isStill = (tab: Tab): Promise<void> =>
    tab.page.evaluate(async () => {
      const moves = (root: Document | ShadowRoot): boolean => root.getAnimations().length > 0 || [...root.querySelectorAll('*')].some((node) => node.shadowRoot !== null && moves(node.shadowRoot));
      const frame = (): Promise<number> => new Promise(requestAnimationFrame);
      await frame();
      do await frame();
      while (moves(document));
    });

  const fits = async (tab: Tab, screen: string): Promise<void> => {
    await tab.page.evaluate(() => document.fonts.ready);
    if (!(await tab.page.evaluate(() => 'axe' in globalThis))) await tab.page.evaluate(await readFile(axe, 'utf8'));
    for (const theme of ['light', 'dark'] as const) {
      await tab.page.evaluate((now) => void (document.documentElement.dataset['theme'] = now), theme);
      for (const width of widths) {
        await tab.page.setViewportSize({ width, height: 800 });
        await isStill(tab);
        expect.soft(await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${screen} at ${width}`).toBeLessThanOrEqual(0);
        if (picturesIn) await tab.page.screenshot({ path: `${picturesIn}/${screen.replaceAll(' ', '-')}-${theme}-${width}.png` });
      }
      const found = await tab.page.evaluate(async () => {
        const run = (globalThis as unknown as { axe: { run: (where: Document, how: object) => Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }> } }).axe;
        return (await run.run(document, { resultTypes: ['violations'] })).violations.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes[0]?.target)} ${nodes[0]?.failureSummary ?? ''}`);
      });
      expect.soft(found, `${screen}, ${theme}`).toEqual([]);
    }
  };
  const pathTo = ({ conversationId, key }: { readonly conversationId: string; readonly key: string }, more = ''): string => `/meet/${conversationId}#guest=1&key=${key}${more}`;

  tell('fits narrow and wide windows in both themes, and everybody can use it', async () => {
    const host = await stage.tab('alice', { who: alice });
    await host.goes('/');
    await host.presses('New');
    await host.chooses('New meeting');
    await host.fills('Title', 'The harbour and its cranes');
    await host.page.getByLabel('Others, by e-mail').fill('gita@example.org, nobody');
    await fits(host, 'new meeting');
    await host.page.getByRole('radio', { name: 'In a room that stays' }).check();
    await host.page.getByLabel('Name of the room').fill('public/-');
    await fits(host, 'room');

    const door = await aMeeting(alice, { admit: true, title: 'The harbour and its cranes' });
    const guest = await stage.tab('guest');
    await guest.goes(pathTo(door, '&name=Gita%20Gomez'));
    await guest.sees(guest.button('Enter the meeting'));
    await fits(guest, 'entry');
    await guest.page.getByLabel('Your name').press('Enter');
    await guest.sees('The meeting has not begun yet');
    await fits(guest, 'door');

    await host.page.setViewportSize({ width: 1440, height: 800 });
    await host.goes(pathTo(door, '&auto=1'));
    await host.sees(host.button('Admit Gita Gomez'));
    await fits(host, 'knocking');
    await host.page.setViewportSize({ width: 1440, height: 800 });
    await host.presses('Admit Gita Gomez');
    await guest.sees(guest.button('Join'));
    await fits(guest, 'guest lobby');
    await guest.page.setViewportSize({ width: 1440, height: 800 });
    await guest.presses('Not now');
    await guest.says('I am here');
    await guest.sees(guest.message('I am here'));
    await fits(guest, 'guest chat');
  });

  tell('of guests is in the host’s dialog, by the names they gave', async () => {
    const door = await aMeeting(alice, { title: 'Two guests' });
    await aGuest(stage.appliance, door, 'Gita Gomez');
    await aGuest(stage.appliance, door, 'Hari');
    const host = await stage.tab('alice again', { who: alice, viewport: { width: 1440, height: 900 } });
    await host.goes(`/c/${door.conversationId}`);
    await host.presses('Link and guests');
    await host.sees(host.dialog.getByText('Gita Gomez'));
    await fits(host, 'link and guests');
    await host.presses('Take the link back');
    await host.sees('There is no link that works now.');
    const late = await stage.tab('late');
    await late.goes(pathTo(door));
    await late.sees(late.page.getByRole('heading', { name: 'No such meeting' }));
    await fits(late, 'no such meeting');
  });
});
