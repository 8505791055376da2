import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { clearSetting, putSetting } from '#src/contract/administration.ts';
import { findFiles } from '#src/contract/files.ts';
import { aPicture, aSound } from '#test/support/file-samples.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { bytesIn } from '#test/support/journey-zip.ts';
import { aDirectChat, aGroup, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

type Given = { readonly name: string; readonly type: string; readonly bytes: Buffer };

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const megabyte = 1024 * 1024;

/** Lets files fall on the conversation, as a drag from the desktop does: enter, over, drop. */
const drops = async (tab: Tab, files: readonly Given[]): Promise<void> => {
  const data = await tab.page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of given) transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type }));
    return transfer;
  }, files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') })));
  const place = tab.page.locator('conversation-screen message-list');
  await place.dispatchEvent('dragenter', { dataTransfer: data });
  await tab.sees(tab.page.locator('.drop-veil'));
  await place.dispatchEvent('dragover', { dataTransfer: data });
  await place.dispatchEvent('drop', { dataTransfer: data });
  await tab.seesNo(tab.page.locator('.drop-veil'));
};
const pastes = (tab: Tab, { name, type, bytes }: Given): Promise<void> =>
  tab.composer.evaluate((field, given) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([Uint8Array.from(atob(given.base64), (letter) => letter.charCodeAt(0))], given.name, { type: given.type }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true, composed: true }));
  }, { name, type, base64: bytes.toString('base64') });
/** A line so thin that one can watch; 0 takes the limit away. Bytes per second, upwards. */
const thins = async (page: Page, uploadThroughput: number): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: uploadThroughput || -1 });
};
const chip = (tab: Tab, name: string): Locator => tab.page.locator('upload-chip', { hasText: name });
const line = (tab: Tab, name: string): Locator => tab.page.locator('message-list li.message').filter({ has: tab.page.locator('.file, .preview', { hasText: name }) });
const percentOf = async (tab: Tab, name: string): Promise<number> => Number((await chip(tab, name).getByRole('progressbar').getAttribute('aria-valuenow').catch(() => '0')) ?? 0);
/** Offsets of the parts that a tab sends, by upload, as they go out. */
const watchesParts = (tab: Tab): Map<string, number[]> => {
  const parts = new Map<string, number[]>();
  tab.page.on('request', (request) => {
    if (request.method() !== 'PATCH' || !request.url().includes('/api/uploads/')) return;
    const id = request.url().split('/').at(-1)!;
    parts.set(id, [...(parts.get(id) ?? []), Number(request.headers()['upload-offset'])]);
  });
  return parts;
};
const fits = async (tab: Tab, screen: string): Promise<void> => {
  for (const width of [320, 768, 1_440]) {
    await tab.page.setViewportSize({ width, height: 900 });
    expect.soft(await tab.page.evaluate(() => document.documentElement.scrollWidth), `${screen} at ${width}`).toBeLessThanOrEqual(width);
  }
};
const withAxe = async (tab: Tab): Promise<void> => tab.page.evaluate(await readFile(axe, 'utf8'));
const isFitForAll = async (tab: Tab, screen: string): Promise<void> => {
  await fits(tab, screen);
  if (!(await tab.page.evaluate(() => 'axe' in globalThis))) await withAxe(tab);
  for (const theme of ['light', 'dark']) {
    await tab.page.evaluate((now) => void (document.documentElement.dataset['theme'] = now), theme);
    await tab.page.waitForFunction(() => {
      const moves = (root: Document | ShadowRoot): boolean => root.getAnimations().length > 0 || [...root.querySelectorAll('*')].some((node) => node.shadowRoot !== null && moves(node.shadowRoot));
      return !moves(document); // Colours on their way are not what people read.
    });
    const found = await tab.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: (where: Document, how: object) => Promise<{ violations: { id: string; help: string; nodes: { target: unknown; failureSummary?: string }[] }[] }> } };
      const { violations } = await axe.run(document, { resultTypes: ['violations'] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${JSON.stringify(target)} ${failureSummary?.slice(0, 200) ?? ''}`).join(' | ')}`);
    });
    expect.soft(found, `${screen}, ${theme}`).toEqual([]);
  }
};

