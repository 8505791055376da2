import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { joinChannel, openChannel } from '#src/contract/conversations.ts';
import { lobbyOf, askingFlags, framesOf, goesIntoCall, mediaPermissions, ringOf, seesMove, smallPictures } from '#test/support/journey-calls.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aDirectChat, aSpace, isIn, people, type Person } from '#test/support/people.ts';

/** Each story goes on where the one before it ended: in one call, from its first to its last minute. */
describe('a call in a channel', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person; readonly mallory: Person };
  let channel: string;
  let alice: Tab;
  let bob: Tab;
  let mallory: Tab;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);
  const opens = async (name: 'alice' | 'bob' | 'mallory', cabled = false): Promise<Tab> => {
    const tab = await stage.tab(name, { who: who[name], cabled, permissions: mediaPermissions, viewport: { width: 800, height: 450 } });
    await smallPictures(tab);
    await tab.goes('/');
    await tab.sees(tab.row('standup'));
    return tab;
  };
  const inProgress = (tab: Tab) => tab.row('standup').locator('.mark.call');
  const tileOf = (tab: Tab, { account }: Person) => tab.page.locator(`call-tile[data-account="${account}"]`);
  const mutes = async (tab: Tab, name: string, person: Person): Promise<void> => {
    await tileOf(tab, person).hover();
    await tab.presses(new RegExp(`^More about ${name}`), tileOf(tab, person));
    await tab.chooses('Mute for all');
  };

  beforeAll(async () => {
    stage = await Stage.set({ flags: askingFlags, env: { HANSARD_TURN: 'off' } });
    who = await people(stage.appliance, 'alice', 'bob', 'mallory');
    const { spaceId } = await aSpace(who.alice, [who.bob, who.mallory]);
    channel = randomUUID();
    await who.alice.call(openChannel, { spaceId, conversationId: channel, name: 'standup' });
    for (const person of [who.bob, who.mallory]) {
      await person.call(joinChannel, { conversationId: channel });
      await isIn(person, channel);
    }
    await aDirectChat(who.mallory, who.bob);
    [alice, bob, mallory] = await Promise.all([opens('alice'), opens('bob', true), opens('mallory')]);
  });
  afterAll(() => stage?.close());

  tell('is seen by the members who are not in it, rings for nobody, and takes in who joins late', async () => {
    await alice.row('standup').click();
    await alice.presses('Call');
    await alice.sees('Nobody is rung. Everybody here sees that a call is in progress, and can join.');
    await alice.presses('Start call');
    await Promise.all([bob, mallory].map((tab) => tab.sees(inProgress(tab))));
    await bob.row('standup').click();
    await bob.sees(/^Alice, since /);
    await bob.sees(bob.button('Join call'));
    await goesIntoCall(bob, 'Join');
    await Promise.all([seesMove(alice, [who.bob.account]), seesMove(bob, [who.alice.account])]);
    await mallory.row('standup').click();
    await mallory.sees(/^Alice and Bob, since /);
    await mallory.presses('Join the call');
    await mallory.sees(/Call in progress since .*, 2 people: Alice Abara, Bob Bytner\./);
    await mallory.presses('Join', lobbyOf(mallory));
    await Promise.all([seesMove(alice, [who.bob.account, who.mallory.account]), seesMove(bob, [who.alice.account, who.mallory.account]), seesMove(mallory, [who.alice.account, who.bob.account])]);
    expect(await ringOf(bob).locator('button').count() + await ringOf(mallory).locator('button').count()).toBe(0);
  });

  tell('goes on while one has lost the appliance, who hears of everything when it is back', async () => {
    await bob.losesConnection();
    await bob.sees('Reconnecting… You are still heard where the connection holds.');
    await Promise.all([seesMove(alice, [who.bob.account]), seesMove(bob, [who.alice.account])]);
    await mutes(alice, 'Bob', who.bob);
    await mallory.presses('Leave');
    await alice.seesNo(tileOf(alice, who.mallory));
    await bob.regainsConnection();
    await bob.seesNo('Reconnecting… You are still heard where the connection holds.');
    await bob.seesNo(tileOf(bob, who.mallory));
    await bob.sees('The host muted you. Unmute when you want to speak.');
    await alice.sees(tileOf(alice, who.bob).getByText('is muted'));
    await bob.presses('Unmute');
    await alice.seesNo(tileOf(alice, who.bob).getByText('is muted'));
    await mutes(alice, 'Bob', who.bob);
    await bob.sees(bob.button('Unmute'));
    await Promise.all([seesMove(alice, [who.bob.account]), seesMove(bob, [who.alice.account])]);
  });

  tell('is knocked at by somebody who calls one of them, and loses him when he takes that call', async () => {
    const knocks = async (): Promise<void> => {
      await mallory.row('Bob Bytner').click();
      await goesIntoCall(mallory, 'Start call');
      await mallory.sees('Ringing Bob Bytner…');
      await bob.sees(ringOf(bob).getByRole('heading', { name: 'Mallory Moss is knocking' }));
    };
    await knocks();
    await bob.sees(/Accepting leaves the call you are in/);
    expect(await ringOf(alice).locator('button').count()).toBe(0);
    await bob.presses('Decline');
    await mallory.sees(mallory.page.getByRole('heading', { name: 'Bob Bytner declined' }));
    await mallory.presses('To the conversation');
    await Promise.all([seesMove(alice, [who.bob.account]), seesMove(bob, [who.alice.account])]);
    await knocks();
    await bob.presses('Accept with video');
    await alice.sees('Nobody else is here now.');
    await Promise.all([seesMove(mallory, [who.bob.account]), seesMove(bob, [who.mallory.account])]);
    expect(Object.keys(await framesOf(bob))).toEqual([who.mallory.account]);
    await bob.sees(inProgress(bob));
    await Promise.all([bob, mallory].map((tab) => tab.presses('Leave')));
  });

  tell('is gone from every list and header once the last has left', async () => {
    await mallory.row('standup').click();
    await mallory.sees(/^Alice, since /);
    await alice.presses('Leave');
    await mallory.seesNo('Call in progress');
    await mallory.sees(mallory.button('Call'));
    await Promise.all([bob, mallory].map((tab) => tab.seesNo(inProgress(tab))));
  });

  tell('can be joined by who forbids camera and microphone, and the lobby says what to do', async () => {
    await bob.page.context().clearPermissions();
    await bob.row('standup').click();
    await bob.presses('Call');
    await bob.sees(/^The browser may not use your microphone\. Press the microphone sign in its address bar/);
    await bob.sees(/^The browser may not use your camera\. Press the camera sign in its address bar/);
    await bob.presses('Start call');
    await alice.presses('Join the call');
    await alice.presses('Join', lobbyOf(alice));
    await seesMove(bob, [who.alice.account]);
    await alice.sees(tileOf(alice, who.bob).getByText('is muted'));
    expect(await alice.page.locator('call-tile[data-account][picture]').count()).toBe(0);
    await Promise.all([alice, bob].map((tab) => tab.presses('Leave')));
  });
});
