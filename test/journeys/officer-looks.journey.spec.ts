import { afterAll, beforeAll, describe, expect } from 'vitest';
import { endCall, leaveCall, removeFromCall, shareScreen } from '#src/contract/calls.ts';
import { admitGuest, readVisit } from '#src/contract/meetings.ts';
import { editMessage, retractMessage } from '#src/contract/timeline.ts';
import { CallTab } from '#test/support/call-tab.ts';
import { aGuest, aMeeting } from '#test/support/guests.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { filesIn, jsonLines } from '#test/support/journey-zip.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

/** In order, oldest first. How long a call took is another matter. */
const callsInTheChat = [
  'Alice Abara started a voice call', 'Alice Abara rang Bob Bytner', 'Alice Abara left the call', 'Bob Bytner missed a voice call from Alice Abara',
  'The voice call of Alice Abara ended after a while, because the caller gave up. It was held by Alice Abara',
  'Alice Abara started a video call', 'Alice Abara rang Bob Bytner', 'Bob Bytner joined the call', 'Bob Bytner shared a screen', 'Alice Abara removed Bob Bytner from the call',
  'The video call of Alice Abara ended after a while, because the host ended it. It was held by Alice Abara, Bob Bytner',
];
const callInTheMeeting = ['Alice Abara started a video call', 'Gita Gomez asked to be let into the call', 'Alice Abara let Gita Gomez into the call', 'The video call of Alice Abara ended after a while, because the host ended it. It was held by Alice Abara'];
const whenever = (text: string): string => text.replace(/after [\d a-z]+,/, 'after a while,');

