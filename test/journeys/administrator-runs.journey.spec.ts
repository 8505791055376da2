import { afterAll, beforeAll, describe, expect } from 'vitest';
import { listInquiries } from '#src/contract/archive.ts';
import { readTimeline } from '#src/contract/timeline.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aDirectChat, passwordOf, people, type Person } from '#test/support/people.ts';

describe('an administrator', () => {
  let stage: Stage;
  let adam: Tab;
  let clara: Tab;
  let who: { readonly alice: Person; readonly bob: Person; readonly adam: Person };
  let chat: string;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set();
    who = await people(stage.appliance, 'alice', 'bob');
    chat = await aDirectChat(who.alice, who.bob);
    await who.alice.says('between the two of us', { in: chat });
    adam = await stage.tab('adam', { who: who.adam, permissions: ['clipboard-read', 'clipboard-write'] });
    clara = await stage.tab('clara');
  });
  afterAll(() => stage?.close());

  tell('sees first whether everything is in order', async () => {
    await adam.goes('/administration');
    await adam.sees('You run the appliance; conversations are not yours to read.');
    await adam.sees(adam.page.getByRole('heading', { level: 1, name: /order/i }));
    for (const card of ['Log', 'Views', 'Record', 'Disk']) await adam.sees(adam.page.locator('.card', { hasText: card }));
  });

  tell('opens an account and hands over a link that works once', async () => {
    await adam.page.getByRole('link', { name: 'People' }).click();
    await adam.presses('Open an account');
    await adam.dialog.getByLabel('Name', { exact: true }).fill('Clara Cole');
    await adam.finds('the sign-in name that follows', 'clara.cole', () => adam.dialog.getByLabel(/^Sign-in name/).inputValue());
    await adam.dialog.getByLabel(/^Sign-in name/).fill('clara');
    await adam.dialog.getByRole('button', { name: 'Open account' }).click();
    await adam.sees('The account is open');
    const link = await adam.dialog.getByRole('textbox', { name: 'One-time link' }).inputValue();
    await adam.dialog.getByRole('button', { name: 'Copy the link' }).click();
    expect(await adam.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    await adam.presses('Done');
    await adam.sees(adam.page.getByRole('row', { name: /Clara Cole/ }).getByText('No password yet'));

    await clara.page.goto(link);
    await clara.fills(/^New password/, passwordOf('clara'));
    await clara.fills('The same again', passwordOf('clara'));
    await clara.presses('Set password');
    await clara.givesPassword(passwordOf('clara'));
    await clara.sees('Nobody yet. Ctrl K finds somebody to write to.');
    const thief = await stage.tab('a second user of the link');
    await thief.page.goto(link);
    await thief.fills(/^New password/, 'a password of a thief');
    await thief.fills('The same again', 'a password of a thief');
    await thief.presses('Set password');
    await thief.sees('This link works no more');
  });

  tell('suspends somebody, whose open tab is signed out within a second, and restores them', async () => {
    await adam.page.reload();
    await adam.presses('Acts for Clara Cole');
    const asked = performance.now();
    await adam.page.getByRole('menuitem', { name: 'Suspend' }).click();
    await clara.sees('Your session has ended. Sign in to go on.');
    expect(performance.now() - asked).toBeLessThan(1_500); // A second, and what the two tabs take to say so.
    await clara.fills('Sign-in name', 'clara');
    await clara.givesPassword(passwordOf('clara'));
    await clara.sees(clara.page.getByRole('alert'));
    await adam.sees(adam.page.getByRole('row', { name: /Clara Cole/ }).getByText('Suspended'));
    await adam.presses('Acts for Clara Cole');
    await adam.page.getByRole('menuitem', { name: 'Restore' }).click();
    await adam.sees('Clara Cole can sign in again.');
    await clara.givesPassword(passwordOf('clara'));
    await clara.sees('Nobody yet. Ctrl K finds somebody to write to.');
  });

  tell('gives somebody a class of service, and offers it for the next', async () => {
    await adam.presses('Acts for Clara Cole');
    await adam.page.getByRole('menuitem', { name: 'Class of service' }).click();
    await adam.dialog.getByLabel('Class of Clara Cole').fill('Advanced, or not');
    await adam.sees(adam.dialog.getByText('At most 60 characters, without commas.'));
    await adam.dialog.getByLabel('Class of Clara Cole').fill('Advanced');
    await adam.dialog.getByRole('button', { name: 'Save' }).click();
    await adam.sees('Clara Cole is in the class Advanced now.');
    await adam.sees(adam.page.getByRole('row', { name: /Clara Cole/ }).getByText('Advanced', { exact: true }));
    await adam.presses('Acts for Bob Bytner');
    await adam.page.getByRole('menuitem', { name: 'Class of service' }).click();
    await adam.finds('the classes offered', ['Advanced'], () => adam.dialog.locator('option').evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value)));
    await adam.keys('Escape');
  });

  tell('is refused what people said, at every door', async () => {
    const doors = [['/archive', 'You run the appliance; conversations are not yours to read.'], [`/c/${chat}`, 'You are not in this conversation, or it does not exist.'], ['/search?q=between', 'Nobody said that in your conversations']] as const;
    for (const [address, sentence] of doors) {
      await adam.goes(address);
      await adam.sees(adam.page.getByText(sentence));
      expect(await adam.page.locator('body').innerText()).not.toContain('between the two of us');
    }
    expect((await who.adam.refusal(readTimeline, { conversationId: chat, where: 'latest' })).status).toBeGreaterThanOrEqual(403);
    expect((await who.adam.refusal(listInquiries, {})).status).toBe(403);
    await adam.goes('/administration');
    expect(await adam.page.getByRole('link', { name: 'Archive' }).count()).toBe(0);
  });

  tell('changes a setting, and the audit log says who did', async () => {
    await adam.page.getByRole('link', { name: 'Settings' }).click();
    const row = adam.page.locator('setting-row', { hasText: /group/i }).first();
    await row.getByRole('button', { name: /^Change/ }).click();
    await row.getByRole('spinbutton').fill('6');
    await row.getByRole('button', { name: 'Save' }).click();
    await adam.sees(row.getByText('Adam Adler'));
    await adam.page.getByRole('link', { name: 'Audit log' }).click();
    await adam.sees('Reasons and queries of inquiries are for officers; you see that they happened.');
    await adam.sees(adam.page.locator('audit-table tr.entry', { hasText: 'Adam Adler' }).filter({ hasText: /group|setting/i }));
    await adam.sees(adam.page.locator('audit-table tr.entry', { hasText: /suspended/i }));
    await adam.sees(adam.page.locator('audit-table tr.entry', { hasText: 'gave the class of service Advanced' }));
    expect(await adam.page.locator('body').innerText()).not.toContain('between the two of us');
  });

  tell('cannot make an officer while no officer could agree', async () => {
    await adam.page.getByRole('link', { name: 'People' }).click();
    await adam.presses('Acts for Bob Bytner');
    await adam.page.getByRole('menuitem', { name: /Ask for the officer’s role/ }).click();
    await adam.dialog.getByRole('button', { name: 'Ask', exact: true }).click();
    await adam.sees('There is no second officer who could approve this. The first officer is named by the operator, at the command line of the appliance.');
    expect((await who.bob.refusal(listInquiries, {})).status).toBe(403);
  });
});
