import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Locator, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { withdrawFile } from '#src/contract/files.ts';
import { aPdf, aPicture, aSound } from '#test/support/file-samples.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { aPixelBomb } from '#test/support/picture-bombs.ts';
import { shares } from '#test/support/shared-files.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const textBytes = 400_000;

const line = (tab: Tab, name: string): Locator => tab.page.locator('message-list li.message').filter({ has: tab.page.locator('.file, .preview', { hasText: name }) });
const stageOf = (tab: Tab): Locator => tab.page.locator('preview-dialog .stage');
const heading = (tab: Tab, name: string): Locator => tab.page.locator('preview-dialog h2', { hasText: name });
const opens = async (tab: Tab, name: string): Promise<void> => {
  await line(tab, name).locator('a.picture, a.file').click();
  await tab.sees(heading(tab, name));
  await tab.sees(tab.page.locator('preview-dialog .place', { hasText: ' of ' })); // Until then no key leads to another file.
};
/** What a canvas shows at a place, as parts of its width and height. */
const pixel = (canvas: Locator, x: number, y: number): Promise<readonly number[]> =>
  canvas.evaluate((one: HTMLCanvasElement, [across, down]) => [...one.getContext('2d')!.getImageData(Math.floor(one.width * across!), Math.floor(one.height * down!), 1, 1).data], [x, y]);
/** The file name of whatever has the focus, through open shadow roots. */
const focused = (tab: Tab): Promise<string> => tab.page.evaluate(() => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active?.getAttribute('aria-label') ?? active?.textContent ?? '';
});
/** A film of a moving square, made by the browser itself. */
const aFilm = async (tab: Tab): Promise<Buffer> => Buffer.from(await tab.page.evaluate(async () => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [160, 90];
  const context = canvas.getContext('2d')!;
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm;codecs=vp8' });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  for (let n = 0; n < 20; n += 1) {
    context.fillStyle = n % 2 ? '#26634a' : '#dee8d6';
    context.fillRect(0, 0, 160, 90);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30)));
  }
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}), 'base64');
const isFitForAll = async (tab: Tab, screen: string): Promise<void> => {
  if (!(await tab.page.evaluate(() => 'axe' in globalThis))) await tab.page.evaluate(await readFile(axe, 'utf8'));
  for (const theme of ['light', 'dark']) for (const width of [320, 768, 1_440]) {
    await tab.page.setViewportSize({ width, height: 900 });
    await tab.page.evaluate((now) => void (document.documentElement.dataset['theme'] = now), theme);
    await tab.page.waitForFunction(() => {
      const moves = (root: Document | ShadowRoot): boolean => root.getAnimations().length > 0 || [...root.querySelectorAll('*')].some((node) => node.shadowRoot !== null && moves(node.shadowRoot));
      return !moves(document); // Colours on their way are not what people read.
    });
    expect.soft(await tab.page.evaluate(() => document.documentElement.scrollWidth), `${screen} at ${width}`).toBeLessThanOrEqual(width);
    const stage = tab.page.locator('preview-dialog .stage');
    if ((await stage.count()) > 0) expect.soft(await stage.evaluate((one) => [...one.children].every((child) => child.scrollWidth <= one.clientWidth && child.getBoundingClientRect().right <= innerWidth)), `${screen} within its stage at ${width}`).toBe(true);
    const found = await tab.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: (where: Document, how: object) => Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }> } };
      const { violations } = await axe.run(document, { resultTypes: ['violations'] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${JSON.stringify(target)} ${failureSummary?.slice(0, 200) ?? ''}`).join(' | ')}`);
    });
    expect.soft(found, `${screen}, ${theme}, ${width}`).toEqual([]);
    const { HANSARD_TEST_SHOTS: shots } = process.env;
    if (shots) await tab.page.screenshot({ path: `${shots}/${screen}-${theme}-${width}.png` });
  }
  await tab.page.setViewportSize({ width: 1_440, height: 900 });
};

