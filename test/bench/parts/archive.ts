import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readConfig } from '#appliance/config.ts';
import { runDownload } from '#appliance/downloads/run-download.ts';
import { openHouse, type House } from '#appliance/house/house.ts';
import { tokenHash } from '#appliance/house/sessions.ts';
import { openAccount } from '#src/accounts/open-account.ts';
import { openGroup } from '#src/conversations/open-group.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { postMessage } from '#src/messages/post-message.ts';
import { everyViewName } from '../support/view-names.ts';
import { figure, type Figure } from '../support/figure.ts';
import { percentile } from '../support/load.ts';
import { chatTexts, seeded } from '../support/texts.ts';

const operator = { kind: 'operator', id: 'bench' } as const;
const noFilter = { kinds: [], states: [], people: [], conversations: [] };
const smallConversations = 100;
const people = 50;

const openOn = (folder: string): Promise<House> => openHouse(readConfig({ HANSARD_DATA: folder, HANSARD_PORT: '0', HANSARD_RESERVE_BYTES: '1' }));
const must = <T>(result: T): T => {
  if (isRefusal(result)) throw new Error(result.sentence);
  return result;
};

export type Filled = { readonly folder: string; readonly big: string; readonly small: readonly string[]; readonly accounts: readonly string[]; readonly texts: readonly string[]; readonly perSecond: number };

/** A fifth of the messages over a hundred conversations, the rest in one; written through the desk, sealed and flushed. */
export const fill = async (messages: number): Promise<Filled> => {
  const folder = mkdtempSync(join(tmpdir(), 'hansard-bench-'));
  const house = await openOn(folder);
  const accounts = Array.from({ length: people }, () => randomUUID());
  for (const [i, account] of accounts.entries()) must(await house.commandAs(operator, openAccount, { account, signInName: `p${i}`, displayName: `Person ${i}`, roles: ['employee'], tokenHash: tokenHash(account), expiresAt: 1 }));
  const conversations = Array.from({ length: smallConversations + 1 }, () => randomUUID());
  for (const [i, conversationId] of conversations.entries()) must(await house.commandAs({ kind: 'account', id: accounts[i % people]! }, openGroup, { conversationId, title: `Conversation ${i}`, members: [1, 2, 3, 4].map((n) => accounts[(i + n) % people]!) }));
  const [big, ...small] = conversations as [string, ...string[]];
  const texts = chatTexts(messages);
  const began = performance.now();
  const post = (text: string, i: number): Promise<unknown> => {
    const at = i % 5 === 0 ? 1 + (i / 5) % smallConversations : 0;
    return house.commandAs({ kind: 'account', id: accounts[(at + (i % 5)) % people]! }, postMessage, { conversationId: conversations[at]!, messageId: randomUUID(), text, mentions: [], form: 'text' }).then(must);
  };
  for (let i = 0; i < texts.length; i += 2_000) {
    await Promise.all(texts.slice(i, i + 2_000).map((text, n) => post(text, i + n)));
    // The appliance stops writing when its desk view is far behind; nobody posts this fast from outside.
    if (i % 20_000 === 0) await house.views.caughtUp((await house.log.head()).size - 1, 'desk');
  }
  const perSecond = messages / ((performance.now() - began) / 1_000);
  await house.views.caughtUp((await house.log.head()).size - 1);
  await house.close();
  return { folder, big, small, accounts, texts, perSecond };
};

const p95Of = async (questions: readonly string[], ask: (question: string) => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (const question of questions) {
    const began = performance.now();
    await ask(question);
    times.push(performance.now() - began);
  }
  return percentile(times, 0.95);
};

/** Words as people search them: taken from what was said. */
const questionsFrom = (texts: readonly string[], words: number, phrase: boolean): readonly string[] => {
  const random = seeded(7);
  const questions: string[] = [];
  while (questions.length < 60) {
    const said = texts[Math.floor(random() * texts.length)]!.match(/[\p{L}\p{N}]{2,}/gu) ?? [];
    if (said.length < words + 1) continue;
    const from = Math.floor(random() * (said.length - words));
    const chosen = said.slice(from, from + words).join(' ');
    questions.push(phrase ? `"${chosen}"` : chosen);
  }
  return questions;
};

