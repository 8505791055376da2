import { describe, expect, it, vi } from 'vitest';
import type { Answer } from '#web/client/answer.ts';
import { Store } from '#web/client/store.ts';
import { filesAtOnceMax, keptBytesMax, UploadQueue, type UploadPorts } from '#web/client/uploads-queue.ts';
import type { KeptBytes, Upload } from '#web/client/uploads.ts';
import { memoryShelf } from '../client/memory-shelf.ts';

const account = '11111111-1111-4111-8111-111111111111';
const conversation = '22222222-2222-4222-8222-222222222222';
const message = '33333333-3333-4333-8333-333333333333';
const done: Answer<unknown> = { ok: true, output: {} };
const refused = (code: string): Answer<unknown> => ({ ok: false, code, sentence: `No: ${code}.` });
const aFile = (name = 'plan.pdf', size = 3): File => new File([new Uint8Array(size)], name, { type: 'application/pdf' });

type Asked = { readonly what: 'reserve' | 'send' | 'share' | 'cancel'; readonly upload: Upload; readonly isFresh: boolean | undefined; readonly stopped: () => boolean; readonly answer: (answer: Answer<unknown>) => void };

/** A tab whose questions are answered by hand. Another tab, or the same after a reload, shares its shelves and locks. */
const given = (shared = { shelf: memoryShelf<Upload>(), bytes: memoryShelf<KeptBytes>(), turns: new Map<string, Promise<void>>() }) => {
  const asked: Asked[] = [];
  const ask = (what: Asked['what'], upload: Upload, { signal, isFresh }: { readonly signal?: AbortSignal; readonly isFresh?: boolean } = {}): Promise<Answer<unknown>> => new Promise((answer) => asked.push({ what, upload, answer, isFresh, stopped: () => signal?.aborted ?? false }));
  const uploads = new Store<readonly Upload[]>([]);
  const progress = new Map<string, Store<number>>();
  let settle = (): void => {};
  const settled = new Promise<void>((resolve) => (settle = resolve));
  const ports: UploadPorts = {
    uploads, shelf: shared.shelf, bytes: shared.bytes,
    progressOf: (key) => progress.get(key) ?? progress.set(key, new Store(0)).get(key)!,
    reserve: (upload) => ask('reserve', upload), send: (upload, how) => ask('send', upload, how), share: (upload) => ask('share', upload), cancel: (upload) => ask('cancel', upload),
    settled: () => settled, again: async () => {},
    alone: async (key, work) => {
      const turn = (shared.turns.get(key) ?? Promise.resolve()).then(work);
      shared.turns.set(key, turn);
      await turn;
    },
  };
  const queue = new UploadQueue(ports, 60_000);
  const next = async (what: Asked['what'], n = 1): Promise<Asked> => vi.waitFor(() => {
    const found = asked.filter((one) => one.what === what);
    expect(found.length, `${what} ${n}`).toBeGreaterThanOrEqual(n);
    return found[n - 1]!;
  });
  const states = (): string[] => uploads.value.map(({ state }) => state);
  const whole = async (): Promise<Upload> => {
    queue.add(account, conversation, [aFile()]);
    (await next('reserve')).answer(done);
    (await next('send')).answer(done);
    await vi.waitFor(() => expect(states()).toEqual(['whole']));
    return uploads.value[0]!;
  };
  return { queue, uploads, asked, next, states, whole, settle, shared };
};