describe('an officer', () => {
  let stage: Stage;
  let olive: Tab;
  let chat: string;
  let who: { readonly alice: Person; readonly bob: Person };
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);
  const hits = () => olive.page.getByRole('option');
  const panel = () => olive.page.locator('hit-panel');

  beforeAll(async () => {
    stage = await Stage.set();
    const { alice, bob, olive: officer } = await people(stage.appliance, 'alice', 'bob', 'olive', 'oscar');
    who = { alice, bob };
    chat = await aDirectChat(alice, bob);
    await alice.says('good morning', { in: chat });
    const first = await alice.says('the invoice goes to the brother of the mayor', { in: chat });
    const secret = await bob.says('delete the minutes before Friday', { in: chat });
    await bob.says('what minutes', { in: chat });
    const reader = await stage.tab('bob', { who: bob });
    await reader.goes(`/c/${chat}`);
    await reader.sees(reader.message('the invoice goes'));
    const writer = await stage.tab('alice', { who: alice });
    await writer.goes(`/c/${chat}`);
    await writer.finds('the mark', 'Viewed by everyone', () => writer.markOf('the invoice goes'));
    await alice.call(editMessage, { conversationId: chat, messageId: first.messageId, text: 'the invoice goes to the council' });
    await bob.call(retractMessage, { conversationId: chat, messageId: secret.messageId });
    await writer.sees(writer.message('the invoice goes to the council'));
    olive = await stage.tab('olive', { who: officer });
  });
  afterAll(() => stage?.close());

  tell('is asked why before anything is shown', async () => {
    await olive.goes('/archive');
    await olive.sees('Why are you looking?');
    await olive.sees(olive.button('Open inquiry').and(olive.page.locator(':disabled')));
    await olive.page.getByRole('textbox', { name: 'Why are you looking?' }).fill('complaint 7 of November');
    await olive.presses('Open inquiry');
    await olive.sees(/Inquiry 1, reason “complaint 7 of November”, recorded/);
    await olive.sees('Nothing has been looked at yet.');
    expect(await hits().count()).toBe(0);
  });

  tell('finds the first version of a message that was edited, with its history and who had seen it', async () => {
    const query = olive.page.getByRole('textbox', { name: 'Search everything that was said' });
    await query.fill('"brother of the mayor"');
    await query.press('Enter');
    await olive.sees(/^1 event in 1 conversation, complete to position/);
    await olive.sees(hits().filter({ hasText: 'Edited' }).filter({ hasText: 'brother of the mayor' }));
    await hits().first().click();
    await olive.sees(panel().getByText('Message, with its history'));
    await olive.sees(panel().locator('version-history li').filter({ hasText: 'the invoice goes to the brother of the mayor' }));
    await olive.sees(panel().locator('version-history del', { hasText: 'brother' }));
    await olive.sees(panel().locator('version-history ins', { hasText: 'council' }));
    await olive.sees(panel().locator('.viewer', { hasText: 'Bob Bytner' }));
  });

  tell('sees its place in the record as the log has it', async () => {
    const inLog = (await stage.appliance.recorded(`conversation-${chat}`)).find((event) => event.type === 'MessagePosted' && event.revision === 2);
    await olive.sees(panel().getByText('In the record'));
    const facts = await panel().locator('section[aria-labelledby="record"] dl').innerText();
    expect(facts).toMatch(new RegExp(`Conversation revision\\s+${inLog!.revision}\\s`));
    expect(facts.replaceAll(',', '')).toMatch(new RegExp(`Log position\\s+${inLog!.position}\\s`));
    expect(await panel().locator('dd.code span').first().getAttribute('title')).toBe(inLog!.leafHash);
    await panel().getByRole('button', { name: 'In conversation' }).click();
    await olive.sees(olive.dialog.locator('.line.hit', { hasText: 'the invoice goes' }));
    await olive.sees(olive.dialog.locator('.line', { hasText: 'good morning' }));
    await olive.keys('Escape');
  });

  tell('finds what was retracted, and nobody else does', async () => {
    const query = olive.page.getByRole('textbox', { name: 'Search everything that was said' });
    await query.fill('minutes from:bob');
    await query.press('Enter');
    await olive.sees(/^2 events in 1 conversation/);
    await olive.sees(hits().filter({ hasText: 'Retracted' }).filter({ hasText: 'delete the minutes before Friday' }));
    const alice = await stage.tab('alice searches', { who: who.alice });
    await alice.goes('/search?q=minutes');
    await alice.sees(/1 message/);
    expect(await alice.page.locator('search-screen .hit').allInnerTexts()).toHaveLength(1);
    await alice.goes('/search?q=brother');
    await alice.sees('Nobody said that in your conversations, as far as they are in the record at that position.');
    await alice.goes('/archive');
    await alice.seesNo('Why are you looking?');
  });

  tell('takes the result home as a zip that says what it is complete to', async () => {
    await olive.presses('Export 2');
    const { bytes } = await olive.downloads(() => olive.dialog.getByRole('button', { name: 'Export 2' }).click());
    const files = await filesIn(bytes);
    expect([...files.keys()].sort()).toEqual(['events.jsonl', 'manifest.json', 'transcript.txt']);
    expect(files.get('transcript.txt')).toContain('delete the minutes before Friday');
    const manifest = JSON.parse(files.get('manifest.json')!) as Record<string, unknown>;
    expect(JSON.stringify(manifest)).toContain('complaint 7 of November');
    expect(JSON.stringify(manifest)).toContain('minutes from:bob');
    expect(jsonLines(files.get('events.jsonl'))).toHaveLength(2);
    await olive.sees(/^The zip holds all 2 events, complete to position/);
    await olive.keys('Escape');
  });

  tell('finds every look of hers in the audit log, in order', async () => {
    await olive.presses('Close inquiry');
    await olive.sees('Inquiry 1 is closed. What it looked at stays in the record.');
    await olive.page.getByRole('link', { name: 'Audit log' }).click();
    await olive.sees('Who did what, when, from where');
    const told = olive.page.locator('audit-table tr.entry', { hasText: 'Olive Osei' });
    await olive.sees(told.filter({ hasText: 'complaint 7 of November' }));
    await olive.sees(told.filter({ hasText: '"brother of the mayor"' }).or(told.filter({ hasText: '“brother of the mayor”' })).or(told.filter({ hasText: 'brother of the mayor' })));
    await olive.sees(told.filter({ hasText: /export/i }));
    const says = (await olive.page.locator('audit-table tr.entry td.what').allInnerTexts()).join('\n');
    expect(says.indexOf('minutes from:bob')).toBeLessThan(says.indexOf('brother of the mayor')); // The newest first.
  });

  tell('cannot look on in an inquiry that is closed', async () => {
    await olive.goes('/archive');
    await olive.sees('Inquiries so far');
    await olive.sees(/complaint 7 of November/);
    expect(await olive.button(/Take up/).count()).toBe(0);
  });

  /** Media is of other tests. One call that nobody took, one with a screen that ended for one by being taken out, and a guest who was let into a meeting. */
  const callsHappen = async ({ alice, bob }: typeof who): Promise<void> => {
    const [ofAlice, ofBob] = [await CallTab.open(alice), await CallTab.open(bob)];
    const missed = await ofAlice.starts(chat, { audioOnly: true });
    await alice.call(leaveCall, { ...missed, device: ofAlice.device });
    const held = await ofAlice.starts(chat);
    await ofBob.joins(held);
    await bob.says('here is the harbour', { in: chat });
    await bob.call(shareScreen, { ...held, sharing: true });
    await alice.call(removeFromCall, { ...held, account: bob.account });
    await alice.call(endCall, held);

    const door = await aMeeting(alice, { admit: true, title: 'The harbour' });
    const meeting = await ofAlice.starts(door.conversationId);
    const guest = await aGuest(stage.appliance, door, 'Gita Gomez');
    await eventually('the guest knocks', async () => (await guest.call(readVisit, {})).knocking);
    await alice.call(admitGuest, { conversationId: door.conversationId, account: guest.account });
    await alice.call(endCall, meeting);
  };
  const ticks = (name: RegExp) => olive.page.getByRole('checkbox', { name }).check();
  /** Waits until the answer says so many, and reads the hits, oldest first. */
  const finds = async (says: RegExp): Promise<readonly string[]> => {
    await olive.sees(says);
    return (await hits().locator('.text').allInnerTexts()).map(whenever).reverse();
  };

  tell('finds facts of calls by kind and by person, and opens one among what was said', async () => {
    await callsHappen(who);
    await olive.page.getByRole('textbox', { name: 'Why are you looking?' }).fill('who called whom');
    await olive.presses('Open inquiry');
    await ticks(/^Calls/);
    await olive.page.getByRole('textbox', { name: 'Search everything that was said' }).press('Enter');
    expect(await finds(/^15 events in 2 conversations/)).toEqual([...callsInTheChat, ...callInTheMeeting]);
    await ticks(/^Bob Bytner \d/);
    expect(await finds(/^4 events in 1 conversation/)).toEqual(callsInTheChat.filter((says) => says.startsWith('Bob') || says.includes('removed')));
    await hits().filter({ hasText: 'removed' }).click();
    await olive.presses('In conversation');
    await olive.sees(olive.dialog.locator('.line.hit p', { hasText: /^Alice Abara removed Bob Bytner from the call$/ }));
    await olive.sees(olive.dialog.locator('.line', { hasText: 'here is the harbour' }));
    await olive.keys('Escape');
    await olive.page.getByRole('checkbox', { name: /^Bob Bytner \d/ }).uncheck();
    await olive.sees(/^15 events in 2 conversations/);
  });

  tell('takes the facts of calls home in the transcript, and so does one of those who called', async () => {
    await olive.presses('Export 15');
    const { bytes } = await olive.downloads(() => olive.dialog.getByRole('button', { name: 'Export 15' }).click());
    const files = await filesIn(bytes);
    const lines = files.get('transcript.txt')!.split('\n').map(whenever);
    for (const says of [...callsInTheChat, ...callInTheMeeting]) expect(lines.some((line) => line.endsWith(`: ${says}`)), says).toBe(true);
    expect(new Set(jsonLines(files.get('events.jsonl')).map(({ type }) => type))).toEqual(new Set(['CallStarted', 'CallRang', 'CallUnanswered', 'CallJoined', 'ScreenShared', 'CallLeft', 'GuestKnocked', 'GuestAdmitted', 'CallEnded']));
    await olive.sees(/^The zip holds all 15 events, complete to position/);

    const bob = await stage.tab('bob takes it home', { who: who.bob, viewport: { width: 1440, height: 900 } });
    await bob.goes(`/c/${chat}`);
    await bob.presses('Download history');
    const home = await filesIn((await bob.downloads(() => bob.presses('Download', bob.dialog))).bytes);
    const said = home.get('transcript.txt')!.trim().split('\n').map((line) => whenever(line.replace(/^\S+ \S+ \S+ {2}/, '')));
    expect(said.filter((line) => callsInTheChat.includes(line))).toEqual(callsInTheChat);
  });
});
