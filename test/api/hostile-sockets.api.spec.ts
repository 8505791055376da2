import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '#src/contract/limits.ts';
import { closeCodes } from '#src/contract/socket.ts';
import { postMessage, readTimeline } from '#src/contract/timeline.ts';
import type { Endpoint } from '#src/contract/endpoint.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, aGroup, nobody, people, type Person } from '#test/support/people.ts';
import type { PersonSocket } from '#test/support/person-socket.ts';
import { rawRequest } from '#test/support/raw-http.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
let mallory: Person;
let chat: string;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, mallory } = await people(appliance, 'alice', 'bob', 'mallory'));
  chat = await aDirectChat(alice, bob);
});
afterAll(() => appliance?.close());

/** What mallory sends ends her own socket, leaves the record as it is, and bob's tab goes on. */
const endsOnlyItself = async (act: (socket: PersonSocket) => void): Promise<{ readonly code: number; readonly reason: string }> => {
  const [socket, bobs, before] = [await mallory.opensSocket(), await bob.socket, await appliance.logSize()];
  act(socket);
  const closed = await socket.isClosed();
  await bobs.caughtUp();
  expect(await appliance.logSize()).toBe(before);
  return closed;
};

describe('a frame', () => {
  it('that the contract does not know ends its own socket', async () => {
    const call = { is: 'call', n: 0, name: 'readMe', input: {} };
    const frames = ['', '{', 'null', '[]', '7', '{"is":"nothing"}', JSON.stringify({ ...call, more: 1 }), JSON.stringify({ ...call, n: -1 }), JSON.stringify({ ...call, commandId: 'x' }), JSON.stringify({ ...call, input: [] }), '{"is":"call","n":0,"name":"readMe","input":{"__proto__":{}}}', JSON.stringify({ is: 'watch', accounts: Array(limits.watchedPeopleMax + 1).fill(randomUUID()) }), `{"is":"call","n":0,"name":"readMe","input":{"a":${'['.repeat(40)}${']'.repeat(40)}}}`];
    for (const frame of frames) expect(await endsOnlyItself((socket) => socket.socket.send(frame)), frame.slice(0, 80)).toMatchObject({ code: closeCodes.misbehaved });
  });

  it('of bytes, of bytes that are no text, or beyond the limit ends its own socket', async () => {
    expect(await endsOnlyItself((socket) => socket.socket.send(Buffer.from('{"is":"ping"}')))).toMatchObject({ code: closeCodes.misbehaved, reason: 'text frames only' });
    expect(await endsOnlyItself((socket) => socket.socket.send(Buffer.from([0xff, 0xfe]), { binary: false }))).toMatchObject({ code: 1007 });
    expect(await endsOnlyItself((socket) => socket.socket.send('x'.repeat(limits.frameBytesMax + 1)))).toMatchObject({ code: 1009 });
    expect(await endsOnlyItself((socket) => {
      for (let n = 0; n < 100; n += 1) socket.socket.send('x', { fin: false });
    })).toMatchObject({ code: 1008 });
  });

  it('for an endpoint that there is not, or with input that it does not read, is answered', async () => {
    const [socket, before] = [await mallory.opensSocket(), await appliance.logSize()];
    for (const name of ['nothing', 'constructor', '__proto__', 'toString']) expect(await socket.answer({ name } as Endpoint, {})).toMatchObject({ code: 'not-found' });
    expect(await socket.answer(postMessage, { conversationId: chat, messageId: 'x', text: 'x' })).toMatchObject({ code: 'malformed' });
    expect(await socket.answer(postMessage, { conversationId: chat, messageId: randomUUID(), text: 'x'.repeat(limits.messageTextMax + 1) })).toMatchObject({ code: 'too-large', limit: limits.messageTextMax });
    expect(await socket.answer(postMessage, { conversationId: chat, messageId: randomUUID(), text: 'x' })).toMatchObject({ code: 'not-a-member' });
    for (const key of [chat, randomUUID(), '', '../x']) expect(await socket.subscribe('timeline', key)).toMatchObject({ code: 'not-a-member' });
    expect(await appliance.logSize()).toBe(before);
    socket.close();
  });

  it('of typing where one is no member reaches nobody', async () => {
    const [socket, bobs] = [await mallory.opensSocket(), await bob.socket];
    await bob.timeline(chat);
    await socket.subscribe('conversations', mallory.account);
    socket.write({ is: 'typing', conversationId: chat });
    await socket.caughtUp();
    await bobs.caughtUp();
    expect(bobs.frames.filter(({ is }) => is === 'typing')).toEqual([]);
    socket.close();
  });
});

