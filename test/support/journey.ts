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
  readonly #strike: () => Promise<void>;

  /** `flags`: more of Chromium's. */
  static async set({ flags = [], ...options }: ApplianceOptions & { readonly flags?: readonly string[] } = {}): Promise<Stage> {
    const [appliance, browser] = await Promise.all([anAppliance(options), aBrowser(flags)]);
    return new Stage(appliance, browser, () => appliance.close());
  }

  /** On appliances that are there already; `strike` closes them. */
  static async on(appliance: Appliance, strike: () => Promise<void>): Promise<Stage> {
    return new Stage(appliance, await aBrowser(), strike);
  }

  private constructor(appliance: Appliance, browser: Browser, strike: () => Promise<void>) {
    this.appliance = appliance;
    this.#browser = browser;
    this.#strike = strike;
  }

  /** A tab in a browser of somebody's own; with a session where `who` is signed in. `cabled`: the connection can be pulled. `at`: another appliance than the first. */
  async tab(name: string, { who, cabled = false, at = this.appliance, ...options }: BrowserContextOptions & { readonly who?: Person; readonly cabled?: boolean; readonly at?: Appliance } = {}): Promise<Tab> {
    const cable = cabled ? await aCable(at.url) : undefined;
    if (cable) this.#cables.push(cable);
    const url = cable?.url ?? at.url;
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
    await this.#strike();
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
