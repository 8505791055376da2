import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileReader, type FileReaderPorts } from '#appliance/file-words/file-reader.ts';
import { fileWordsOf, readFilesAgain } from '#appliance/file-words/file-words.ts';
import { readingLimits, type Reading } from '#appliance/file-words/reading.ts';
import { WordsClient } from '#appliance/file-words/words-client.ts';
import { sharingAt } from '#appliance/endpoints/files.ts';
import { openInquiry } from '#src/contract/archive.ts';
import { searchFiles, type WordsState } from '#src/contract/files.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { shares } from '#test/support/shared-files.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let [alice, olive] = [] as unknown as [Person, Person];
let chat: string;
const inquiry = randomUUID();

beforeAll(async () => {
  appliance = await anAppliance();
  const all = await people(appliance, 'alice', 'bob', 'olive');
  ({ alice, olive } = all);
  chat = await aDirectChat(alice, all.bob);
  await olive.call(openInquiry, { inquiry, reason: 'All of it.' });
});
afterAll(() => appliance.close());

const search = (asked: { readonly name?: string; readonly words?: string }): Promise<OutputOf<typeof searchFiles>> => olive.call(searchFiles, { inquiry, filter: {}, ...asked });
const found = async (words: string): Promise<number> => (await search({ words })).total;
/** Resolves once the file of that name is in that state. */
const becomes = (name: string, state: WordsState): Promise<unknown> => {
  const stateNow = async (): Promise<WordsState | undefined> => (await search({ name })).files[0]?.words;
  return eventually(`${name} is ${state}`, async () => (await stateNow()) === state, stateNow, 20_000);
};
/** A file whose name is its text. */
const sharesText = (text: string): Promise<string> => shares(alice, Buffer.from(text), { in: chat, name: text });
const harmed = (sql: string) => (): void => {
  const db = new DatabaseSync(join(appliance.folder, 'file-words.sqlite'));
  db.exec(sql);
  db.close();
};

describe('what was read', () => {
  it('is still there after a restart, and nothing is read twice', async () => {
    await sharesText('kept');
    await becomes('kept', 'read');
    await appliance.restart(harmed("UPDATE files SET state = 'partly'"));
    await sharesText('later');
    await becomes('later', 'read');
    await becomes('kept', 'partly');
    expect([await found('kept'), await found('later')]).toEqual([1, 1]);
  });

  it.each(["UPDATE progress SET leaf = 'of another log'", "UPDATE progress SET log = 'another'", 'UPDATE progress SET version = 0', 'DROP TABLE texts'])('is read again after %s', async (harm) => {
    await appliance.restart(harmed(`${harm}; UPDATE files SET state = 'partly'`));
    await becomes('kept', 'read');
    expect(await found('kept')).toBe(1);
  });

  it('is read again when the operator asks', async () => {
    await appliance.restart(harmed("UPDATE files SET state = 'partly'"));
    await readFilesAgain(appliance.house);
    await becomes('kept', 'read');
    expect([await found('kept'), await found('later')]).toEqual([1, 1]);
  });

  it('is gone with the key, from the disk too, and does not come back', async () => {
    const fileId = await sharesText('extraordinarily');
    await becomes('extraordinarily', 'read');
    expect(await found('extraordinarily')).toBe(1);
    await fileWordsOf(appliance.house).forget(chat, fileId);
    await becomes('extraordinarily', 'gone');
    expect(await found('extraordinarily')).toBe(0);
    await appliance.restart(() => {
      for (const name of readdirSync(appliance.folder).filter((one) => one.startsWith('file-words'))) expect(readFileSync(join(appliance.folder, name)).includes('extraordinarily')).toBe(false);
    });
    await becomes('extraordinarily', 'gone');
  });

  it('lacks a file whose bytes are not there, says so, and has it once they were brought back', async () => {
    const folder = join(appliance.folder, 'files');
    const away = join(appliance.folder, 'away');
    const blobs = (): readonly string[] => readdirSync(folder).filter((name) => name.length === 2).flatMap((prefix) => readdirSync(join(folder, prefix)).map((blob) => join(folder, prefix, blob)));
    const before = blobs();
    await sharesText('borrowed');
    await becomes('borrowed', 'read');
    const [blob] = blobs().filter((one) => !before.includes(one));
    renameSync(blob!, away);
    await readFilesAgain(appliance.house);
    await becomes('borrowed', 'missing');
    expect(await found('borrowed')).toBe(0);
    await appliance.restart(() => renameSync(away, blob!));
    await becomes('borrowed', 'read');
    expect(await found('borrowed')).toBe(1);
  });
});

describe('a search inside', () => {
  /** A reader of the same log, into a file of its own, that may be broken. */
  const countsWith = async (broken: (store: FileReaderPorts['store']) => FileReaderPorts['store'], read = async (): Promise<Reading> => ({ state: 'read', text: 'words' })): Promise<{ readonly of: number; readonly states: Readonly<Record<string, number>> }> => {
    const { views, log, logId } = appliance.house;
    const store = new WordsClient({ file: join(appliance.folder, 'other', 'words.sqlite'), logId });
    rmSync(join(appliance.folder, 'other'), { recursive: true, force: true });
    const reader = new FileReader({
      views, log, limits: readingLimits, store: broken(store), onFault: (cause) => expect(cause).toBeUndefined(),
      process: { read, end: () => undefined }, read: async () => new ReadableStream(),
      sharing: async (conversationId, revision) => ({ event: (await sharingAt(appliance.house, conversationId, revision))!, leafHash: 'leaf' }),
    });
    try {
      const { value: { positions, sizes } } = await views.ask('files.scope', { name: '', filter: { senders: [], conversations: [], types: [] } }, appliance.house.hub.position);
      await eventually('the last file was passed', async () => (await store.ask({ do: 'progress' })).position === positions.at(-1), () => store.ask({ do: 'progress' }), 20_000);
      const inside = await store.ask({ do: 'find', params: { positions: Float64Array.from(positions), sizes: Float64Array.from(sizes), words: 'words', unread: false, limit: 10 } });
      if (!('inside' in inside)) throw new Error('The search was not read.');
      return { of: inside.inside.of, states: Object.fromEntries(inside.inside.states.map(({ state, count }) => [state, count])) };
    } finally {
      await reader.close();
      await store.close();
    }
  };

  it('counts every file once, and a broken reader that skips one is told by it', async () => {
    const skipped = await sharesText('skipped');
    await sharesText('last');
    const { of, states } = await countsWith((store) => store);
    expect(states).toEqual({ read: of });
    const skipping = (store: FileReaderPorts['store']): FileReaderPorts['store'] => ({
      ask: ((asked: Parameters<typeof store.ask>[0]) => (asked.do === 'put' && asked.place.fileId === skipped ? Promise.resolve(undefined) : store.ask(asked))) as typeof store.ask,
    });
    expect(await countsWith(skipping)).toEqual({ of, states: { read: of - 1, waiting: 1 } });
  });

  it('gives no file up for a process that was ended once, but one that ends it twice', async () => {
    let asked = 0;
    const { of, states } = await countsWith((store) => store, async () => {
      asked += 1;
      // Every other time: somebody ended it.
      return asked % 2 === 1 ? { state: 'too-complex', text: '' } : { state: 'read', text: 'words' };
    });
    expect(states).toEqual({ read: of });
    expect((await countsWith((store) => store, async () => ({ state: 'too-complex', text: '' }))).states).toEqual({ 'too-complex': of });
  });
});