describe('files on their way', () => {
  it('are reserved before a byte flows, and shared only when Send was pressed', async () => {
    const { queue, next, states, asked, whole } = given();
    const { key } = await whole();
    expect(asked.map(({ what }) => what)).toEqual(['reserve', 'send']);
    queue.sent(conversation, null, [key]);
    (await next('share')).answer(done);
    await vi.waitFor(() => expect(states()).toEqual(['recorded']));
    queue.arrived(new Set([key]));
    expect(states()).toEqual([]);
  });
  it('may be sent while they go up, and follow their message', async () => {
    const { queue, uploads, next, asked, settle } = given();
    queue.add(account, conversation, [aFile()]);
    queue.sent(conversation, message, [uploads.value[0]!.key]);
    (await next('reserve')).answer(done);
    (await next('send')).answer(done);
    await vi.waitFor(() => expect(uploads.value[0]?.state).toBe('whole'));
    expect(asked.some(({ what }) => what === 'share')).toBe(false);
    settle();
    expect((await next('share')).upload.sent?.messageId).toBe(message);
  });
  it('of a few megabytes are shared in the order in which they were dropped, and a large one holds nobody up', async () => {
    const { queue, uploads, next, asked, shared } = given();
    const large = Object.defineProperty(aFile('film.mp4'), 'size', { value: 9_000_000 });
    queue.add(account, conversation, [large, aFile('one.pdf'), aFile('two.pdf')]);
    queue.sent(conversation, null, uploads.value.map(({ key }) => key));
    for (const n of [1, 2, 3]) (await next('reserve', n)).answer(done);
    await next('send', 3);
    const sends = new Map(asked.filter(({ what }) => what === 'send').map((one) => [one.upload.name, one]));
    sends.get('two.pdf')!.answer(done);
    await vi.waitFor(() => expect(uploads.value.map(({ state }) => state)).toEqual(['going', 'going', 'whole']));
    expect(asked.some(({ what }) => what === 'share')).toBe(false);
    sends.get('one.pdf')!.answer(done);
    (await next('share', 1)).answer(done);
    (await next('share', 2)).answer(done);
    expect(asked.filter(({ what }) => what === 'share').map(({ upload }) => upload.name)).toEqual(['one.pdf', 'two.pdf']);
    expect(shared.turns.size).toBe(3);
  });
  it('that wait for the virus check say so, are asked about again, and hold nobody up', async () => {
    const { queue, uploads, next, asked } = given();
    queue.add(account, conversation, [aFile('one.pdf'), aFile('two.pdf')]);
    queue.sent(conversation, null, uploads.value.map(({ key }) => key));
    for (const n of [1, 2]) (await next('reserve', n)).answer(done);
    for (const n of [1, 2]) (await next('send', n)).answer(done);
    (await next('share', 1)).answer(refused('file-not-checked'));
    await next('share', 3);
    const shares = asked.filter(({ what }) => what === 'share');
    expect(shares.map(({ upload }) => upload.name).toSorted()).toEqual(['one.pdf', 'one.pdf', 'two.pdf']);
    expect(uploads.value[0]).toMatchObject({ state: 'whole', refusal: { code: 'file-not-checked' } });
    expect(shares[0]!.upload.shareId).toBe(shares.findLast(({ upload }) => upload.name === 'one.pdf')!.upload.shareId);
    for (const one of shares.slice(1)) one.answer(done);
    await vi.waitFor(() => expect(uploads.value.map(({ state, refusal }) => [state, refusal])).toEqual([['recorded', null], ['recorded', null]]));
  });
  it('are sent without asking how far they have come only right after they were reserved', async () => {
    const { queue, next, asked } = given();
    queue.add(account, conversation, [aFile()]);
    (await next('reserve')).answer(done);
    (await next('send', 1)).answer(refused('offline'));
    (await next('send', 2)).answer(done);
    expect(asked.filter(({ what }) => what === 'send').map(({ isFresh }) => isFresh)).toEqual([true, false]);
  });
  it('come back to the composer when their message is given up', async () => {
    const { queue, uploads, asked, whole, settle } = given();
    const { key } = await whole();
    queue.sent(conversation, message, [key]);
    queue.takeBack(message);
    settle();
    expect(uploads.value[0]).toMatchObject({ sent: null, state: 'whole' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked.some(({ what }) => what === 'share')).toBe(false);
  });
  it('say at once what is refused, and send nothing of it', async () => {
    const { queue, uploads, next, asked } = given();
    queue.add(account, conversation, [aFile()]);
    (await next('reserve')).answer(refused('too-large'));
    await vi.waitFor(() => expect(uploads.value[0]).toMatchObject({ state: 'refused', refusal: { code: 'too-large' } }));
    expect(asked.map(({ what }) => what)).toEqual(['reserve']);
  });
  it('are refused here where their name cannot be recorded', () => {
    const { queue, uploads, asked } = given();
    queue.add(account, conversation, [aFile('exe.\u202egpj')]);
    expect(uploads.value[0]?.refusal?.sentence).toContain('no characters that turn the direction of writing');
    expect(asked).toEqual([]);
  });
  it('go on after a broken connection, under the same ids', async () => {
    const { queue, next, states } = given();
    queue.add(account, conversation, [aFile()]);
    const first = await next('reserve');
    first.answer(refused('offline'));
    const second = await next('reserve', 2);
    expect(second.upload).toEqual(first.upload);
    second.answer(done);
    (await next('send')).answer(refused('offline'));
    (await next('send', 2)).answer(done);
    await vi.waitFor(() => expect(states()).toEqual(['whole']));
  });
  it('flow three at a time', async () => {
    const { queue, next, asked } = given();
    queue.add(account, conversation, Array.from({ length: 5 }, (_, n) => aFile(`${n}.pdf`)));
    await next('reserve', 3);
    expect(asked).toHaveLength(3);
    asked[1]!.answer(refused('over-quota'));
    expect((await next('reserve', 4)).upload.name).toBe('3.pdf');
  });
  it('are given up at once and for good', async () => {
    const { queue, uploads, next, shared } = given();
    queue.add(account, conversation, [aFile()]);
    (await next('reserve')).answer(done);
    const sending = await next('send');
    void queue.cancel(uploads.value[0]!.key);
    expect(uploads.value).toEqual([]);
    expect(sending.stopped()).toBe(true);
    expect((await next('cancel')).upload.key).toBe(sending.upload.key);
    expect(await shared.shelf.all(account)).toEqual([]);
    expect(await shared.bytes.all(account)).toEqual([]);
  });
  it('are given back to the appliance, too, when they are given up while their place is asked for', async () => {
    const { queue, uploads, next, asked } = given();
    queue.add(account, conversation, [aFile()]);
    const reserving = await next('reserve');
    void queue.cancel(uploads.value[0]!.key);
    reserving.answer(done);
    expect((await next('cancel')).upload.key).toBe(reserving.upload.key);
    expect(asked.some(({ what }) => what === 'send')).toBe(false);
  });
  it('are tried again under a new id where the appliance let the old one go', async () => {
    const { queue, uploads, next } = given();
    queue.add(account, conversation, [aFile()]);
    (await next('reserve')).answer(done);
    (await next('send')).answer(refused('not-found'));
    await vi.waitFor(() => expect(uploads.value[0]?.state).toBe('refused'));
    const old = uploads.value[0]!.key;
    await queue.retry(old);
    const again = await next('reserve', 2);
    expect(again.upload.key).not.toBe(old);
    expect(uploads.value.map(({ key }) => key)).toEqual([again.upload.key]);
  });
  it('are a hundred at most', () => {
    const { queue, uploads } = given();
    expect(queue.add(account, conversation, Array.from({ length: filesAtOnceMax + 7 }, () => aFile()))).toBe(7);
    expect(uploads.value).toHaveLength(filesAtOnceMax);
  });
});

describe('files on their way, after a reload', () => {
  it('go on by themselves where the browser kept their bytes', async () => {
    const before = given();
    before.queue.add(account, conversation, [aFile('small.pdf')]);
    (await before.next('reserve')).answer(done);
    await before.next('send');
    before.queue.close();
    const after = given(before.shared);
    await after.queue.open(account);
    const sending = await after.next('send');
    expect(sending.upload.name).toBe('small.pdf');
    expect(after.asked.map(({ what }) => what)).toEqual(['send']);
  });
  it('ask for the same file again where they are too large to be kept', async () => {
    const before = given();
    const large = aFile('film.mp4');
    Object.defineProperty(large, 'size', { value: keptBytesMax + 1 });
    before.queue.add(account, conversation, [large]);
    (await before.next('reserve')).answer(done);
    await before.next('send');
    before.queue.close();
    const after = given(before.shared);
    await after.queue.open(account);
    await vi.waitFor(() => expect(after.states()).toEqual(['missing']));
    const { key } = after.uploads.value[0]!;
    expect(after.queue.foundAgain(key, aFile('other.mp4'))).toBe(false);
    expect(after.queue.foundAgain(key, large)).toBe(true);
    expect((await after.next('send')).upload.key).toBe(key);
  });
  it('that are in the record already are let go', async () => {
    const before = given();
    const { key } = await before.whole();
    before.queue.sent(conversation, null, [key]);
    (await before.next('share')).answer(done);
    await vi.waitFor(() => expect(before.states()).toEqual(['recorded']));
    before.queue.close();
    const after = given(before.shared);
    await after.queue.open(account);
    await vi.waitFor(async () => expect(await after.shared.shelf.all(account)).toEqual([]));
    expect(after.uploads.value).toEqual([]);
  });
  it('stay with the tab that has them in hand', async () => {
    const one = given();
    one.queue.add(account, conversation, [aFile()]);
    await one.next('reserve');
    const other = given(one.shared);
    await other.queue.open(account);
    await new Promise((resolve) => setImmediate(resolve));
    expect(other.uploads.value).toEqual([]);
    one.queue.close();
    await other.next('reserve');
    expect(other.uploads.value).toHaveLength(1);
  });
});
