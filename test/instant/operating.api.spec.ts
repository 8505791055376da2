import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configRows, isSecret, readConfig } from '#appliance/config.ts';
import type { ReplyFrame } from '#appliance/operator/frames.ts';
import { perform } from '#appliance/operator/perform.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { indexed, withInstant } from '#test/support/instant.ts';
import { MeilisearchStandIn } from '#test/support/meilisearch/stand-in.ts';

let appliance: Appliance;
let meilisearch: MeilisearchStandIn;
let instant: { readonly close: () => Promise<void> };

beforeAll(async () => {
  meilisearch = await MeilisearchStandIn.start();
  appliance = await anAppliance();
  instant = await withInstant(appliance, meilisearch);
  await indexed(appliance);
});
afterAll(async () => {
  await instant.close();
  await appliance.close();
  await meilisearch.stop();
});

const rebuilds = async (view?: string): Promise<ReplyFrame | undefined> => {
  let last: ReplyFrame | undefined;
  await perform(appliance.house, 'rebuild', view === undefined ? {} : { view }, (frame) => (last = frame), new AbortController().signal);
  return last;
};

describe('"hansard rebuild instant"', () => {
  it('makes the index anew, and puts it on record', async () => {
    const swaps = () => meilisearch.tasks.filter(({ type }) => type === 'indexSwap').length;
    const before = swaps();
    const answer = await rebuilds('instant');
    expect(answer).toMatchObject({ is: 'answer', output: { rebuilt: [{ view: 'instant' }] } });
    expect(swaps()).toBe(before + 1);
    expect((await appliance.recorded('custody')).filter(({ type }) => type === 'ViewRebuilt').map(({ data }) => JSON.parse(data) as object)).toMatchObject([{ view: 'instant' }]);
  });
  it('says why it could not, and that the old one is as it was', async () => {
    meilisearch.failing.set('settingsUpdate', Infinity);
    expect(await rebuilds('instant')).toMatchObject({ is: 'fault', sentence: 'The instant index was not made anew: Its task settingsUpdate failed (internal). The old one is as it was.' });
    meilisearch.failing.clear();
    await indexed(appliance);
  });
  it('is not part of rebuilding all views, and is told of among them', async () => {
    expect(await rebuilds('nothing')).toMatchObject({ is: 'refusal', sentence: expect.stringMatching(/, instant, file-words\.$/) as unknown });
  });
});

describe('the settings', () => {
  it('take the key from a file, and keep it to themselves', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hansard-key-'));
    try {
      writeFileSync(join(folder, 'key'), 'secret words\n');
      const env = { HANSARD_MEILI_URL: 'https://search.example.org', HANSARD_MEILI_KEY_FILE: join(folder, 'key') };
      expect(readConfig(env).meili).toEqual({ url: 'https://search.example.org', key: 'secret words' });
      expect(isSecret('HANSARD_MEILI_KEY')).toBe(true);
      expect(configRows(env).find(({ name }) => name === 'HANSARD_MEILI_KEY')?.source).toBe('file');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it('are refused where they make no sense', () => {
    expect(() => readConfig({ HANSARD_MEILI_KEY: 'x' })).toThrow('HANSARD_MEILI_KEY goes with HANSARD_MEILI_URL.');
    expect(() => readConfig({ HANSARD_MEILI_URL: 'ftp://search' })).toThrow('HANSARD_MEILI_URL cannot be');
    expect(readConfig({}).meili).toBeUndefined();
  });
});