describe('a flood', () => {
  it('ends its own socket and names the limit', async () => {
    const closed = await endsOnlyItself((socket) => {
      for (let n = 0; n < limits.socketBurst * 10; n += 1) socket.write({ is: 'ping' });
    });
    expect(closed).toEqual({ code: closeCodes.misbehaved, reason: `more than ${limits.socketFramesPerSecond} frames a second` });
    await alice.says('still served', { in: chat });
    await bob.sees('still served', { in: chat });
  });
});

describe('a socket', () => {
  it('is opened by our own pages, with a session, and nowhere else', async () => {
    await expect(alice.opensSocket({ Origin: 'https://evil.example' })).rejects.toMatchObject({ status: 403 });
    await expect(alice.opensSocket({ Origin: 'null' })).rejects.toMatchObject({ status: 403 });
    await expect(alice.opensSocket({ 'Sec-Fetch-Site': 'cross-site' })).rejects.toMatchObject({ status: 403 });
    await expect(nobody(appliance).opensSocket()).rejects.toMatchObject({ status: 401 });
    await expect(alice.opensSocket({ Cookie: 'hansard=invented' })).rejects.toMatchObject({ status: 401 });
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', Cookie: alice.cookie! };
    for (const path of ['/', '/api', '/api/socket/', '/api/me', '//api/socket']) expect((await rawRequest(appliance.url, path, { headers: upgrade })).status, path).toBe(404);
  });

  it('beyond the twentieth of one account is refused, and those that are open stay', async () => {
    await mallory.forgetsSocket();
    await eventually('nothing of mallory is open', () => appliance.house.hub.socketsOf(mallory.account) === 0);
    const opening = Array.from({ length: limits.socketsPerAccountMax + 1 }, () => mallory.opensSocket().catch((refused: unknown) => refused as { readonly status: number }));
    const sockets = await Promise.all(opening);
    expect(sockets.filter((socket) => 'status' in socket)).toMatchObject([{ status: 429 }]);
    const open = sockets.filter((socket): socket is PersonSocket => 'frames' in socket);
    for (const socket of open) await socket.caughtUp();
    open[0]!.close();
    await eventually('there is room again', () => appliance.house.hub.socketsOf(mallory.account) < limits.socketsPerAccountMax);
    open.push(await mallory.opensSocket());
    for (const socket of open) socket.close();
    await eventually('nothing of mallory is open', () => appliance.house.hub.socketsOf(mallory.account) === 0);
  });

  it('follows as many timelines as the limit says', async () => {
    const socket = await alice.opensSocket();
    const groups = await Promise.all(Array.from({ length: limits.socketSubscriptionsMax + 1 }, () => aGroup(alice, [])));
    for (const group of groups.slice(1)) expect(await socket.subscribe('timeline', group)).toMatchObject({ is: 'subscribed' });
    expect(await socket.subscribe('timeline', groups[0]!)).toMatchObject({ code: 'too-many' });
    expect(await socket.subscribe('timeline', groups[1]!)).toMatchObject({ is: 'subscribed' });
    expect(await socket.subscribe('conversations', alice.account)).toMatchObject({ is: 'subscribed' });
    socket.close();
  });

  it('that never reads is closed, and costs the others nothing', async () => {
    const group = await aGroup(alice, [bob, mallory]);
    const slow = await mallory.opensSocket();
    await slow.subscribe('timeline', group);
    slow.socket.pause();
    await bob.timeline(group);
    const text = 'x'.repeat(limits.messageTextMax);
    for (let n = 0; appliance.house.hub.socketsOf(mallory.account) > 0; n += 1) {
      await Promise.all(Array.from({ length: 10 }, () => alice.says(text, { in: group })));
      if (n > 400) throw new Error('A socket that reads nothing was never closed.');
    }
    await alice.says('after the slow one', { in: group });
    await bob.sees('after the slow one', { in: group });
    expect((await mallory.call(readTimeline, { conversationId: group, where: 'latest', limit: 1 })).lines).toMatchObject([{ text: 'after the slow one' }]);
    slow.socket.terminate();
  }, 20_000);
});
