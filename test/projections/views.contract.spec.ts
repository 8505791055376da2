import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyView } from '#projections/runner/every-view.ts';
import type { ForeignEvent } from '#projections/runner/guard.ts';
import type { View, ViewName } from '#projections/view.ts';
import type { Views } from '#projections/views.ts';
import { aConversationOpened, aMessageEdited, aMessagePosted, alice, anAccountOpened, anInquiryOpened, aSignedIn, general, History, idFor, olive } from '../support/makers.ts';
import { SealedLog } from '../support/sealed-log.ts';
import { batchesOf, deeds, historyOf } from './random-history.ts';
import { onShelf } from './shelf.ts';

const names = everyView.map((view) => view.name);
const digestsOf = async (views: Views): Promise<Record<string, string>> => Object.fromEntries(await Promise.all(names.map(async (name) => [name, await views.digest(name)] as const)));
const someHistory = (seed: number): History => {
  const history = historyOf(fc.sample(deeds(300), { seed, numRuns: 1 })[0]!);
  history.add(`account-${alice}`, anAccountOpened({ signInName: 'alice', email: 'alice@example.org' }));
  history.add(`account-${alice}`, aSignedIn());
  history.add('case-unfiled', anInquiryOpened(), { kind: 'account', id: olive });
  return history;
};

