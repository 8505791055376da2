import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { putSetting } from '#src/contract/administration.ts';
import { callFlags, ringOf, goesIntoCall, lobbyOf, seesMove, smallPictures } from '#test/support/journey-calls.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aGroup, anEmployee, people, type Person } from '#test/support/people.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Fifty-six pictures are encoded and decoded on the two processors that also run everything else: it may be slow there, and it must come. */
const slowMs = 120_000;

/**
 * In place of the camera a small picture that the page draws and that changes three times a second. Chromium's pretended cameras live in one process,
 * and it was seen to stop all of them for good when the sixth, seventh or eighth page opened one. What it does not prove: cameras.
 */
const drawnPictures = async ({ page }: Tab): Promise<void> => {
  await page.addInitScript(() => {
    const media = navigator.mediaDevices;
    const ask = media.getUserMedia.bind(media);
    media.getUserMedia = async ({ audio = false, video = false } = {}) => {
      const stream = audio ? await ask({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } }) : new MediaStream();
      if (!video) return stream;
      const canvas = Object.assign(document.createElement('canvas'), { width: 96, height: 72 });
      const brush = canvas.getContext('2d')!;
      let at = 0;
      const draws = setInterval(() => {
        brush.fillStyle = `hsl(${(at += 40)} 80% 50%)`;
        brush.fillRect(0, 0, 96, 72);
        if (track.readyState === 'ended') clearInterval(draws);
      }, 333);
      const track = canvas.captureStream().getVideoTracks()[0]!;
      stream.addTrack(track);
      return stream;
    };
  });
};

const isPatient = async ({ page }: Tab): Promise<void> => page.setDefaultTimeout(slowMs);

/** Two speak. The others have chosen no microphone: two processors that encode and decode fifty-six streams of beeps have no time for pictures. */
const listens = async ({ page }: Tab): Promise<void> => {
  await page.addInitScript(() => localStorage.setItem('hansard-call-devices', JSON.stringify({ microphone: null })));
};

describe('many people in one call', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person; readonly adam: Person; readonly mallory: Person };
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);
  const opens = async (name: string, person: Person, conversation: string, ...prepare: readonly ((tab: Tab) => Promise<void>)[]): Promise<Tab> => {
    const tab = await stage.tab(name, { who: person, viewport: { width: 640, height: 400 } });
    for (const prepares of prepare) await prepares(tab);
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
    const [alice, bob, mallory] = [await opens('alice', who.alice, group, smallPictures), await opens('bob', who.bob, group, smallPictures), await opens('mallory', who.mallory, group, smallPictures)];
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

  tell('eight see each other, and a ninth is told why not', async () => {
    const more = await Promise.all([3, 4, 5, 6, 7, 8, 9].map((n) => anEmployee(stage.appliance, who.adam, `person${n}`, `Person ${n}`)));
    const eight = [who.alice, who.bob, ...more.slice(0, 6)];
    const group = await aGroup(who.alice, [who.bob, ...more], 'Nine');
    const tabs = await Promise.all([...eight, more[6]!].map((person, at) => opens(person.name, person, group, isPatient, drawnPictures, ...(at < 2 ? [] : [listens]))));
    const [host, last, ninth] = [tabs[0]!, tabs[7]!, tabs[8]!];
    const seven = tabs.slice(0, 7);
    await goesIntoCall(host, 'Start call');
    await Promise.all(tabs.slice(1).map(async (tab) => {
      await tab.sees(tab.button('Join the call'));
      // Seven are rung; who is not sees the call, and joins it.
      const isRung = (await ringOf(tab).locator('button').count()) > 0;
      if (tab === last || tab === ninth) return isRung && tab.presses('Ignore');
      if (isRung) await tab.presses('Accept with video');
      else await goesIntoCall(tab, 'Join');
      await tab.sees(tab.page.locator('call-in-progress'));
    }));
    await Promise.all(seven.map((tab, at) => seesMove(tab, othersOf(eight.slice(0, 7), eight[at]!), slowMs)));
    await last.presses('Join the call');
    await last.sees(lobbyOf(last));
    const began = performance.now();
    await last.presses('Join', lobbyOf(last));
    await seesMove(last, othersOf(eight, eight[7]!), slowMs);
    console.info(`join into a call of eight, from Join until pictures of the seven others moved: ${Math.round(performance.now() - began)} ms`);
    await Promise.all(seven.map((tab, at) => seesMove(tab, othersOf(eight, eight[at]!), slowMs)));
    await ninth.presses('Join the call');
    await ninth.sees('Eight people are in this call, and eight is the most.');
    expect(await ninth.button('Join').isDisabled()).toBe(true);
    await Promise.all(tabs.map((tab) => tab.page.close()));
  });

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
