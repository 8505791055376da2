import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { it } from 'vitest';
import { anAppliance, type Appliance, type ApplianceOptions } from './appliance.ts';
import { aBrowser, aContext, type Complaints } from './browser.ts';
import { aCable, type Cable } from './journey-cable.ts';
import { Tab } from './journey-tab.ts';
import type { Person } from './people.ts';

/** An appliance, a browser, and the tabs that people have open. */
export class Stage {
  readonly appliance: Appliance;
  readonly #browser: Browser;
  readonly #tabs: Tab[] = [];
  readonly #cables: Cable[] = [];

  static async set(options: ApplianceOptions = {}): Promise<Stage> {
    const [appliance, browser] = await Promise.all([anAppliance(options), aBrowser()]);
    return new Stage(appliance, browser);
  }

  private constructor(appliance: Appliance, browser: Browser) {
    this.appliance = appliance;
    this.#browser = browser;
  }

  /** A tab in a browser of somebody's own; with a session where `who` is signed in. `cabled`: the connection can be pulled. */
  async tab(name: string, { who, cabled = false, ...options }: BrowserContextOptions & { readonly who?: Person; readonly cabled?: boolean } = {}): Promise<Tab> {
    const cable = cabled ? await aCable(this.appliance.url) : undefined;
    if (cable) this.#cables.push(cable);
    const url = cable?.url ?? this.appliance.url;
    const complaints: Complaints = [];
    const context = await aContext(this.#browser, new URL(url).origin, complaints, options);
    if (who?.cookie !== undefined) {
      const [cookie = '', value = ''] = who.cookie.split('=');
      await context.addCookies([{ name: cookie, value, url }]);
    }
    const tab = new Tab(name, url, await context.newPage(), complaints, cable);
    this.#tabs.push(tab);
    return tab;
  }

  get pages(): readonly (readonly [name: string, page: Page])[] {
    return this.#tabs.filter(({ page }) => !page.isClosed()).map(({ name, page }) => [name, page] as const);
  }

  /** Nobody's tab may have asked another origin, broken the policy or written an error. Forgets what it told. */
  complaints(): readonly string[] {
    return this.#tabs.flatMap(({ name, complaints }) => complaints.splice(0).map((complaint) => `${name}: ${complaint}`));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    for (const cable of this.#cables) await cable.close();
    await this.appliance.close();
  }
}

const photographed = async (stage: Stage): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'hansard-journey-'));
  const shots = stage.pages.map(async ([name, page], n) => {
    const path = join(folder, `${n}-${name}.png`);
    await page.screenshot({ path, timeout: 5_000 });
    return `${name} at ${page.url()}: ${path}`;
  });
  return (await Promise.allSettled(shots)).map((shot) => (shot.status === 'fulfilled' ? shot.value : String(shot.reason))).join('\n');
};

/** A story with a picture of every tab at its end when it goes wrong. A tab that complained makes it go wrong too. */
export const story = (stage: () => Stage, title: string, tell: () => Promise<void>): void =>
  it(title, async () => {
    try {
      await tell();
      const complaints = stage().complaints();
      if (complaints.length > 0) throw new Error(`Pages complained:\n${complaints.join('\n')}`);
    } catch (fault) {
      if (fault instanceof Error) fault.message += `\n${await photographed(stage())}`;
      throw fault;
    }
  });