describe('the views over the real log', () => {
  let sealed: SealedLog;
  let open: Views[] = [];
  const views = async (folder?: string): Promise<Views> => {
    const opened = await sealed.openViews(folder);
    open.push(opened);
    return opened;
  };
  beforeEach(async () => {
    sealed = await SealedLog.open();
  });
  afterEach(async () => {
    for (const one of open) await one.close();
    open = [];
    await sealed.close();
  });

  it('are the same rebuilt as live, each and all together, and after a start without any file', async () => {
    const { events, head } = someHistory(7);
    const live = await views();
    for (const batch of batchesOf(events, [1, 30, 7])) live.feed(await sealed.append(batch));
    await live.caughtUp(head);
    const digests = await digestsOf(live);
    for (const name of names) await live.rebuild(name);
    expect(await digestsOf(live)).toEqual(digests);
    await live.close();
    open = [];
    rmSync(join(sealed.folder, 'views'), { recursive: true });
    const again = await views();
    await again.caughtUp(head);
    expect(await digestsOf(again)).toEqual(digests);
    expect(again.states().every((state) => state.stopped === null && state.rebuilding === null)).toBe(true);
  });

  it('are the same rebuilt by two threads that open pages for each other', async () => {
    const history = someHistory(13);
    // Enough that each thread opens pages, and the last of them is not full.
    for (let n = 1; n <= 1_300; n += 1) history.add(`conversation-${idFor(0x300 + (n % 7))}`, n <= 7 ? aConversationOpened({ conversation: idFor(0x300 + (n % 7)) }) : aMessagePosted({ messageId: idFor(0x900000 + n), ordinal: Math.floor(n / 7), text: `line ${n}` }));
    const live = await views();
    for (const batch of batchesOf(history.events, [400])) live.feed(await sealed.append(batch));
    await live.caughtUp(history.head);
    const digests = await digestsOf(live);
    await live.close();
    open = [];
    const folder = join(sealed.folder, 'views');
    // What was checked stays checked: only then are there two.
    for (const name of readdirSync(folder)) if (!name.startsWith('guard')) rmSync(join(folder, name));
    const again = await views();
    await again.caughtUp(history.head);
    expect(again.states().map((state) => state.stopped)).toEqual(names.map(() => null));
    expect(await digestsOf(again)).toEqual(digests);
  });

  it('close at once, also where a rebuild has hardly begun', async () => {
    await sealed.append(someHistory(3).events);
    for (let time = 0; time < 3; time += 1) {
      const begun = await views(join(sealed.folder, `views-${time}`));
      expect(begun.states().some((state) => state.rebuilding !== null || state.position < 0)).toBe(true);
      open = [];
      await begun.close();
    }
  });

  it('read what they were not fed from the log, and go on where they were after a start', async () => {
    const { events, head } = someHistory(11);
    const first = await views();
    first.feed(await sealed.append(events.slice(0, 50)));
    await first.caughtUp(49);
    await first.close();
    open = [];
    await sealed.append(events.slice(50, 100));
    const second = await views();
    await sealed.append(events.slice(100, 120));
    second.feed(await sealed.append(events.slice(120)));
    await second.caughtUp(head);
    const fresh = await views('others');
    await fresh.caughtUp(head);
    expect(await digestsOf(second)).toEqual(await digestsOf(fresh));
    const { value, position } = await second.ask('search.messages', { account: historyOf([]).events[0]!.stream.slice('account-'.length), query: '上海', limit: 10 }, head);
    expect(position).toBe(head);
    expect('hits' in value && value.hits.length).toBeGreaterThan(0);
  });

  it('skip an event that no writer of ours made, report it once, and skip it in rebuilds too', async () => {
    const history = new History();
    history.add(`conversation-${general}`, aConversationOpened());
    const posted = history.add(`conversation-${general}`, aMessagePosted({ text: 'ours' }));
    const [, ours] = await sealed.append(history.events);
    await sealed.log.append(`conversation-${general}`, 1, [{ id: idFor(0xbad), type: 'MessagePosted', data: ours!.data.replace(posted.id, idFor(0xbad)).replace('"ordinal":1', '"ordinal":2'), metadata: ours!.metadata, leafHash: ours!.leafHash }]);
    const live = await views();
    const found: ForeignEvent[] = [];
    live.onForeign((events) => found.push(...events));
    await live.caughtUp(2);
    await expect.poll(() => found.length).toBe(1);
    expect(found).toMatchObject([{ position: 2, revision: 2, reason: 'foreign', skipped: true }]);
    for (const name of names) await live.rebuild(name);
    const { value } = await live.ask('timeline.page', { account: alice, conversationId: general, where: 'latest', now: 0 }, 2);
    expect(value?.lines.map((line) => line.revision)).toEqual([0, 1]);
  });

  it('lose one view and no other to an event that it cannot read', async () => {
    const history = new History();
    history.add(`conversation-${general}`, aConversationOpened());
    history.add(`conversation-${general}`, aMessagePosted());
    // The timeline knows no such message; a decider would never have let it through.
    history.add(`conversation-${general}`, aMessageEdited({ messageId: idFor(0xdead) }));
    history.add(`conversation-${general}`, aMessagePosted({ messageId: idFor(0x3e56), ordinal: 2 }));
    const live = await views();
    live.feed(await sealed.append(history.events));
    await expect(live.caughtUp(3, 'timeline')).rejects.toThrow(/stopped at position 2 \(MessageEdited/);
    await live.caughtUp(3, 'unread');
    const states = new Map(live.states().map((state) => [state.view, state]));
    expect(states.get('timeline')?.position).toBe(1);
    expect([...states.values()].filter((state) => state.stopped !== null).map((state) => state.view)).toEqual(['timeline']);
    const { value } = await live.ask('timeline.page', { account: alice, conversationId: general, where: 'latest', now: 0 });
    expect(value?.lines).toHaveLength(2);
    const digest = await live.digest('timeline');
    await live.rebuild('timeline');
    expect(live.states().find((state) => state.view === 'timeline')).toMatchObject({ position: 1, stopped: expect.stringContaining('stopped at position 2 (MessageEdited') as string });
    expect(await live.digest('timeline')).toBe(digest);
  });

  it('stop at the same event wherever batches are cut, when a message comes twice', () => {
    const history = new History();
    history.add(`conversation-${general}`, aConversationOpened());
    for (const [n, id] of [1, 2, 1, 3].entries()) history.add(`conversation-${general}`, aMessagePosted({ messageId: idFor(id), ordinal: n + 1 }));
    const { events } = history;
    for (const batches of [[events], [events.slice(0, 2), events.slice(2)], events.map((event) => [event])]) {
      onShelf((shelf) => {
        for (const batch of batches) shelf.apply(batch);
        expect((['desk', 'timeline', 'search'] as const).map((view) => shelf.running(view).checkpoint.position)).toEqual([2, 2, 2]);
        expect(shelf.running('timeline').stopped).toContain('stopped at position 3 (MessagePosted');
      });
    }
  });
});

describe('the rebuild law', () => {
  const holds = (sizes: readonly number[], views: readonly View[] = []): void => {
    const { events } = someHistory(5);
    const whole = onShelf((shelf) => (shelf.apply(events), shelf.digests()), views);
    const cut = onShelf((shelf) => {
      for (const batch of batchesOf(events, sizes)) shelf.apply(batch);
      return shelf.digests();
    }, views);
    expect(cut).toEqual(whole);
  };

  it('holds for every view wherever batches are cut', () => holds([3, 1, 17]));

  it.each(['desk', 'timeline', 'unread', 'directory', 'conversations', 'search', 'files', 'archive', 'audit'] satisfies ViewName[])('would be caught by a %s that counts its batches', (name) => {
    const view = everyView.find((one) => one.name === name)!;
    const broken: View = {
      ...view,
      schema: `${view.schema} CREATE TABLE batches (one INTEGER PRIMARY KEY, count INTEGER NOT NULL);`,
      tables: [...view.tables, { name: 'batches', orderBy: 'one' }],
      open: (db) => {
        const applier = view.open(db);
        return { apply: (event) => applier.apply(event), derive: (position, wanted) => applier.derive?.(position, wanted) ?? [], flush: () => (applier.flush?.(), db.exec('INSERT INTO batches VALUES (1, 1) ON CONFLICT DO UPDATE SET count = count + 1')) };
      },
    };
    expect(() => holds([3, 1, 17], [broken])).toThrow();
  });
});
