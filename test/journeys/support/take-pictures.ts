import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { readConfig } from '#appliance/config.ts';
import { fillDemo } from '#appliance/demo/demo.ts';
import { demoPassword } from '#appliance/demo/storyteller.ts';
import { openHouse } from '#appliance/house/house.ts';
import { serveDoors } from '#appliance/web/server.ts';
import { aBrowser, aContext } from '#test/support/browser.ts';

/** Takes the pictures of the README: `npm run pictures`. The company is the one of the demo; only times and ids differ from one run to the next. */

const folder = fileURLToPath(new URL('../../../docs/pictures', import.meta.url));

/** The story is told up to now; in the time zone where now is half past two in the afternoon, people said things when people do. */
const afternoon = (): string => {
  const hours = 14 - new Date().getUTCHours();
  return `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours < -12 ? hours + 24 : hours)}`;
};

const signedIn = async (page: Page, url: string, name: string, path: string): Promise<void> => {
  await page.goto(`${url}${path}`);
  await page.locator('#name').fill(name);
  await page.locator('#password').fill(demoPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('sign-in-screen').waitFor({ state: 'detached' });
};

const employee = async (page: Page, url: string): Promise<void> => {
  await signedIn(page, url, 'hanna', '/');
  await page.locator('side-bar a.row', { hasText: 'Field trials' }).click();
  await page.locator('message-list li.message', { hasText: 'Released for Aarhus' }).waitFor();
};

const officer = async (page: Page, url: string): Promise<void> => {
  await signedIn(page, url, 'olive', '/archive');
  await page.getByRole('textbox', { name: 'Why are you looking?' }).fill('claim letter of 12 November');
  await page.getByRole('button', { name: 'Open inquiry' }).click();
  const query = page.getByRole('textbox', { name: 'Search everything that was said' });
  await query.fill('concentrator');
  await query.press('Enter');
  await page.getByRole('option').filter({ hasText: 'Retracted' }).first().click();
  await page.locator('hit-panel dl').waitFor();
};

const administrator = async (page: Page, url: string): Promise<void> => {
  await signedIn(page, url, 'adam', '/administration');
  await page.locator('.card .value').first().waitFor();
  await page.getByRole('row', { name: /Mara Okonjo/ }).waitFor();
};

/** The others are at work too. */
const company = async (browser: Browser, url: string): Promise<void> => {
  for (const name of ['mara', 'ines']) {
    const page = await (await aContext(browser, new URL(url).origin, [], {})).newPage();
    await signedIn(page, url, name, '/');
    await page.locator('side-bar a.row', { hasText: name === 'ines' ? 'Field trials' : 'Supplier claims' }).click();
    await page.locator('message-composer textarea').waitFor();
  }
};

const take = async (url: string): Promise<void> => {
  const browser = await aBrowser();
  try {
    await company(browser, url);
    for (const [name, goes] of Object.entries({ employee, officer, administrator })) {
      const complaints: string[] = [];
      const context = await aContext(browser, new URL(url).origin, complaints, { colorScheme: 'light', timezoneId: afternoon() });
      const page = await context.newPage();
      await goes(page, url);
      await page.mouse.move(720, 4); // Over nothing that would show itself.
      await page.evaluate(() => document.fonts.ready);
      await page.waitForLoadState('networkidle');
      if (complaints.length > 0) throw new Error(`${name} complained: ${complaints.join('\n')}`);
      await page.screenshot({ path: join(folder, `${name}.png`) });
      console.log(`${name}.png`);
      await context.close();
    }
  } finally {
    await browser.close();
  }
};

const data = mkdtempSync(join(tmpdir(), 'hansard-pictures-'));
const config = readConfig({ HANSARD_DATA: data, HANSARD_PORT: '0' });
mkdirSync(folder, { recursive: true });
await fillDemo(config);
const house = await openHouse(config);
const doors = await serveDoors(house);
try {
  await take(`http://127.0.0.1:${doors.port}`);
} finally {
  await doors.close();
  await house.close();
  rmSync(data, { recursive: true, force: true });
}
