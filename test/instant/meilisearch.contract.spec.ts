import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundIn, questionsOf } from '#appliance/instant/asking.ts';
import { IndexServer, type Server } from '#appliance/instant/index-server.ts';
import { settingsMark } from '#appliance/instant/settings.ts';
import type { InstantDocument } from '#projections/instant/documents.ts';
import { MeilisearchStandIn } from '#test/support/meilisearch/stand-in.ts';

/** A real server: `HANSARD_TEST_MEILI=http://key@host:port`. What it holds is left alone, but for indexes made here. */
const named = process.env['HANSARD_TEST_MEILI'];
const realServer = (): Server | undefined => {
  if (named === undefined) return undefined;
  const url = new URL(named);
  const key = decodeURIComponent(url.username) || undefined;
  url.username = '';
  return { url: url.href, key };
};

const [here, there] = [randomUUID(), randomUUID()];
const message = (n: number, text: string, conversation = here): InstantDocument => ({ id: `m-${conversation}-${n}`, kind: 'message', conversation, message: String(n), revision: n, position: 100 + n, text });
const sentinels = { before: '\u{e000}one\u{e001}', after: '\u{e002}two\u{e003}' };
const everything = [[here, null], [there, [[5, 9]]]] as const;

for (const [name, open] of [
  ['the stand-in', async () => ({ server: await MeilisearchStandIn.start(), named: undefined })],
  ['a real server', async () => ({ server: undefined, named: realServer() })],
] as const) {
  describe(`Meilisearch, as ${name}`, () => {
    let standIn: MeilisearchStandIn | undefined;
    let server: IndexServer | undefined;
    const uid = `hansard-test-${randomUUID()}`;
    const check = (title: string, run: (index: IndexServer) => Promise<void>): void =>
      it(title, async (context) => {
        if (!server) return context.skip('HANSARD_TEST_MEILI names no server');
        await run(server);
      });
    const textsFor = async (index: IndexServer, text: string): Promise<readonly string[]> => {
      const results = await index.search(questionsOf(uid, text, everything, sentinels, false), 10_000);
      return foundIn(results, everything, sentinels).messages.map(({ found }) => found.text);
    };

    beforeAll(async () => {
      const opened = await open();
      standIn = opened.server;
      const address: Server | undefined = opened.server ?? opened.named;
      if (!address) return;
      server = await IndexServer.open(address);
      await server.make(uid);
      await server.put(uid, [message(1, 'the concentrator drifts'), message(2, 'drifting <b>snow</b>'), message(3, 'year 2024'), message(4, 'drift before', there), message(6, 'drift between', there)], { position: 106, leaf: 'leaf', settings: settingsMark });
      await server.put(uid, [{ id: 'p-1', kind: 'person', account: '1', name: 'Mallory Moss', also: 'mallory' }]);
    });
    afterAll(async () => {
      for (const one of [uid, `${uid}-beside`]) await server?.drop(one);
      server?.close();
      await standIn?.stop();
    });

    check('takes our settings and gives them back', async (index) => expect(await index.isManaged(uid)).toBe(true));
    check('keeps the checkpoint with the documents', async (index) => {
      expect(await index.checkpoint(uid)).toEqual({ position: 106, leaf: 'leaf', settings: settingsMark });
      expect(await index.checkpoint(`${uid}-none`)).toBeUndefined();
    });
    check('finds the beginnings of words, forgives one slip, and guesses no number', async (index) => {
      expect(await textsFor(index, 'conc')).toEqual(['the concentrator drifts']);
      expect(await textsFor(index, 'concetrator')).toEqual(['the concentrator drifts']);
      expect(await textsFor(index, '2025')).toEqual([]);
      expect(await textsFor(index, 'the drift')).toEqual(['the concentrator drifts']);
    });
    check('finds only where, and in what stretch, it was told to look', async (index) => expect((await textsFor(index, 'drift')).toSorted()).toEqual(['drift between', 'drifting <b>snow</b>', 'the concentrator drifts']));
    check('marks with the sentinels it was given', async (index) => {
      const results = await index.search(questionsOf(uid, 'snow', everything, sentinels, false), 10_000);
      expect(foundIn(results, everything, sentinels)).toMatchObject({ checkpoint: { position: 106, settings: settingsMark }, messages: [{ conversation: here, message: '2', found: { text: 'drifting <b>snow</b>', marks: [[12, 16]] } }] });
    });
    check('finds people by name with a letter missing', async (index) => {
      const results = await index.search(questionsOf(uid, 'Malory', everything, sentinels, false), 10_000);
      expect(foundIn(results, everything, sentinels).people).toEqual([{ account: '1', found: { text: 'Mallory Moss', marks: [[0, 7]] } }]);
    });
    check('replaces, and removes so that it can be neither fetched nor found', async (index) => {
      await index.put(uid, [message(7, 'the first word'), message(8, 'a secret')]);
      await index.put(uid, [message(7, 'another word')]);
      expect(await textsFor(index, 'word')).toEqual(['another word']);
      await index.remove(uid, [`m-${here}-7`, `m-${here}-8`, `m-${here}-9`]);
      expect(await textsFor(index, 'word')).toEqual([]);
      expect(await textsFor(index, 'secret')).toEqual([]);
    });
    check('swaps one index for another', async (index) => {
      await index.make(`${uid}-beside`);
      await index.put(`${uid}-beside`, [message(1, 'made anew')]);
      await index.swap(uid, `${uid}-beside`);
      expect(await textsFor(index, 'anew')).toEqual(['made anew']);
      await index.swap(uid, `${uid}-beside`);
    });
    check('says that a task failed which it had taken', async (index) => {
      await expect(index.make(uid)).rejects.toMatchObject({ kind: 'wrong', message: expect.stringContaining('index_already_exists') as unknown });
      await expect(index.search([{ indexUid: uid, q: '', filter: 'nothing = 1' }], 10_000)).rejects.toMatchObject({ kind: 'wrong' });
    });
  });
}