const searchFigures = async (house: House, { small, accounts, texts }: Filled): Promise<Figure[]> => {
  const all = (await house.views.ask('desk.readableBy', { account: accounts[0]! })).value.map(({ conversation }) => conversation);
  const everywhere = [...new Set([...all, ...small])];
  const search = (query: string, conversations: readonly string[]) => house.views.ask('search.messages', { account: accounts[0]!, query, limit: 30, conversations });
  const phrases = questionsFrom(texts, 2, true);
  const twoWords = questionsFrom(texts, 2, false);
  await search('warm up', everywhere);
  return [
    figure('exact search, phrase, p95', await p95Of(phrases, (query) => search(query, everywhere)), 'ms', { most: 8 }, bareSearch(texts, phrases, 'phrase')),
    figure('exact search, two words, p95', await p95Of(twoWords, (query) => search(query, everywhere)), 'ms', { most: 15 }, bareSearch(texts, twoWords, 'two words')),
    figure('exact search, two words within 20 conversations, p95', await p95Of(twoWords, (query) => search(query, small.slice(0, 20))), 'ms', { most: 40 }),
    figure('officer\'s two words with facets, p95', await p95Of(twoWords, (query) => house.views.ask('archive.search', { query, filter: noFilter, oldestFirst: false, limit: 50, facets: true })), 'ms', { most: 80 }),
  ];
};

/** The floor: the same texts and questions in a bare FTS5 table, first page and count. */
const bareSearch = (texts: readonly string[], questions: readonly string[], name: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'hansard-bare-'));
  const db = new DatabaseSync(join(folder, 'bare.sqlite'));
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; CREATE VIRTUAL TABLE t USING fts5(text); BEGIN');
  const put = db.prepare('INSERT INTO t (text) VALUES (?)');
  for (const text of texts) put.run(text);
  db.exec('COMMIT');
  const page = db.prepare('SELECT rowid, text FROM t WHERE t MATCH ? ORDER BY rowid DESC LIMIT 30');
  const count = db.prepare('SELECT count(*) FROM t WHERE t MATCH ?');
  const times = questions.map((question) => {
    const began = performance.now();
    page.all(question);
    count.get(question);
    return performance.now() - began;
  });
  db.close();
  rmSync(folder, { recursive: true, force: true });
  return `bare FTS5, ${name} ${percentile(times, 0.95).toFixed(1)} ms`;
};

const transcriptFigures = async (house: House, { big, accounts, folder }: Filled): Promise<Figure[]> => {
  const { value } = await house.views.ask('desk.conversation', { conversationId: big });
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const began = performance.now();
  let bytes = 0;
  const { body } = runDownload(
    { job: { kind: 'history', conversationId: big, account: accounts[0]!, upTo: value!.revision, at: 1, title: 'Bench' }, logFile: house.logFile, keyPlaces: { dataFolder: folder }, logId: house.logId, spoolFolder: join(folder, 'downloads'), files: undefined, foreign: [] },
    () => (most = Math.max(most, process.memoryUsage().rss)),
  );
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) bytes += chunk.length;
  const seconds = (performance.now() - began) / 1_000;
  return [
    figure(`transcript of ${value!.revision.toLocaleString('en')} events`, value!.revision / seconds, '/s', { least: 50_000 }, `${(bytes / 1e6).toFixed(0)} MB zip`),
    figure('  growth of memory while it is made', (most - before) / 1e6, 'MB', { most: 100 }),
  ];
};

const rebuildFigures = async (folder: string): Promise<Figure[]> => {
  // What was checked before stays checked: a rebuild does not check every leaf again.
  for (const name of readdirSync(join(folder, 'views'))) if (!name.startsWith('guard')) rmSync(join(folder, 'views', name), { recursive: true });
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 100);
  const began = performance.now();
  const house = await openOn(folder);
  const { size } = await house.log.head();
  for (const view of everyViewName) await house.views.caughtUp(size - 1, view);
  const seconds = (performance.now() - began) / 1_000;
  clearInterval(timer);
  await house.close();
  return [figure(`rebuild of all views, ${size.toLocaleString('en')} events`, size / seconds, '/s', { least: 50_000 }), figure('  growth of memory while rebuilding', (most - before) / 1e6, 'MB')];
};

export const archiveFigures = async (messages: number): Promise<Figure[]> => {
  const filled = await fill(messages);
  const named = (figures: readonly Figure[]): Figure[] => figures.map((one) => ({ ...one, what: `${one.what} [${messages.toLocaleString('en')} messages]` }));
  try {
    const began = performance.now();
    const house = await openOn(filled.folder);
    const readyMs = performance.now() - began;
    const figures = [figure('written through the desk in process', filled.perSecond, '/s'), figure('ready after start', readyMs, 'ms', { most: 2_000 }), ...(await searchFigures(house, filled)), ...(await transcriptFigures(house, filled))];
    await house.close();
    return named([...figures, ...(await rebuildFigures(filled.folder))]);
  } finally {
    rmSync(filled.folder, { recursive: true, force: true });
  }
};
