import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileUrl } from '#src/contract/files.ts';
import { limits } from '#src/contract/limits.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { bytesOf, reads, shares, someBytes } from '#test/support/shared-files.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let [alice, bob] = [] as unknown as Person[] as [Person, Person];
let [chat, large, small] = ['', '', ''];
const tiny = someBytes(1_000);

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob } = await people(appliance, 'alice', 'bob'));
  chat = await aDirectChat(alice, bob);
  // More than fits into what lies between two processes.
  large = await shares(alice, someBytes(24 * 1024 * 1024), { in: chat });
  small = await shares(alice, tiny, { in: chat });
});
afterAll(() => appliance.close());

/** A reader who takes nothing of what comes. */
const stalls = (): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request(`${appliance.url}${fileUrl(chat, large)}`, { agent: false, headers: { Cookie: bob.cookie } }, (response) => resolve(response.on('error', () => undefined).pause())).on('error', reject).end();
  });

it('nobody holds more files open than a person reads, and who lets go may read on', async () => {
  for (let n = 0; n < limits.fileReadsAtOnce + 8; n += 1) expect((await bytesOf(await reads(bob, chat, small))).equals(tiny)).toBe(true);
  expect((await reads(bob, chat, large, { Range: 'bytes=99999999-' })).status).toBe(416);
  const stalled = await Promise.all(Array.from({ length: limits.fileReadsAtOnce }, stalls));
  expect(stalled.map(({ statusCode }) => statusCode)).toEqual(Array(limits.fileReadsAtOnce).fill(200));
  const refused = await reads(bob, chat, small);
  expect([refused.status, ((await refused.json()) as { readonly code: string }).code]).toEqual([429, 'too-many']);
  expect((await bytesOf(await reads(alice, chat, small))).equals(tiny)).toBe(true);
  stalled[0]!.destroy();
  await eventually('there is room again', async () => (await reads(bob, chat, small)).status === 200 || undefined);
  for (const one of stalled) one.destroy();
  await eventually('all have ended', async () => (await Promise.all(Array.from({ length: 16 }, () => reads(bob, chat, small).then(async (answer) => ((await answer.arrayBuffer()), answer.status))))).every((status) => status === 200) || undefined);
});
