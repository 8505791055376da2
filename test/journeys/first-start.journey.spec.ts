import { afterAll, beforeAll, describe, expect } from 'vitest';
import { firstToken } from '#appliance/house/first-link.ts';
import { makePasswordLink, openAccount, openFirstAccount, usePasswordLink } from '#src/contract/accounts.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { nobody, passwordOf, Person } from '#test/support/people.ts';

describe('a new appliance', () => {
  let stage: Stage;
  let adam: Tab;
  let link: string;
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set();
    adam = await stage.tab('adam');
    link = `/first#${firstToken(stage.appliance.house)!}`;
  });
  afterAll(() => stage?.close());

  tell('tells who comes without the link where it was printed', async () => {
    await adam.goes('/');
    await adam.sees('Nobody has an account here yet. The one-time link for the first administrator was printed when the appliance started.');
  });

  tell('makes its first administrator by the one-time link, once', async () => {
    await adam.goes(link);
    await adam.page.getByLabel('Your name').fill('Adam Adler');
    await adam.page.getByLabel(/^Sign-in name/).fill('adam');
    await adam.page.getByLabel(/^Password/).first().fill(passwordOf('adam'));
    await adam.presses('Open the account');
    await adam.sees(adam.page.getByRole('navigation').first());
    await adam.goes('/administration');
    await adam.sees(adam.page.getByRole('heading', { level: 1, name: /order/i }));
    const late = await nobody(stage.appliance).refusal(openFirstAccount, { token: link.split('#')[1]!, signInName: 'late', displayName: 'Late', password: 'a password of nobody' });
    expect(late.code).toBe('link-spent');
  });

  tell('tells an employee at the next sign-in that somebody else had the password reset', async () => {
    const operator = new Person(stage.appliance, 'adam');
    await operator.signsIn();
    const account = '11111111-1111-4111-8111-111111111111';
    const opened = await operator.call(openAccount, { account, signInName: 'alice', displayName: 'Alice Abara', roles: ['employee'] });
    const alice = new Person(stage.appliance, 'alice');
    await alice.call(usePasswordLink, { token: opened.link.split('#')[1]!, password: passwordOf('alice') });
    const tab = await stage.tab('alice');
    await tab.goes('/');
    await tab.signsIn();
    expect(await tab.page.getByText('had your password reset').count()).toBe(0);
    const again = await operator.call(makePasswordLink, { account });
    await alice.call(usePasswordLink, { token: again.link!.split('#')[1]!, password: 'alice has another password' });
    await tab.sees('Your session has ended. Sign in to go on.');
    await tab.signsIn('alice', 'alice has another password');
    await tab.sees(/^\s*Adam Adler had your password reset on/);
    await tab.presses('Seen');
    await tab.seesNo('had your password reset');
    await tab.page.reload();
    await tab.sees(tab.page.getByRole('navigation').first());
    expect(await tab.page.getByText('had your password reset').count()).toBe(0);
  });
});
