import { afterAll, beforeAll, describe, expect } from 'vitest';
import { editMessage, retractMessage } from '#src/contract/timeline.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { filesIn, jsonLines } from '#test/support/journey-zip.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';

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
});
