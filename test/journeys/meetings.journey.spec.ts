import { afterAll, beforeAll, describe, expect } from 'vitest';
import { leaveCall } from '#src/contract/calls.ts';
import { enterRoom, readMeeting } from '#src/contract/meetings.ts';
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
    await gita.sees(/You left “The harbour”/);
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
    await listener.page.reload();
    await isInCall(listener);
    await listener.presses('Leave', listener.page.locator('call-screen'));
    await listener.sees(/You left the call/);
    await who.alice.says('after they left', { in: door.conversationId });
    await listener.sees(listener.message('after they left'));
    await listener.sees(listener.button('Join the call'));
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

  const linkField = (tab: Tab) => tab.page.getByLabel('Link', { exact: true });
  tell('the link is copied, shared where the browser can, and handed to a mail program with the addresses', async () => {
    const writer = await stage.tab('alice writes', { who: who.alice, permissions: ['clipboard-read', 'clipboard-write'] });
    await writer.goes('/');
    await writer.presses('New');
    await writer.chooses('New meeting');
    await writer.fills('Title', 'Quay & crane');
    await writer.page.getByLabel('Others, by e-mail').fill('gita@example.org; Hari <hari@example.com>');
    await writer.presses('Open meeting');
    await writer.sees(linkField(writer));
    const link = await linkField(writer).inputValue();
    await writer.presses('Copy the link');
    await writer.sees('Copied');
    expect(await writer.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    await writer.sees(/Your own mail program has the invitation for gita@example.org, hari@example.com/);
    const mail = new URL((await writer.page.getByRole('link', { name: 'Write a mail' }).getAttribute('href'))!);
    expect([mail.protocol, decodeURIComponent(mail.pathname), mail.searchParams.get('subject')]).toEqual(['mailto:', 'gita@example.org,hari@example.com', 'Quay & crane']);
    expect(mail.searchParams.get('body')).toContain(link);
    expect(await writer.button('Share').count()).toBe(0); // This browser has no Web Share.

    await writer.page.addInitScript(() => Object.assign(navigator, { share: async (what: unknown) => void Object.assign(globalThis, { shared: what }) }));
    await writer.page.reload();
    await writer.presses('Link and guests');
    await writer.presses('Share');
    await writer.finds('what was shared', { title: 'Quay & crane', url: link }, () => writer.page.evaluate(() => (globalThis as unknown as { shared?: { title: string; url: string } }).shared as { title: string; url: string }));
    await writer.page.close();
  });

  tell('a room is gone to by its name, and a switch lets guests in', async () => {
    await alice.goes('/');
    await alice.presses('New');
    await alice.chooses('New meeting');
    await alice.page.getByRole('radio', { name: 'In a room that stays' }).check();
    const name = alice.page.getByLabel('Name of the room');
    const guests = alice.page.getByRole('switch', { name: 'Allow public guest access' });
    await name.fill('Stand up');
    await alice.sees(/\/meet\/stand-up$/);
    await guests.press('Space');
    await alice.sees(/\/meet\/public\/stand-up$/);
    expect(await name.inputValue()).toBe('public/Stand up');
    await guests.press('Space');
    await alice.sees(/\/meet\/stand-up$/);
    await name.fill('public/stánd-up');
    await alice.sees('A name has letters a to z, digits and hyphens.');
    expect([await guests.isChecked(), await alice.button('Go to the room').isDisabled()]).toEqual([true, true]);
    await name.fill('public/stand-up');
    await name.press('Enter');
    await alice.sees(linkField(alice));
    const { pathname, hash } = new URL(await linkField(alice).inputValue());
    expect([pathname, hash]).toEqual(['/meet/public/stand-up', '']);
    await alice.presses('Done');
    await alice.sees(alice.button('Start call'));
    const guest = await stage.tab('stander');
    await guest.goes(pathname);
    await guest.sees(guest.button('Enter the meeting'));
    await guest.page.close();
    await alice.presses('Not now');
  });

  tell('a guest comes as the fragments of the link say, alone and together', async () => {
    const { conversationId } = await who.bob.call(enterRoom, { room: 'public/quay' });
    await (await CallTab.open(who.bob)).starts(conversationId);
    const guest = await stage.tab('by fragment');
    const name = guest.page.getByLabel('Your name');
    const goes = async (fragment: string): Promise<void> => {
      await guest.goes('/healthz'); // Another page between: a fragment alone loads nothing anew.
      await guest.goes(`/meet/public/quay${fragment}`);
    };
    const leaves = async (): Promise<void> => {
      await guest.presses('Leave the meeting');
      await guest.sees('You are not in the meeting any more');
    };
    const isOn = async (...switches: readonly string[]): Promise<readonly string[]> => {
      const on: string[] = [];
      for (const one of switches) if (await guest.page.getByRole('switch', { name: one }).isChecked()) on.push(one);
      return on;
    };

    for (const [fragment, off] of [['', []], ['#mute=1', ['Join muted']], ['#mute=2', ['Without camera']], ['#mute=3', ['Join muted', 'Without camera']]] as const) {
      await goes(fragment);
      await guest.sees(name);
      expect(await name.inputValue(), fragment).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
      await name.press('Enter');
      await guest.sees(guest.button('Join'));
      await guest.finds(`what ${fragment} turns off`, off, () => isOn('Join muted', 'Without camera'));
      await leaves();
    }
    for (const [fragment, buttons] of [
      ['#auto=2', ['Mute', 'Turn camera off']], ['#auto=2&mute=1', ['Unmute', 'Turn camera off']], ['#mute=2&name=Ann%20Other&auto=2&guest=1', ['Mute', 'Turn camera on']],
    ] as const) {
      await goes(fragment);
      await isInCall(guest);
      for (const button of buttons) await guest.sees(guest.button(button));
      expect(await guest.page.getByText('as Ann Other').count(), fragment).toBe(fragment.includes('Ann') ? 1 : 0);
      await leaves();
    }
  });
});
