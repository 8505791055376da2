import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendBytes } from '#web/client/uploads-tus.ts';
import { aTusServer, type TusServer } from '#test/support/tus-server.ts';

const part = 64 * 1024;
const bytes = randomBytes(5 * part + 17);

describe('the bytes of an upload', () => {
  let server: TusServer;
  let n = 0;
  beforeAll(async () => void (server = await aTusServer()));
  afterAll(() => server.close());

  /** Under Node the client takes a Buffer where a browser has a Blob. */
  const given = (content = bytes) => {
    const id = `upload-${n++}`;
    server.expect(id, content.length);
    const from = server.asked.length;
    const told: number[] = [];
    const stop = new AbortController();
    const send = (how: { readonly onTold?: (bytes: number) => unknown } = {}) => sendBytes({
      url: server.urlOf(id), bytes: content as unknown as Blob, partBytes: 2 * part, signal: stop.signal,
      told: (done) => { told.push(done); how.onTold?.(done); },
    });
    const sendSmall = () => sendBytes({ url: server.urlOf(id), bytes: new Blob([content]), partBytes: 2 * part, signal: stop.signal, isFresh: true, told: () => undefined });
    return { id, send, sendSmall, told, stop, asked: () => server.asked.slice(from) };
  };

  it('go up part by part, after asking how far they have come', async () => {
    const { id, send, told, asked } = given();
    expect(await send()).toEqual({ ok: true, output: undefined });
    expect(server.bytesOf(id).equals(bytes)).toBe(true);
    expect(asked()).toEqual(['HEAD', 'PATCH 0', `PATCH ${2 * part}`, `PATCH ${4 * part}`]);
    expect(told.at(-1)).toBe(bytes.length);
  });
  it('go on from where the connection broke, and are the same in the end', async () => {
    const { id, send, asked } = given();
    server.breakAfter(part);
    expect(await send()).toMatchObject({ ok: false, code: 'offline' });
    const kept = server.bytesOf(id).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(bytes.length);
    expect(await send()).toMatchObject({ ok: true });
    expect(server.bytesOf(id).equals(bytes)).toBe(true);
    expect(asked().filter((one) => one === 'PATCH 0')).toHaveLength(1);
    expect(asked()).toContain(`PATCH ${kept}`);
  });
  it('go up in one request where they are few and nothing of them was sent before', async () => {
    const { id, sendSmall, asked } = given(randomBytes(100_000));
    expect(await sendSmall()).toEqual({ ok: true, output: undefined });
    expect(asked()).toEqual(['PATCH 0']);
    expect(server.bytesOf(id)).toHaveLength(100_000);
  });
  it('of a few that break off go on as all others do', async () => {
    const content = randomBytes(3 * part);
    const { id, send, sendSmall } = given(content);
    server.breakAfter(part);
    expect(await sendSmall()).toMatchObject({ ok: false, code: 'offline' });
    expect(await send()).toMatchObject({ ok: true });
    expect(server.bytesOf(id).equals(content)).toBe(true);
  });
  it('of an empty file are none, and it is whole', async () => {
    const { send, asked } = given(Buffer.alloc(0));
    expect(await send()).toMatchObject({ ok: true });
    expect(asked()).toEqual(['HEAD']);
  });
  it('stop when it is given up', async () => {
    const { id, send, stop } = given();
    expect(await send({ onTold: (done) => done > 0 && stop.abort() })).toMatchObject({ ok: false, code: 'offline' });
    expect(server.bytesOf(id).length).toBeLessThan(bytes.length);
    expect(await send()).toMatchObject({ ok: false, code: 'offline' });
  });
  it('say what the appliance says, in its words', async () => {
    const { send } = given();
    server.answerNext(404);
    expect(await send()).toMatchObject({ ok: false, code: 'not-found' });
    server.answerNext(401);
    expect(await send()).toMatchObject({ ok: false, code: 'signed-out' });
    server.answerNext(503);
    expect(await send()).toMatchObject({ ok: false, code: 'unavailable' });
  });
});
