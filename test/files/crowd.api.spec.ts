import { monitorEventLoopDelay } from 'node:perf_hooks';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listMyFiles, shareFile, reserveUpload } from '#src/contract/files.ts';
import { anAppliance } from '#test/support/appliance.ts';
import { aGroup, people } from '#test/support/people.ts';
import { bytesOf, reads, sendsPart } from '#test/support/shared-files.ts';

const count = Number(process.env['HANSARD_TEST_TINY_FILES'] ?? 1_000);
const senders = 4;
const eachAtOnce = 4;

/** Ten thousand by HANSARD_TEST_TINY_FILES=10000; the figures are printed and nothing is asserted about time. */
it(`takes ${count} tiny files of several senders at once: each is there, and nothing else`, { timeout: 600_000 }, async () => {
  const appliance = await anAppliance();
  onTestFinished(() => appliance.close());
  const { alice, bob, mallory, olive } = await people(appliance, 'alice', 'bob', 'mallory', 'olive', 'oscar');
  const everybody = [alice, bob, mallory, olive];
  const group = await aGroup(alice, [bob, mallory, olive]);
  const fileOf = new Map<string, string>();
  const before = process.memoryUsage().rss;
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const began = performance.now();
  let next = 0;
  const sends = async (person: (typeof everybody)[number]): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      const [fileId, text] = [randomUUID(), `number ${n}`];
      fileOf.set(fileId, text);
      await person.call(reserveUpload, { conversationId: group, fileId, name: `${n}.txt`, size: text.length });
      if ((await sendsPart(person, fileId, 0, Buffer.from(text))).status !== 204) throw new Error(`${n} was not taken.`);
      await person.call(shareFile, { conversationId: group, fileId, name: `${n}.txt` });
    }
  };
  await Promise.all(everybody.slice(0, senders).flatMap((person) => Array.from({ length: eachAtOnce }, () => sends(person))));
  const seconds = (performance.now() - began) / 1_000;
  delay.disable();
  console.log(`${count} files of a dozen bytes, ${senders} senders, ${senders * eachAtOnce} at once: ${seconds.toFixed(1)} s; event loop of the appliance and all senders together late by ${(delay.percentile(50) / 1e6).toFixed(0)} ms at the median, ${(delay.percentile(99) / 1e6).toFixed(0)} ms at 99 %, ${(delay.max / 1e6).toFixed(0)} ms at most; ${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB more memory.`);
  const totals = await Promise.all(everybody.map((person) => person.call(listMyFiles, {})));
  expect(totals.reduce((sum, { total }) => sum + total, 0)).toBe(count);
  expect(totals.map(({ quota }) => quota.reserved)).toEqual([0, 0, 0, 0]);
  expect(readdirSync(join(appliance.folder, 'files', 'uploads'))).toEqual([]);
  const ids = [...fileOf.keys()];
  for (let n = 0; n < 50; n += 1) {
    const fileId = ids[Math.floor((n * count) / 50)]!;
    expect(String(await bytesOf(await reads(bob, group, fileId)))).toBe(fileOf.get(fileId));
  }
});
