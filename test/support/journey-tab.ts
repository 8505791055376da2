import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import type { Complaints } from './browser.ts';
import type { Cable } from './journey-cable.ts';
import { passwordOf } from './people.ts';
import { eventually } from './waiting.ts';

type Words = string | RegExp;

/** A tab and what somebody does with it, in the words they would use. Everything waits for what it needs, with a deadline. */
export class Tab {
  readonly name: string;
  readonly url: string;
  readonly page: Page;
  readonly complaints: Complaints;
  readonly #cable: Cable | undefined;

  constructor(name: string, url: string, page: Page, complaints: Complaints, cable: Cable | undefined) {
    this.name = name;
    this.url = url;
    this.page = page;
    this.complaints = complaints;
    this.#cable = cable;
  }

  async goes(path: string): Promise<void> {
    await this.page.goto(`${this.url}${path}`);
  }
  button(name: Words): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }
  async presses(name: Words, within: Locator | Page = this.page): Promise<void> {
    await within.getByRole('button', { name, exact: typeof name === 'string' }).click();
  }
  /** The dialog that is open. What stands in it is slotted, so its role does not enclose it. */
  get dialog(): Locator {
    return this.page.locator('hansard-dialog');
  }
  get list(): Locator {
    return this.page.locator('side-bar');
  }
  async chooses(name: Words): Promise<void> {
    await this.page.getByRole('menuitem', { name }).click();
  }
  async fills(label: Words, text: string): Promise<void> {
    await this.page.getByLabel(label, { exact: typeof label === 'string' }).fill(text);
  }
  async keys(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }
  /** Waits until it is on screen. */
  async sees(what: Locator | Words): Promise<void> {
    await this.#locate(what).first().waitFor({ state: 'visible' });
  }
  /** Waits until it is gone. */
  async seesNo(what: Locator | Words): Promise<void> {
    await eventually(`${this.name} sees no ${String(what)}`, async () => (await this.#locate(what).count()) === 0 || undefined, () => this.page.locator('body').innerText());
  }
  /** Waits until what is asked of the page is this. */
  async finds<T>(what: string, wanted: T, ask: () => Promise<T>): Promise<void> {
    let last: T | undefined;
    await eventually(`${what} is ${JSON.stringify(wanted)}`, async () => JSON.stringify((last = await ask())) === JSON.stringify(wanted), () => last, 20_000);
  }
  #locate(what: Locator | Words): Locator {
    return typeof what === 'string' || what instanceof RegExp ? this.page.getByText(what) : what;
  }

  async givesPassword(password: string): Promise<void> {
    await this.page.locator('sign-in-screen #password').fill(password);
    await this.presses('Sign in');
  }
  async signsIn(signInName = this.name, password = passwordOf(this.name)): Promise<void> {
    await this.fills('Sign-in name', signInName);
    await this.givesPassword(password);
    await this.sees(this.page.getByRole('navigation').first());
  }

  /** The field in which messages are written. */
  get composer(): Locator {
    return this.page.locator('message-composer textarea');
  }
  async says(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }
  /** The row of a message that says this, not of one that quotes it. */
  message(text: Words): Locator {
    return this.page.locator('message-list li.message').filter({ has: this.page.locator('.text, .retracted', { hasText: text }) });
  }
  /** Every text on screen, in order. */
  texts(): Promise<readonly string[]> {
    return this.page.locator('message-list li.message .text').allInnerTexts();
  }
  /** Opens a conversation of one's list. General stands there under its own name and carries its space's. */
  async enters(title: Words, heading: Words = title): Promise<void> {
    await this.row(title).click();
    await this.sees(this.page.locator('conversation-screen header h1', { hasText: heading }));
  }
  /** Id of the conversation that is open. */
  get conversation(): string {
    return /\/c\/([0-9a-f-]{36})/.exec(this.page.url())?.[1] ?? '';
  }
  row(title: Words): Locator {
    return this.list.locator('a.row', { hasText: title });
  }
  /** What the check mark of one's own message says: `In the record` or `Viewed by everyone`; nothing before. */
  async markOf(text: Words): Promise<string> {
    const mark = this.message(text).locator('.mark');
    if ((await mark.count()) === 0) return '';
    return ((await mark.getAttribute('aria-label')) ?? (await mark.getAttribute('title')) ?? '').split('. ')[0] ?? '';
  }
  /** Finds an act in the menu or toolbar of a message. */
  async does(act: Words, to: Words): Promise<void> {
    const row = this.message(to);
    await row.hover();
    const toolbar = row.getByRole('toolbar');
    const direct = toolbar.getByRole('button', { name: act, exact: true });
    if ((await direct.count()) > 0) return direct.click();
    await toolbar.getByRole('button', { name: 'More' }).click();
    await row.getByRole('menuitem', { name: act }).click();
  }

  /** Whether this tab is looked at. The browser pretends every tab is; this takes the pretence back. */
  async looks(looking: boolean): Promise<void> {
    await this.page.evaluate((now) => {
      document.hasFocus = () => now;
      dispatchEvent(new Event(now ? 'focus' : 'blur'));
    }, looking);
  }
  /** The balancer sends what connects from now on to another appliance. */
  isLedTo(url: string): void {
    this.#cable!.leadTo(url);
  }
  async losesConnection(): Promise<void> {
    await this.page.context().setOffline(true);
    this.#cable!.pull();
  }
  async regainsConnection(): Promise<void> {
    this.#cable!.plugIn();
    await this.page.context().setOffline(false);
  }

  /** The bytes of the file that comes when `act` is done. */
  async downloads(act: () => Promise<void>): Promise<{ readonly name: string; readonly bytes: Buffer }> {
    const coming = this.page.waitForEvent('download', { timeout: 20_000 });
    await act();
    const download = await coming;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }
}