describe('previews of files', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person };
  let bob: Tab;
  let chat: string;
  const asked: Request[] = [];
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);

  beforeAll(async () => {
    stage = await Stage.set();
    who = await people(stage.appliance, 'alice', 'bob');
    chat = await aDirectChat(who.alice, who.bob);
    bob = await stage.tab('bob', { who: who.bob });
    await bob.goes('/');
    await bob.sees(bob.list);
    const text = Buffer.from(`Øre & <b>words</b>\n${'Reading 212 of 240 in hall C.\n'.repeat(20_000)}`.slice(0, textBytes));
    for (const [name, bytes] of [
      ['parts.zip', Buffer.concat([Buffer.from('504b0304', 'hex'), randomBytes(3_000)])], ['bomb.png', aPixelBomb()], ['film.webm', await aFilm(bob)], ['fog horn.wav', aSound(60)], ['readings.txt', text],
      ['Drift curves 2025, all sites.pdf', aPdf(['Drift curves, page one', 'The second page'])], ['hall C, north.png', aPicture(2_400, 1_200)],
    ] as const) await shares(who.alice, bytes, { in: chat, name });
    bob.page.on('request', (request) => void asked.push(request));
    await bob.goes(`/c/${chat}`);
    await bob.sees(line(bob, 'hall C, north.png'));
  });
  afterAll(() => stage?.close());

  tell('stand small in the timeline, in a box that was there before', async () => {
    let letThrough = (): void => {};
    const held = new Promise<void>((resolve) => (letThrough = resolve));
    await bob.page.route('**/files/*/preview', async (route) => {
      await held;
      await route.continue();
    });
    await bob.page.reload();
    const row = line(bob, 'hall C, north.png');
    await bob.sees(row);
    const before = await row.boundingBox();
    letThrough();
    await bob.finds('the small picture', [704, 352], () => row.locator('img').evaluate((one: HTMLImageElement) => [one.naturalWidth, one.naturalHeight]));
    expect(await row.boundingBox()).toEqual(before);
    await bob.page.unroute('**/files/*/preview');
    expect(asked.filter((request) => request.resourceType() === 'image' && request.url().includes('inline=true'))).toEqual([]);
    expect(asked.filter((request) => /preview-dialog|pdf/.test(request.url()))).toEqual([]);
  });

  tell('of a picture open it in full, enlarge it, and give the focus back', async () => {
    await opens(bob, 'hall C, north.png');
    const img = stageOf(bob).locator('img');
    await bob.finds('the whole picture', [2_400, 1_200], () => img.evaluate((one: HTMLImageElement) => [one.naturalWidth, one.naturalHeight]));
    const stage = (await stageOf(bob).boundingBox())!;
    const fitted = (await img.boundingBox())!;
    expect(fitted.width).toBeLessThanOrEqual(stage.width);
    expect(fitted.height / fitted.width).toBeCloseTo(0.5, 2);
    await bob.presses('Show in full size');
    await bob.finds('its width', 2_400, async () => (await img.boundingBox())!.width);
    await bob.presses('Fit to the window');
    await isFitForAll(bob, 'picture');
    await bob.keys('Escape');
    await bob.seesNo(bob.page.locator('preview-dialog'));
    expect(await focused(bob)).toContain('Open the picture hall C, north.png');
  });

  tell('go from file to file with the arrow keys, and end where files end', async () => {
    await opens(bob, 'hall C, north.png');
    await bob.sees(bob.page.locator('preview-dialog .place', { hasText: '7 of 7' }));
    expect(await bob.button('Later file').isDisabled()).toBe(true);
    await bob.keys('ArrowRight');
    await bob.keys('ArrowLeft');
    await bob.sees(heading(bob, 'Drift curves 2025'));
    await bob.sees(bob.page.locator('preview-dialog .place', { hasText: '6 of 7' }));
    await bob.keys('ArrowRight');
    await bob.sees(heading(bob, 'hall C, north.png'));
    await bob.keys('Escape');
    await bob.seesNo(bob.page.locator('preview-dialog'));
  });

  tell('of a PDF draw its pages, with text that can be found and nothing that runs', async () => {
    await opens(bob, 'Drift curves 2025');
    const first = stageOf(bob).getByRole('group', { name: 'Page 1' });
    await bob.sees(first.locator('canvas'));
    expect(await pixel(first.locator('canvas'), 0.5, 0.3)).toEqual([38, 99, 74, 255]);
    expect(await pixel(first.locator('canvas'), 0.02, 0.02)).toEqual([255, 255, 255, 255]);
    await bob.sees(first.locator('.textLayer', { hasText: 'Drift curves, page one' }));
    const drawn = (await first.locator('canvas').boundingBox())!;
    const words = (await first.locator('.textLayer span').first().boundingBox())!;
    expect((words.y - drawn.y) / drawn.height).toBeCloseTo((842 - 740 - 24) / 842, 1);
    await stageOf(bob).getByRole('group', { name: 'Page 2' }).scrollIntoViewIfNeeded();
    await bob.sees(stageOf(bob).locator('.textLayer', { hasText: 'The second page' }));
    await isFitForAll(bob, 'pdf');
    expect(asked.filter((request) => request.url().includes('/pdf/worker.js')).length).toBeGreaterThan(0);
    await bob.keys('Escape');
    await bob.seesNo(bob.page.locator('preview-dialog'));
    await bob.finds('the worker', 0, () => Promise.resolve(bob.page.workers().length));
  });

  tell('of a text show its beginning, as text', async () => {
    await opens(bob, 'readings.txt');
    await bob.sees(stageOf(bob).getByText('Øre & <b>words</b>'));
    await bob.sees(stageOf(bob).getByText(/The rest is in the download/));
    expect((await stageOf(bob).locator('pre').innerText()).length).toBeLessThan(262_145);
    await isFitForAll(bob, 'text');
    const { name, bytes } = await bob.downloads(() => bob.page.locator('preview-dialog').getByRole('link', { name: /^Download/ }).click());
    expect([name, bytes.length]).toEqual(['readings.txt', textBytes + 1]);
    await bob.keys('Escape');
  });

  tell('of sound and film play, and wind without the rest', async () => {
    await opens(bob, 'readings.txt');
    await bob.keys('ArrowLeft');
    await bob.sees(heading(bob, 'fog horn.wav'));
    const sound = stageOf(bob).locator('audio');
    expect(await sound.evaluate(async (one: HTMLAudioElement) => {
      one.muted = true;
      await one.play();
      one.currentTime = 50;
      await new Promise((resolve) => one.addEventListener('seeked', resolve, { once: true }));
      return [Math.round(one.duration), one.currentTime >= 50];
    })).toEqual([60, true]);
    expect(asked.filter((request) => request.resourceType() === 'media' && request.headers()['range'] !== undefined).length).toBeGreaterThan(0);
    await isFitForAll(bob, 'sound');
    await sound.focus();
    await bob.keys('ArrowLeft');
    await bob.sees(heading(bob, 'fog horn.wav'));
    await stageOf(bob).focus();
    await bob.keys('ArrowLeft');
    await bob.sees(heading(bob, 'film.webm'));
    expect(await stageOf(bob).locator('video').evaluate(async (one: HTMLVideoElement) => {
      one.muted = true;
      await one.play();
      return [one.videoWidth, one.videoHeight];
    })).toEqual([160, 90]);
    await isFitForAll(bob, 'film');
    await bob.keys('Escape');
  });

  tell('say so where a file cannot be shown, or is a bomb', async () => {
    await opens(bob, 'readings.txt');
    await bob.keys('ArrowLeft', 'ArrowLeft', 'ArrowLeft');
    await bob.sees(heading(bob, 'bomb.png'));
    await bob.sees(stageOf(bob).getByText(/This picture cannot be shown/));
    await bob.keys('ArrowLeft');
    await bob.sees(heading(bob, 'parts.zip'));
    await bob.sees(stageOf(bob).getByText('This type of file is not shown here.'));
    await isFitForAll(bob, 'none');
    await bob.keys('Escape');
    await line(bob, 'bomb.png').scrollIntoViewIfNeeded();
    await bob.sees(line(bob, 'bomb.png').getByText(/There is no small picture of this/));
  });

  tell('are found in the details, the newest first', async () => {
    const files = bob.page.locator('conversation-files');
    await bob.sees(files.getByRole('heading', { name: 'Files, 7' }));
    expect(await files.locator('.name').allInnerTexts()).toEqual(['hall C, north.png', 'Drift curves 2025, all sites.pdf', 'readings.txt']);
    await bob.presses('Show all files', files);
    expect(await files.locator('.name').count()).toBe(7);
    await bob.finds('the small picture', true, () => files.locator('img').first().evaluate((one: HTMLImageElement) => one.naturalWidth > 0));
    await isFitForAll(bob, 'details');
    const fileId = await shares(who.alice, aPdf(['Newer']), { in: chat, name: 'newer.pdf' });
    await bob.sees(files.getByRole('heading', { name: 'Files, 8' }));
    await files.getByRole('button', { name: /newer\.pdf/ }).click();
    await bob.sees(heading(bob, 'newer.pdf'));
    await bob.keys('Escape');
    await who.alice.call(withdrawFile, { conversationId: chat, fileId });
    await bob.sees(bob.page.getByText(/withdrew this file/));
  });
});
