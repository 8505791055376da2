import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { systemClock } from '#src/kernel/clock.ts';
import { callFlags, framesOf, goesIntoCall, ringOf, pathsOf, seesMove, standsStill, watchesPaths } from '#test/support/journey-calls.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

describe('two people call each other', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person };
  let chat: string;
  let alice: Tab;
  let bob: Tab;
  let aheadMs = 0;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set({ flags: callFlags, env: { HANSARD_TURN: 'off' }, clock: () => systemClock() + aheadMs });
    who = await people(stage.appliance, 'alice', 'bob');
    chat = await aDirectChat(who.alice, who.bob);
    alice = await stage.tab('alice', { who: who.alice });
    bob = await stage.tab('bob', { who: who.bob, cabled: true });
    await watchesPaths(alice);
    await watchesPaths(bob);
    await alice.goes(`/c/${chat}`);
    await bob.goes('/');
    await bob.sees(bob.row('Alice Abara'));
    await alice.sees(alice.button('Call'));
  });
  afterEach(async () => {
    for (const tab of [alice, bob]) if (await tab.button('Leave').count()) await tab.presses('Leave');
    await bob.seesNo(ringOf(bob).locator('button'));
    await alice.goes(`/c/${chat}`);
    await bob.goes('/');
    await alice.sees(alice.button('Call'));
    await bob.seesNo('Call in progress');
  });
  afterAll(() => stage?.close());

  const calls = async (): Promise<void> => {
    await goesIntoCall(alice, 'Start call');
    await bob.sees(ringOf(bob).getByRole('heading', { name: 'Alice Abara calls' }));
  };

  tell('and see each other soon after one accepts', async () => {
    const took: number[] = [];
    let pathsBefore: ReturnType<typeof pathsOf> = Promise.resolve([]);
    for (let round = 0; round < 3; round++) {
      await calls();
      await alice.sees('Ringing Bob Bytner…');
      const began = performance.now();
      await bob.presses('Accept with video');
      await Promise.all([seesMove(bob, [who.alice.account]), seesMove(alice, [who.bob.account])]);
      took.push(Math.round(performance.now() - began));
      pathsBefore = pathsOf(bob);
      await pathsBefore;
      await alice.seesNo('Ringing Bob Bytner…');
      await bob.presses('Leave');
      await alice.presses('Leave');
      await alice.sees(alice.button('Call'));
      await bob.seesNo(bob.button('Join the call'));
    }
    const [path] = await pathsBefore;
    expect(path).toMatchObject({ codecs: ['audio/opus', 'video/VP8'], maxBitrates: [40_000, 960_000, 2_500_000] });
    console.info(`accept to decoded pictures on both sides: ${took.join(', ')} ms, p50 ${took.sort((a, b) => a - b)[1]} ms`);
  });

  tell('and the caller is told that the other declined', async () => {
    await calls();
    await bob.presses('Decline');
    await alice.sees(alice.page.getByRole('heading', { name: 'Bob Bytner declined' }));
    await alice.presses('To the conversation');
    await alice.sees(/declined the/);
  });

  tell('and the caller is not told that the other ignored it', async () => {
    await calls();
    await bob.presses('Ignore');
    await bob.seesNo(ringOf(bob).locator('button'));
    await bob.sees(bob.row('Call in progress, 1 person'));
    expect(await alice.page.getByText('Ringing Bob Bytner…').isVisible()).toBe(true);
    await alice.presses('Leave');
    await bob.sees(bob.row('Alice Abara'));
    await bob.seesNo('Call in progress');
  });

  tell('and it stops ringing everywhere once one device answered', async () => {
    const telephone = await stage.tab('bob’s other device', { who: who.bob });
    await telephone.goes('/');
    await telephone.sees(telephone.row('Alice Abara'));
    await calls();
    await telephone.sees(ringOf(telephone).locator('button').first());
    await telephone.presses('Accept audio');
    await bob.seesNo(ringOf(bob).locator('button'));
    await telephone.sees(telephone.page.locator('call-in-progress'));
    // And it moves to the first one when that one joins.
    await bob.row('Alice Abara').click();
    await goesIntoCall(bob, 'Join');
    await telephone.sees('The call moved to another device of yours');
    await seesMove(bob, [who.alice.account]);
    await telephone.page.close();
  });

  tell('and one shows a screen, which the other sees large, until it is stopped', async () => {
    await calls();
    await bob.presses('Accept with video');
    await seesMove(bob, [who.alice.account]);
    await alice.presses('Share screen');
    await alice.sees('Everybody in the call sees your screen.');
    await seesMove(bob, [`${who.alice.account}/screen`]);
    await alice.presses('Stop sharing');
    await bob.seesNo(bob.page.locator('call-tile[whole]'));
    await alice.presses('Share screen');
    await seesMove(bob, [`${who.alice.account}/screen`]);
    // The host of the call is alice; bob hosts nothing and has no such entry.
    await bob.page.locator('call-tile[data-account]').first().hover();
    await bob.page.getByRole('button', { name: /^More about Alice Abara/ }).first().click();
    expect(await bob.page.getByRole('menuitem', { name: 'Stop screen' }).count()).toBe(0);
    await bob.keys('Escape');
  });

  tell('and audio only sends and takes no pictures, and shares none', async () => {
    await calls();
    await bob.presses('Accept with video');
    await seesMove(alice, [who.bob.account]);
    await bob.presses('Audio only');
    await bob.sees('Audio only: no pictures are sent or received.');
    expect(await bob.button('Share screen').count()).toBe(0);
    await alice.seesNo(alice.page.locator('call-tile[data-account][picture]'));
    await bob.finds('directions of sound, picture and screen', ['sendrecv', 'inactive', 'inactive'], async () => (await pathsOf(bob))[0]?.directions);
    await bob.presses('Audio only');
    await bob.presses('Turn camera on');
    await Promise.all([seesMove(alice, [who.bob.account]), seesMove(bob, [who.alice.account])]);
  });

  tell('and what is off is let go, for the device too', async () => {
    await bob.page.evaluate(() => {
      const opened: MediaStreamTrack[] = [];
      const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await ask(wanted);
        opened.push(...stream.getTracks());
        return stream;
      };
      Object.assign(globalThis, { opened });
    });
    const live = (kind: string) => bob.page.evaluate((of) => (globalThis as unknown as { opened: MediaStreamTrack[] }).opened.filter((track) => track.kind === of && track.readyState === 'live').length, kind);
    await calls();
    await bob.presses('Accept with video');
    await seesMove(alice, [who.bob.account]);
    expect([await live('audio'), await live('video')]).toEqual([1, 1]);
    await bob.presses('Turn camera off');
    await bob.presses('Mute');
    await bob.finds('devices in use', [0, 0], async () => [await live('audio'), await live('video')]);
    await alice.sees(alice.page.locator(`call-tile[data-account="${who.bob.account}"]`).getByText('is muted'));
    await bob.presses('Unmute');
    await bob.finds('microphones in use', 1, () => live('audio'));
    await bob.presses('Leave');
    await bob.finds('devices in use after leaving', [0, 0], async () => [await live('audio'), await live('video')]);
  });

  tell('and devices that are chosen in the call hold from Done on, not before', async () => {
    await calls();
    await bob.presses('Accept with video');
    await seesMove(alice, [who.bob.account]);
    const choosesNoCamera = async (): Promise<void> => {
      await bob.presses('Devices');
      await bob.page.getByRole('combobox', { name: /^Camera/ }).selectOption('none');
    };
    await choosesNoCamera();
    await bob.presses('Cancel');
    await seesMove(alice, [who.bob.account]);
    await choosesNoCamera();
    await bob.presses('Done');
    await bob.sees(bob.button('Turn camera on'));
    await alice.seesNo(alice.page.locator('call-tile[data-account][picture]'));
    await bob.presses('Turn camera on');
    await seesMove(alice, [who.bob.account]);
  });

  tell('and who reloads the page comes back to the call as they were', async () => {
    await calls();
    await bob.presses('Accept with video');
    await seesMove(alice, [who.bob.account]);
    await bob.page.reload();
    await bob.sees(bob.page.locator('call-in-progress'));
    await Promise.all([seesMove(alice, [who.bob.account]), seesMove(bob, [who.alice.account])]);
  });

  tell('and whose telephone slept for two minutes comes back to the call as they were', async () => {
    await calls();
    await bob.presses('Accept with video');
    await seesMove(alice, [who.bob.account]);
    await bob.presses('Mute');
    const wokenAt = aheadMs + 120_000;
    await standsStill(bob, async () => {
      await bob.losesConnection();
      // The clock goes on in steps, because patience begins when the appliance has noticed.
      await eventually('bob counts as gone', async () => {
        aheadMs += 5_000;
        return (await alice.page.getByText('Nobody else is here now.').count()) > 0;
      });
      aheadMs = Math.max(aheadMs, wokenAt);
      await bob.regainsConnection();
    });
    await Promise.all([seesMove(alice, [who.bob.account]), seesMove(bob, [who.alice.account])]);
    await Promise.all([bob.sees(bob.button('Unmute')), bob.sees(bob.button('Turn camera off'))]);
    await alice.sees(alice.page.locator(`call-tile[data-account="${who.bob.account}"]`).getByText('is muted'));
  });

  tell('and go on while one looks elsewhere', async () => {
    await calls();
    await bob.presses('Accept with video');
    await seesMove(alice, [who.bob.account]);
    await bob.page.locator('side-bar .wordmark a').click();
    await bob.sees(bob.page.locator('call-bar'));
    await seesMove(alice, [who.bob.account]);
    await bob.page.getByRole('link', { name: 'Return' }).click();
    await seesMove(bob, [who.alice.account]);
    // One's own picture can be dragged, and its menu pressed all the same.
    await bob.page.locator('.own-picture').hover();
    await bob.presses('More about your picture');
    await bob.chooses('Move to the next corner');
    await bob.sees(bob.page.locator('.own-picture.bottom-start'));
    expect(Object.keys(await framesOf(bob))).toEqual([who.alice.account]);
  });

  tell('and the call is placed from the menu of a person who was searched for', async () => {
    await alice.goes('/');
    await alice.sees(alice.row('Bob Bytner'));
    await alice.keys('Control+k');
    await alice.page.getByRole('combobox').fill('bytn');
    await alice.keys('Enter');
    await alice.presses('What to do with Bob Bytner');
    await alice.chooses('Voice call');
    await alice.finds('audio only', true, () => alice.page.getByRole('switch', { name: /^Audio only/ }).isChecked());
    await alice.presses('Start call');
    await bob.sees(ringOf(bob).getByRole('heading', { name: 'Alice Abara calls' }));
    await bob.presses('Decline');
    await alice.sees(alice.page.getByRole('heading', { name: 'Bob Bytner declined' }));
  });
});
