import { availableParallelism } from 'node:os';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { putSetting } from '#src/contract/administration.ts';
import { callFlags, ringOf, goesIntoCall, seesMove, smallPictures } from '#test/support/journey-calls.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aGroup, anEmployee, people, type Person } from '#test/support/people.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Fifty-six pictures are encoded and decoded on the two processors that also run everything else: it is slow there, and it must come. */
const slowMs = 120_000;

describe('many people in one call', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person; readonly adam: Person; readonly mallory: Person };
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);
  const opens = async (name: string, person: Person, conversation: string): Promise<Tab> => {
    const tab = await stage.tab(name, { who: person, viewport: { width: 640, height: 400 } });
    await smallPictures(tab);
    await tab.goes(`/c/${conversation}`);
    await tab.sees(tab.page.locator('message-composer'));
    return tab;
  };
  const othersOf = (all: readonly Person[], me: Person): string[] => all.filter((one) => one !== me).map(({ account }) => account);

  beforeAll(async () => {
    stage = await Stage.set({ flags: callFlags, env: { HANSARD_TURN: 'off' } });
    who = await people(stage.appliance, 'alice', 'bob', 'mallory');
    await who.adam.call(putSetting, { name: 'groupMembersMax', value: 20 });
  });
  afterAll(() => stage?.close());

  tell('three see each other, and the host mutes one and takes one out', async () => {
    const group = await aGroup(who.alice, [who.bob, who.mallory], 'Three');
    const three = [who.alice, who.bob, who.mallory];
    const [alice, bob, mallory] = [await opens('alice', who.alice, group), await opens('bob', who.bob, group), await opens('mallory', who.mallory, group)];
    await goesIntoCall(alice, 'Start call');
    for (const tab of [bob, mallory]) {
      await tab.sees(ringOf(tab).locator('button').first());
      await tab.presses('Accept with video');
    }
    await Promise.all([alice, bob, mallory].map((tab, at) => seesMove(tab, othersOf(three, three[at]!))));
    await alice.presses('Share screen');
    await Promise.all([bob, mallory].map((tab) => seesMove(tab, [`${who.alice.account}/screen`])));
    await alice.presses('Stop sharing');
    const tile = alice.page.locator(`call-tile[data-account="${who.bob.account}"]`);
    await tile.hover();
    await alice.presses(/^More about Bob/, tile);
    await alice.chooses('Mute for all');
    await bob.sees('Alice Abara muted you. Unmute when you want to speak.');
    await bob.sees(bob.button('Unmute'));
    await alice.sees(tile.getByText('is muted'));
    await bob.presses('Unmute');
    await alice.seesNo(tile.getByText('is muted'));
    await tile.hover();
    await alice.presses(/^More about Bob/, tile);
    await alice.chooses('Remove from call');
    await bob.sees('You were taken out of the call');
    await alice.seesNo(tile);
    await Promise.all([seesMove(alice, [who.mallory.account]), seesMove(mallory, [who.alice.account])]);
    await mallory.presses('Leave');
    await alice.presses('Leave');
    for (const tab of [alice, bob, mallory]) await tab.page.close();
  });

  // Eight pages that encode and decode 56 pictures at once need more than two cores to be timed.
  describe.skipIf(availableParallelism() < 4)('as many as may be', () => tell('eight see each other, and a ninth is told why not', async () => {
    const more = [];
    for (let n = 3; n <= 9; n++) more.push(await anEmployee(stage.appliance, who.adam, `person${n}`, `Person ${n}`));
    const eight = [who.alice, who.bob, ...more.slice(0, 6)];
    const group = await aGroup(who.alice, [who.bob, ...more], 'Nine');
    const tabs: Tab[] = [];
    for (const person of eight) tabs.push(await opens(person.name, person, group));
    const ninth = await opens('ninth', more[6]!, group);
    for (const { page } of [...tabs, ninth]) page.setDefaultTimeout(slowMs);
    await goesIntoCall(tabs[0]!, 'Start call');
    const began = performance.now();
    for (const tab of tabs.slice(1)) {
      await tab.sees(tab.button('Join the call'));
      // Seven are rung; who is not sees the call, and joins it.
      if (await ringOf(tab).locator('button').count()) await tab.presses('Accept with video');
      else await goesIntoCall(tab, 'Join');
      await tab.sees(tab.page.locator('call-in-progress'));
    }
    await Promise.all(tabs.map((tab, at) => seesMove(tab, othersOf(eight, eight[at]!), slowMs)));
    console.info(`eight in a mesh, from the first accept until each saw pictures of the seven others: ${Math.round(performance.now() - began)} ms`);
    if (await ringOf(ninth).locator('button').count()) await ninth.presses('Ignore');
    await ninth.presses('Join the call');
    await ninth.sees('Eight people are in this call, and eight is the most.');
    expect(await ninth.button('Join').isDisabled()).toBe(true);
    await Promise.all([...tabs, ninth].map((tab) => tab.page.close()));
  }));

  tell('everybody can use it: in both themes, by keyboard, at 320 pixels', async () => {
    const group = await aGroup(who.alice, [who.bob], 'Two');
    const alice = await stage.tab('alice again', { who: who.alice });
    const bob = await stage.tab('bob, small', { who: who.bob, viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
    await alice.goes(`/c/${group}`);
    await bob.goes(`/c/${group}`);
    await bob.sees(bob.page.locator('message-composer'));
    await alice.sees(alice.button('Call'));
    await alice.button('Call').focus();
    await alice.keys('Enter');
    await alice.sees(alice.button('Start call'));
    await alice.finds('what has the focus', 'Start call', () => focusedWords(alice));
    await audit(alice, 'lobby');
    await alice.keys('Enter');
    await bob.sees(ringOf(bob).locator('button').first());
    await audit(bob, 'incoming');
    await bob.keys('F8');
    await bob.finds('what has the focus', 'Accept with video', () => focusedWords(bob));
    await bob.keys('Enter');
    await seesMove(bob, [who.alice.account]);
    await audit(alice, 'call');
    await audit(bob, 'call at 320 pixels');
    expect(await bob.page.evaluate(() => document.scrollingElement!.scrollWidth)).toBeLessThanOrEqual(320);
    await alice.keys('m');
    await alice.sees(alice.button('Unmute'));
    await alice.page.keyboard.down('Space');
    await alice.sees(alice.button('Mute'));
    await alice.page.keyboard.up('Space');
    await alice.sees(alice.button('Unmute'));
    await alice.keys('v');
    await alice.sees(alice.button('Turn camera on'));
    await alice.composer.fill('many vitamins');
    expect(await alice.composer.inputValue()).toBe('many vitamins');
    await alice.composer.press('Enter');
    await bob.presses('Chat and people');
    await bob.sees(bob.message('many vitamins'));
    await audit(bob, 'chat at 320 pixels');
    await bob.presses('Close chat and people');
    await bob.presses('Leave');
    await alice.presses('Leave');
    await alice.goes('/calls');
    await alice.sees('You called');
    await audit(alice, 'past calls');
    await alice.goes('/calls/test');
    await alice.sees(/relay/);
    await audit(alice, 'call test');
  });
});

const focusedWords = ({ page }: Tab): Promise<string> =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return (active as HTMLElement | null)?.innerText.trim() ?? '';
  });

const audit = async ({ page }: Tab, screen: string): Promise<void> => {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await readFile(axe, 'utf8')); // The policy of the page forbids a script tag.
  for (const theme of ['light', 'dark']) {
    const found = await page.evaluate(async (now) => {
      document.documentElement.dataset['theme'] = now;
      const moves = (root: Document | ShadowRoot): boolean => root.getAnimations().length > 0 || [...root.querySelectorAll('*')].some((node) => node.shadowRoot !== null && moves(node.shadowRoot));
      const frame = (): Promise<number> => new Promise(requestAnimationFrame);
      await frame();
      do await frame();
      while (moves(document)); // Colours on their way are not what people read.
      const { axe } = globalThis as unknown as { axe: { run: (where: Document, how: object) => Promise<{ violations: { id: string; help: string; nodes: { target: unknown }[] }[] }> } };
      const { violations } = await axe.run(document, { resultTypes: ['violations'] });
      return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ target }) => JSON.stringify(target)).join(' | ')}`);
    }, theme);
    expect.soft(found, `${screen}, ${theme}`).toEqual([]);
  }
};