describe('files', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person; readonly olive: Person; readonly adam: Person };
  let alice: Tab;
  let bob: Tab;
  let olive: Tab;
  let chat: string;
  const picture: Given = { name: 'hall C, north.png', type: 'image/png', bytes: aPicture(640, 400) };
  const report: Given = { name: 'report.bin', type: '', bytes: randomBytes(20 * megabyte) };
  const wrong: Given = { name: 'wrong one.bin', type: '', bytes: randomBytes(12 * megabyte) };
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set();
    who = await people(stage.appliance, 'alice', 'bob', 'olive', 'oscar');
    chat = await aDirectChat(who.alice, who.bob);
    alice = await stage.tab('alice', { who: who.alice, cabled: true });
    bob = await stage.tab('bob', { who: who.bob });
    olive = await stage.tab('olive', { who: who.olive });
  });
  afterAll(() => stage?.close());

  tell('are dropped three at once; one is cancelled, one goes on after the connection was cut, and the message does not wait', async () => {
    await bob.goes(`/c/${chat}`);
    await alice.goes(`/c/${chat}`);
    await alice.sees(alice.composer);
    const parts = watchesParts(alice);
    await thins(alice.page, 3 * megabyte);
    await drops(alice, [picture, report, wrong]);
    for (const { name } of [picture, report, wrong]) await alice.sees(chip(alice, name));
    await alice.sees(chip(alice, picture.name).locator('img'));
    await alice.presses(`Cancel ${wrong.name}`);
    await alice.seesNo(chip(alice, wrong.name));
    expect(await alice.composer.evaluate((field) => (field.getRootNode() as ShadowRoot).activeElement === field)).toBe(true);
    await alice.says('the hall, and the report on it');
    await bob.sees(bob.message('the hall, and the report on it'));
    await alice.sees(alice.page.locator('message-list').locator('upload-chip', { hasText: report.name }));
    await bob.sees(line(bob, picture.name));
    expect(await line(bob, report.name).count()).toBe(0);
    await alice.finds('more than its first part is up', true, async () => (await percentOf(alice, report.name)) > 45);
    await alice.losesConnection();
    await alice.sees(chip(alice, report.name).getByText('Waits for the connection'));
    await alice.regainsConnection();
    await thins(alice.page, 0);
    await bob.sees(line(bob, report.name));
    await alice.seesNo(alice.page.locator('upload-chip'));
    expect(await line(bob, wrong.name).count()).toBe(0);
    const offsets = [...parts.values()].find((of) => of.length > 2)!;
    expect(offsets.filter((offset) => offset === 0)).toHaveLength(1);
    expect(Math.max(...offsets)).toBeGreaterThanOrEqual(16 * megabyte);
    expect((await alice.texts()).at(-1)).toContain('the hall');
  });

  tell('are the same, byte by byte, for whoever downloads them', async () => {
    const { name, bytes } = await bob.downloads(() => line(bob, report.name).getByRole('link', { name: /^Download report\.bin/ }).first().click());
    expect(name).toBe(report.name);
    expect(bytes.equals(report.bytes)).toBe(true);
    const shown = await bob.downloads(() => line(bob, picture.name).getByRole('link', { name: `Download ${picture.name}` }).first().click());
    expect(shown.name).toBe(picture.name);
    expect(shown.bytes.equals(picture.bytes)).toBe(true);
  });

  tell('go home with the history, byte by byte, with a table of their names and hashes', async () => {
    await bob.presses('Download history');
    const { bytes } = await bob.downloads(() => bob.dialog.getByRole('button', { name: 'Download' }).click());
    const zip = await bytesIn(bytes);
    const table = zip.get('files.csv')!.toString('utf8').split('\n');
    for (const given of [report, picture]) {
      const row = table.find((one) => one.includes(given.name))!;
      expect(row).toContain(createHash('sha256').update(given.bytes).digest('hex'));
      expect(zip.get(/files\/\d+\.\w+/.exec(row)![0])!.equals(given.bytes)).toBe(true);
      expect(zip.get('transcript.txt')!.toString('utf8')).toContain(given.name);
    }
    await bob.presses('Done');
  });

  tell('that are pictures have their box before their bytes, and move nothing', async () => {
    let let_through = (): void => {};
    const held = new Promise<void>((resolve) => (let_through = resolve));
    await bob.page.route('**/files/*/preview', async (route) => {
      await held;
      await route.continue();
    });
    await bob.page.reload();
    const row = line(bob, picture.name);
    await bob.sees(row);
    const before = await row.boundingBox();
    let_through();
    const img = row.locator('img');
    await bob.finds('the picture', 640, () => img.evaluate((one: HTMLImageElement) => one.naturalWidth));
    const after = await row.boundingBox();
    expect(after?.height).toBe(before?.height);
    expect(after?.y).toBe(before?.y);
    expect((await img.boundingBox())?.height).toBeGreaterThan(150);
    await bob.page.unroute('**/files/*/preview');
  });

  tell('that are sound, pasted, play in their place', async () => {
    await pastes(alice, { name: 'fog horn.wav', type: 'audio/wav', bytes: aSound(2) });
    await alice.sees(chip(alice, 'fog horn.wav').getByText('Ready to send'));
    await alice.composer.press('Enter');
    await bob.sees(line(bob, 'fog horn.wav'));
    expect(await line(bob, 'fog horn.wav').locator('audio').evaluate(async (one: HTMLAudioElement) => {
      one.muted = true;
      await one.play();
      return Math.round(one.duration);
    })).toBe(2);
  });

  tell('survive a reload on their way', async () => {
    const parts = watchesParts(alice);
    await thins(alice.page, 2 * megabyte);
    await alice.page.locator('message-composer input[type=file]').setInputFiles({ name: 'survey.bin', mimeType: '', buffer: report.bytes.subarray(0, 12 * megabyte) });
    await alice.finds('the first part is up', true, async () => (await percentOf(alice, 'survey.bin')) > 70);
    await alice.page.reload();
    await thins(alice.page, 0);
    await alice.sees(chip(alice, 'survey.bin').getByText('Ready to send'));
    await alice.presses('Send');
    await bob.sees(line(bob, 'survey.bin'));
    const [offsets] = [...parts.values()];
    expect(offsets?.filter((offset) => offset === 0)).toHaveLength(1);
    const { bytes } = await bob.downloads(() => line(bob, 'survey.bin').getByRole('link', { name: /^Download/ }).first().click());
    expect(bytes.equals(report.bytes.subarray(0, 12 * megabyte))).toBe(true);
  });

  tell('that are too large are refused before a byte of them goes up, with the limit', async () => {
    await who.adam.call(putSetting, { name: 'files.maxBytes', value: 1_000_000 });
    const parts = watchesParts(alice);
    await alice.page.locator('message-composer input[type=file]').setInputFiles({ name: 'film.bin', mimeType: '', buffer: randomBytes(2_000_000) });
    await alice.sees(chip(alice, 'film.bin').getByText(/^Not shared\. .*may have [\d.,]+ [kKM]B/));
    expect(parts.size).toBe(0);
    expect(await alice.button('Send').isDisabled()).toBe(true);
    await isFitForAll(alice, 'a file that was refused');
    await alice.presses('Remove film.bin');
    await alice.seesNo(chip(alice, 'film.bin'));
    await who.adam.call(clearSetting, { name: 'files.maxBytes' });
  });

  tell('that wait in the composer leave the timeline at its end, whatever size the window gets', async () => {
    const names = ['one.txt', 'two.txt', 'three.txt', 'four.txt', 'five.txt'];
    await alice.page.locator('message-composer input[type=file]').setInputFiles(names.map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) })));
    for (const name of names) await alice.sees(chip(alice, name).getByText('Ready to send'));
    const rest = (): Promise<number> => alice.page.locator('message-list .scroll').evaluate((view) => Math.round(view.scrollHeight - view.scrollTop - view.clientHeight));
    for (const [width, height] of [[1_440, 900], [320, 640], [768, 800], [1_440, 900], [320, 640], [320, 380], [1_440, 900]] as const) {
      await alice.page.setViewportSize({ width, height });
      await alice.finds(`the end is in view at ${width} x ${height}`, 0, rest);
      expect(await alice.page.getByRole('button', { name: /^Jump to latest/ }).count()).toBe(0);
    }
    for (const name of names) await alice.presses(`Cancel ${name}`);
  });

  tell('are withdrawn by their sender: a note stays, and the bytes are nobody’s any more', async () => {
    const href = await line(bob, report.name).getByRole('link').first().getAttribute('href');
    await line(alice, report.name).hover();
    await line(alice, report.name).getByRole('button', { name: 'More' }).click();
    await line(alice, report.name).getByRole('menuitem', { name: 'Withdraw' }).click();
    await alice.sees('Nobody here can see or download it any more');
    await alice.presses('Withdraw file', alice.dialog);
    await bob.sees(/Alice Abara withdrew this file at/);
    await alice.sees(/You withdrew this file at/);
    await alice.presses('Put away');
    expect((await who.bob.fetch(href!)).status).toBeGreaterThanOrEqual(400);
    expect((await who.alice.fetch(href!)).status).toBeGreaterThanOrEqual(400);
  });

  tell('of one’s own are on one page, with what may be shared still', async () => {
    await alice.button('Settings').click();
    await alice.chooses('Sent files');
    await alice.sees(/^4 files/);
    await alice.sees(alice.page.locator('files-screen meter'));
    await alice.sees(alice.page.locator('files-screen li', { hasText: 'Withdrawn' }));
    await alice.page.getByRole('searchbox', { name: 'Names to find' }).fill('fog');
    await alice.sees(/^1 file/);
    await isFitForAll(alice, 'sent files');
    await alice.page.locator('files-screen li').getByRole('link', { name: 'Bob Bytner' }).click();
    await alice.sees(line(alice, 'fog horn.wav'));
    await isFitForAll(alice, 'a conversation with files');
  });

  tell('stay with the officer, withdrawn or not, who finds, opens and downloads them', async () => {
    await olive.goes('/archive');
    await olive.page.getByRole('textbox', { name: 'Why are you looking?' }).fill('complaint 9 of November');
    await olive.presses('Open inquiry');
    await olive.page.getByRole('link', { name: 'Files' }).click();
    await olive.page.getByRole('searchbox', { name: 'Words of a file’s name' }).fill('report');
    await olive.presses('Search');
    await olive.sees(/^1 file, 21 MB, complete to position/);
    const hit = olive.page.locator('file-desk .hit');
    await olive.sees(hit.getByText('Withdrawn'));
    await hit.click();
    await olive.sees('That you opened it is recorded before a byte is read.');
    await isFitForAll(olive, 'files of an inquiry');
    await olive.presses('Open this file');
    const { name, bytes } = await olive.downloads(() => olive.page.getByRole('link', { name: 'Download' }).click());
    expect(name).toBe(report.name);
    expect(bytes.equals(report.bytes)).toBe(true);
    await olive.page.getByRole('searchbox', { name: 'Words of a file’s name' }).fill('hall');
    await olive.presses('Search');
    await olive.sees(hit.getByText(picture.name));
    await hit.click();
    await olive.presses('Open this file');
    await olive.finds('the picture', 640, () => olive.page.locator('file-panel img').evaluate((one: HTMLImageElement) => one.naturalWidth));
    await isFitForAll(olive, 'an opened file');
    await olive.page.getByRole('searchbox', { name: 'Words of a file’s name' }).fill('');
    await olive.page.getByRole('searchbox', { name: 'Words inside files' }).fill('nowhere to be found');
    await olive.presses('Search');
    await olive.sees(/^Searched inside \d+ of \d+ files\./);
    await olive.presses('List what was not read');
    await olive.sees(hit.filter({ hasText: picture.name }).getByText('A type that is not read inside'));
    await isFitForAll(olive, 'files that were not read inside');
  });

  tell('leave with the officer in a zip, withdrawn ones too, with what was asked for and what was not read', async () => {
    await olive.page.getByRole('searchbox', { name: 'Words of a file’s name' }).fill('report');
    await olive.presses('Search');
    await olive.sees(/^1 file, 21 MB, complete to position/);
    await olive.presses('Export 1');
    await olive.sees('1 file, 21 MB, as shared; withdrawn ones too');
    await isFitForAll(olive, 'an export of files');
    const zip = await bytesIn((await olive.downloads(() => olive.dialog.getByRole('button', { name: 'Export 1' }).click())).bytes);
    await olive.sees(/^The zip was sent whole, with what is kept of 1 file, complete to position/);
    const [entry] = [...zip.keys()].filter((name) => name.startsWith('files/'));
    expect(zip.get(entry!)!.equals(report.bytes)).toBe(true);
    expect(zip.get('files.csv')!.toString('utf8')).toContain(createHash('sha256').update(report.bytes).digest('hex'));
    expect(JSON.parse(zip.get('manifest.json')!.toString('utf8'))).toMatchObject({ searched: 'files', query: 'report', reason: 'complaint 9 of November', filter: { unread: true }, matched: 1, state: 'complete', readInside: { files: 1, notReadInFull: 1 } });
    await olive.keys('Escape');
  });

  tell('may be a hundred at once, and the page stays small', async () => {
    const lunch = await aGroup(who.alice, [who.bob], 'Photographs');
    await alice.goes(`/c/${lunch}`);
    await alice.sees(alice.composer);
    await drops(alice, Array.from({ length: 103 }, (_, n) => ({ name: `photograph ${n}.txt`, type: 'text/plain', bytes: Buffer.from(`number ${n}`) })));
    await alice.sees(/^3 files too many: 100 can be on their way at once/);
    await alice.says('all of them');
    expect(await alice.page.locator('message-list .rows > *').count()).toBeLessThan(300);
    const shared = async (): Promise<number> => (await who.bob.call(findFiles, { conversationId: lunch })).total;
    await eventually('a hundred files are shared', async () => (await shared()) === 100 || undefined, shared, 60_000);
    await alice.seesNo(alice.page.locator('upload-chip'));
    expect(await alice.page.locator('message-list .rows > *').count()).toBeLessThan(300);
    await alice.presses('Put away');
  });

  tell('that are not shared yet are named before somebody signs out', async () => {
    await alice.page.locator('message-composer input[type=file]').setInputFiles({ name: 'draft.txt', mimeType: 'text/plain', buffer: Buffer.from('not yet') });
    await alice.sees(chip(alice, 'draft.txt').getByText('Ready to send'));
    await alice.button('Settings').click();
    await alice.chooses(/^Sign out$/);
    await alice.sees(/draft\.txt is not shared yet/);
    await alice.presses('Sign out and discard 1 file');
    await alice.sees(alice.page.locator('sign-in-screen'));
    expect(await alice.page.evaluate(() => new Promise((resolve) => {
      const asked = indexedDB.open('hansard');
      asked.onsuccess = () => {
        const rows = asked.result.transaction('upload-bytes').objectStore('upload-bytes').count();
        rows.onsuccess = () => resolve(rows.result);
      };
    }))).toBe(0);
  });
});
