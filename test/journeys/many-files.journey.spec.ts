import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { putSetting } from '#src/contract/administration.ts';
import { findFiles } from '#src/contract/files.ts';
import { limits } from '#src/contract/limits.ts';
import { readTimeline } from '#src/contract/timeline.ts';
import { Clamd, clamdPath, eicar } from '#test/support/clamd.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aDirectChat, aGroup, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

const count = 100;
const bytesEach = 100_000;
const nameOf = (n: number): string => `photograph ${String(n).padStart(3, '0')}.bin`;

/** Lets files of random bytes fall on the conversation, as a drag from the desktop does. Made in the page: ten megabytes of text would take longer than the drop. */
const dropsMany = async (tab: Tab): Promise<void> => {
  const data = await tab.page.evaluateHandle(({ names, bytes }) => {
    const transfer = new DataTransfer();
    for (const name of names) {
      const content = new Uint8Array(bytes);
      for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(content.subarray(at, at + 65_536));
      transfer.items.add(new File([content], name));
    }
    return transfer;
  }, { names: Array.from({ length: count }, (_, n) => nameOf(n)), bytes: bytesEach });
  const place = tab.page.locator('conversation-screen message-list');
  for (const type of ['dragenter', 'dragover', 'drop']) await place.dispatchEvent(type, { dataTransfer: data });
};

describe('a hundred files of 100 KB, dropped at once, where calls are limited as they are everywhere', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person; readonly adam: Person };
  let alice: Tab;
  const limited: string[] = [];
  const tell = (title: string, run: () => Promise<void>): void => story(() => stage, title, run);

  beforeAll(async () => {
    stage = await Stage.set({ env: { HANSARD_CALLS_PER_SECOND: String(limits.httpCallsPerSecond), HANSARD_FRAMES_PER_SECOND: String(limits.socketFramesPerSecond) } });
    who = await people(stage.appliance, 'alice', 'bob');
    alice = await stage.tab('alice', { who: who.alice });
    alice.page.on('response', (response) => void (response.status() === 429 && limited.push(response.url())));
    alice.page.on('websocket', (socket) => void socket.on('close', () => limited.push('the socket was closed')));
  });
  afterAll(() => stage?.close());

  tell('all arrive, in the order in which they were dropped, and nobody is told of a limit', async () => {
    const group = await aGroup(who.alice, [who.bob], 'Photographs');
    await alice.goes(`/c/${group}`);
    await alice.sees(alice.composer);
    await dropsMany(alice);
    const began = performance.now();
    await alice.says('all of them');
    const shared = async (): Promise<number> => (await who.bob.call(findFiles, { conversationId: group })).total;
    await eventually('a hundred files are shared', async () => (await shared()) === count || undefined, shared, 60_000);
    console.log(`${count} files of ${bytesEach / 1_000} KB in a browser: ${((performance.now() - began) / 1_000).toFixed(1)} s from drop to the last one shared.`);
    await alice.seesNo(alice.page.locator('upload-chip'));
    const { lines } = await who.bob.call(readTimeline, { conversationId: group, where: 'latest', limit: limits.timelinePageMax });
    expect(lines.flatMap((line) => (line.kind === 'file' ? [line.name] : []))).toEqual(Array.from({ length: count }, (_, n) => nameOf(n)));
    expect(limited).toEqual([]);
  });

  tell('are told what is wrong with them before a byte of them goes up: a type that is forbidden, no room left', async () => {
    const chat = await aDirectChat(who.alice, who.bob);
    await who.adam.call(putSetting, { name: 'files.forbiddenTypes', value: 'exe, bat' });
    await who.adam.call(putSetting, { name: 'files.quotaBytes', value: count * bytesEach + 1_000 });
    const parts: string[] = [];
    alice.page.on('request', (request) => void (request.method() === 'PATCH' && parts.push(request.url())));
    await alice.goes(`/c/${chat}`);
    await alice.sees(alice.composer);
    const chip = (name: string) => alice.page.locator('upload-chip', { hasText: name });
    await alice.page.locator('message-composer input[type=file]').setInputFiles([{ name: 'Setup.EXE', mimeType: '', buffer: randomBytes(10) }, { name: 'film.bin', mimeType: '', buffer: randomBytes(50_000) }]);
    await alice.sees(chip('Setup.EXE').getByText('Files of the type exe are not shared here (nor any of: exe, bat).'));
    await alice.sees(chip('film.bin').getByText(/^Not shared\. This file has 50 kB, and of your 10 MB for files 1 kB are left/));
    expect(parts).toEqual([]);
    for (const name of ['Setup.EXE', 'film.bin']) await alice.presses(`Remove ${name}`);
    await alice.seesNo(alice.page.locator('upload-chip'));
  });
});

describe.skipIf(clamdPath() === undefined)('a file with a virus', () => {
  let stage: Stage;
  let clamd: Clamd;
  const tell = (title: string, run: () => Promise<void>): void => story(() => stage, title, run);

  beforeAll(async () => {
    clamd = await Clamd.open();
    stage = await Stage.set({ env: { HANSARD_CLAMD: clamd.address } });
  });
  afterAll(async () => {
    await stage?.close();
    await clamd?.close();
  });

  tell('is told to its sender, who can only take it away; and one that could not be checked is said to wait', async () => {
    const who = await people(stage.appliance, 'alice', 'bob');
    const chat = await aDirectChat(who.alice, who.bob);
    const alice = await stage.tab('alice', { who: who.alice });
    await alice.goes(`/c/${chat}`);
    await alice.sees(alice.composer);
    const add = (name: string, buffer: Buffer): Promise<void> => alice.page.locator('message-composer input[type=file]').setInputFiles({ name, mimeType: '', buffer });
    const chip = (name: string) => alice.page.locator('upload-chip', { hasText: name });
    await add('invoice.bin', Buffer.concat([randomBytes(1_000), eicar]));
    await alice.sees(chip('invoice.bin').getByText('Ready to send'));
    await alice.presses('Send');
    await alice.sees(chip('invoice.bin').getByText(/^Not shared\. A virus was found in this file: Hansard\.Test\.EICAR/));
    expect(await chip('invoice.bin').getByRole('button', { name: /again/ }).count()).toBe(0);
    await alice.presses('Remove invoice.bin');
    await alice.seesNo(chip('invoice.bin'));
    await clamd.kill();
    await add('harmless.bin', randomBytes(1_000));
    await alice.sees(chip('harmless.bin').getByText('Ready to send'));
    await alice.presses('Send');
    await alice.sees(chip('harmless.bin').getByText('Not checked for viruses yet'));
    await clamd.start();
    await eventually('it is shared', async () => (await who.bob.call(findFiles, { conversationId: chat })).total === 1 || undefined, undefined, 60_000);
    await alice.seesNo(chip('harmless.bin'));
  });
});
