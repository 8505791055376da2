import { afterAll, beforeAll, describe, expect } from 'vitest';
import { leaveCall } from '#src/contract/calls.ts';
import { readMeeting } from '#src/contract/meetings.ts';
import { systemClock } from '#src/kernel/clock.ts';
import { CallTab } from '#test/support/call-tab.ts';
import { aMeeting, type MeetingDoor } from '#test/support/guests.ts';
import { callFlags, seesMove } from '#test/support/journey-calls.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

describe('people meet', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person };
  let alice: Tab;
  let aheadMs = 0;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set({ flags: callFlags, env: { HANSARD_TURN: 'off' }, clock: () => systemClock() + aheadMs });
    who = await people(stage.appliance, 'alice', 'bob');
    alice = await stage.tab('alice', { who: who.alice });
  });
  afterAll(() => stage?.close());

  const pathTo = ({ conversationId, key }: MeetingDoor, more = 'guest=1'): string => `/meet/${conversationId}#${more}&key=${key}`;
  const hosts = async (door: MeetingDoor): Promise<void> => {
    await alice.goes(`${pathTo(door)}&auto=2`);
    await alice.sees(alice.page.locator('call-in-progress'));
  };
  const isInCall = (guest: Tab): Promise<void> => guest.sees(guest.page.locator('call-in-progress'));
  const ends = async (): Promise<void> => {
    await alice.presses('Leave');
    await alice.sees(alice.button(/^(Call|Join the call)$/));
  };

  tell('one opens a meeting, and a guest comes by the link', async () => {
    await alice.goes('/');
    await alice.presses('New');
    await alice.chooses('New meeting');
    await alice.fills('Title', 'The harbour');
    await alice.page.getByLabel('Others, by e-mail').fill('gita@example.org, nobody at all');
    await alice.sees('An address has an @ in it.');
    expect(await alice.button('Open meeting').isDisabled()).toBe(true);
    await alice.page.getByLabel('Others, by e-mail').fill('');
    await alice.presses('Open meeting');
    const link = alice.page.getByLabel('Link', { exact: true });
    await alice.sees(link);
    const address = await link.inputValue();
    await alice.presses('Done');
    await alice.presses('Start call');
    await isInCall(alice);

    const gita = await stage.tab('gita');
    const { pathname, hash } = new URL(address);
    await gita.goes(`${pathname}${hash}&name=Gita%20Gomez`);
    await gita.sees(gita.page.getByRole('heading', { name: 'The harbour' }));
    await gita.sees(/is kept/);
    expect(await gita.page.getByLabel('Your name').inputValue()).toBe('Gita Gomez');
    await gita.presses('Enter the meeting');
    await gita.sees(gita.button('Join'));
    await gita.presses('Join');
    await isInCall(gita);
    await Promise.all([seesMove(alice, await others(alice)), seesMove(gita, [who.alice.account])]);
    expect(await gita.page.locator('side-bar').count()).toBe(0);
    await gita.says('Hello from outside');
    await alice.sees(alice.message('Hello from outside'));
    await gita.presses('Leave the meeting');
    await gita.sees('You are not in the meeting any more');
    await ends();
  });

  const others = async (tab: Tab): Promise<readonly string[]> =>
    eventually('somebody else is there', async () => {
      const accounts = await tab.page.locator('call-tile[data-account]').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-account') ?? ''));
      const some = accounts.filter((account) => account !== who.alice.account);
      return some.length > 0 ? some : undefined;
    });

  tell('a link without a name gives one, and without guests asks to sign in', async () => {
    const door = await aMeeting(who.alice);
    const guest = await stage.tab('guest');
    await guest.goes(pathTo(door));
    expect(await (async () => (await guest.sees(guest.page.getByLabel('Your name')), guest.page.getByLabel('Your name').inputValue()))()).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    const other = await stage.tab('other');
    await other.goes(pathTo(door, 'guest=0'));
    await other.sees(other.page.getByLabel('Sign-in name'));
  });

  tell('a link goes past the lobby, with or without a picture and sound', async () => {
    const door = await aMeeting(who.alice);
    await hosts(door);
    const [listener, silent] = [await stage.tab('listener'), await stage.tab('silent')];
    await listener.goes(pathTo(door, 'guest=1&name=Listener&auto=1'));
    await isInCall(listener);
    await listener.sees('Audio only: no pictures are sent or received.');
    await silent.goes(pathTo(door, 'guest=1&name=Silent&auto=2&mute=3'));
    await isInCall(silent);
    await silent.sees(silent.button(/^Unmute/));
    await silent.sees(silent.button(/^Start video|^Turn camera on|camera on/i));
    await ends();
    for (const tab of [listener, silent]) await tab.page.close();
  });

  tell('whoever is let in one by one waits, and is admitted or turned away', async () => {
    const door = await aMeeting(who.alice, { admit: true, title: 'One by one' });
    const [early, late] = [await stage.tab('early'), await stage.tab('late')];
    await early.goes(pathTo(door, 'guest=1&name=Early&auto=1'));
    await early.sees('The meeting has not begun yet');
    await hosts(door);
    await alice.sees(alice.button('Admit Early'));
    await early.sees('You wait to be let in');
    await alice.button('Admit Early').focus();
    await alice.keys('Enter');
    await isInCall(early);
    await late.goes(pathTo(door, 'guest=1&name=Late&auto=1'));
    await alice.sees(alice.button('Turn away Late'));
    await alice.presses('Turn away Late');
    await late.sees('You were not let in');
    aheadMs += 11_000;
    await late.sees('The host of “One by one” did not let you in.');
    await ends();
    await early.page.close();
  });

  tell('ten minutes after the host left, the link is dead', async () => {
    const door = await aMeeting(who.alice, { title: 'Over soon' });
    const tab = await CallTab.open(who.alice);
    const call = await tab.starts(door.conversationId);
    await who.alice.call(leaveCall, { ...call, device: tab.device });
    aheadMs += 10 * 60_000 + 1_000;
    await eventually('it is over', async () => (await who.alice.call(readMeeting, { conversationId: door.conversationId })).over);
    const guest = await stage.tab('too late');
    await guest.goes(pathTo(door));
    await guest.sees(guest.page.getByRole('heading', { name: 'This meeting is over' }));
    await guest.goes(pathTo({ ...door, key: 'A'.repeat(43) }));
    await guest.page.reload();
    await guest.sees(guest.page.getByRole('heading', { name: 'No such meeting' }));
  });

  tell('a room under public/ is there once somebody of the house was', async () => {
    const guest = await stage.tab('room');
    await guest.goes('/meet/public/harbour');
    await guest.sees(guest.page.getByRole('heading', { name: 'No such meeting' }));
    await alice.goes('/meet/public/harbour');
    await alice.sees(alice.button('Start call'));
    await guest.page.reload();
    await guest.fills('Your name', 'Roomer');
    await guest.presses('Enter the meeting');
    await guest.sees(/The call begins when/);
  });
});
