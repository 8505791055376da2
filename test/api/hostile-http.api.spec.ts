import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMe } from '#src/contract/accounts.ts';
import { openGroup } from '#src/contract/conversations.ts';
import { limits } from '#src/contract/limits.ts';
import { addReaction, postMessage, readTimeline } from '#src/contract/timeline.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { isRefused } from '#test/support/person-socket.ts';
import { rawRequest, type RawAnswer } from '#test/support/raw-http.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
let chat: string;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob } = await people(appliance, 'alice', 'bob'));
  chat = await aDirectChat(alice, bob);
});
afterAll(() => appliance?.close());

type Said = { readonly status: number; readonly code?: string; readonly sentence?: string; readonly limit?: number };
const pathOf = (messageId: string = randomUUID()): string => `/api/conversations/${chat}/messages/${messageId}`;
/** What alice's browser would send, with something else in it. */
const sends = async (body: string | Buffer, { path = pathOf(), method = 'PUT', headers = {} }: { readonly path?: string; readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Said> =>
  saidBy(await rawRequest(appliance.url, path, { method, body, headers: { Cookie: alice.cookie!, 'Content-Type': 'application/json', ...headers } }));
const saidBy = ({ status, body }: RawAnswer): Said => {
  try {
    return { status, ...(JSON.parse(body) as object) };
  } catch {
    return { status };
  }
};
/** The act is refused as it should be, and leaves nothing in the record. */
const changesNothing = async (act: () => Promise<void>): Promise<void> => {
  const before = await appliance.logSize();
  await act();
  expect(await appliance.logSize()).toBe(before);
};

describe('a body', () => {
  it('that is too large names the limit, however it is sent', () => changesNothing(async () => {
    const large = JSON.stringify({ text: 'x'.repeat(limits.bodyBytesMax) });
    expect(await sends(large)).toMatchObject({ status: 413, code: 'too-large', limit: limits.bodyBytesMax });
    expect(await sends(large, { headers: { 'Transfer-Encoding': 'chunked' } })).toMatchObject({ status: 413, code: 'too-large', limit: limits.bodyBytesMax });
  }));

  it('with too long a text, too many mentions or too many members names the limit', () => changesNothing(async () => {
    expect(await sends(JSON.stringify({ text: 'x'.repeat(limits.messageTextMax + 1) }))).toMatchObject({ status: 413, code: 'too-large', limit: limits.messageTextMax });
    expect(await sends(JSON.stringify({ text: 'x', mentions: Array(limits.mentionsMax + 1).fill({ account: bob.account, from: 0, to: 1 }) }))).toMatchObject({ code: 'too-large', limit: limits.mentionsMax });
    expect(await alice.refusal(openGroup, { conversationId: randomUUID(), title: 'x', members: Array<string>(1_001).fill(bob.account) })).toMatchObject({ code: 'too-large', limit: 1_000 });
  }));

  it('that is nested too deep names the limit', () => changesNothing(async () => {
    expect(await sends(`{"text":${'['.repeat(40)}${']'.repeat(40)}}`)).toMatchObject({ status: 400, code: 'malformed', limit: limits.jsonDepthMax });
    expect(await sends(`{"text":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).toMatchObject({ status: 400, code: 'malformed' });
  }));

  it('that is no JSON object of the contract says what is wrong', () => changesNothing(async () => {
    for (const body of ['', '{', 'null', '[]', '"text"', '1e999', '{"text":"x",}', '{"text":undefined}', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), '\ufeff']) expect(await sends(body)).toMatchObject({ status: 400, code: 'malformed' });
    expect((await sends('{"text":"x","more":1}')).sentence).toMatch(/more/);
    expect((await sends('{"text":7}')).sentence).toMatch(/text/);
    for (const body of ['{"text":"x","__proto__":{"form":"action"}}', '{"text":"x","constructor":1}', '{"text":"x","mentions":[{"prototype":1}]}']) expect(await sends(body)).toMatchObject({ status: 400, code: 'malformed' });
    expect(await sends('text=x', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } })).toMatchObject({ status: 400, code: 'malformed' });
    expect(await sends('{"text":"x"}', { headers: { 'Content-Type': 'text/plain' } })).toMatchObject({ status: 400, code: 'malformed' });
  }));

  it('does not overrule what the path says', async () => {
    const messageId = randomUUID();
    expect(await sends(JSON.stringify({ text: 'x', messageId: randomUUID(), conversationId: randomUUID() }), { path: pathOf(messageId) })).toMatchObject({ status: 200 });
    const { lines } = await bob.call(readTimeline, { conversationId: chat, where: 'latest' });
    expect(lines.at(-1)).toMatchObject({ messageId });
  });
});

describe('a text', () => {
  it('with half a character is refused, because it could not be recorded as it was said', () => changesNothing(async () => {
    for (const body of ['{"text":"\\ud800"}', '{"text":"a\\udc00b"}']) expect(await sends(body)).toMatchObject({ status: 400, code: 'malformed', sentence: expect.stringMatching(/well-formed/) as string });
  }));

  it('that names people carries no control characters and something that can be seen', () => changesNothing(async () => {
    for (const title of ['a\u0000b', 'a\nb', '\u007f', '   ', '']) expect((await alice.refusal(openGroup, { conversationId: randomUUID(), title, members: [bob.account] })).code).toBe('malformed');
  }));

  it('that should be an emoji is one', async () => {
    const { messageId } = await alice.says('react to this', { in: chat });
    await changesNothing(async () => {
      for (const emoji of ['', 'x', '<script>', '👍'.repeat(40)]) expect(['malformed', 'too-large']).toContain((await alice.refusal(addReaction, { conversationId: chat, messageId, reactionId: randomUUID(), emoji })).code);
    });
  });

  it('of the longest kind is taken from many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => alice.answer(postMessage, { conversationId: chat, messageId: randomUUID(), text: '漢'.repeat(limits.messageTextMax) })));
    expect(answers.filter((answer) => 'refused' in answer)).toEqual([]);
  });
});

describe('an id', () => {
  it('is a lower-case UUID, wherever it comes', () => changesNothing(async () => {
    const upper = randomUUID().toUpperCase();
    for (const id of [upper, 'me', '1', `${randomUUID()}x`, '%00', `${randomUUID()}%2f..`]) expect(await sends('{"text":"x"}', { path: pathOf(id) })).toMatchObject({ code: 'malformed' });
    for (const key of [upper, 'x', '']) expect(await sends('{"text":"x"}', { headers: { 'Idempotency-Key': key } })).toMatchObject({ code: 'malformed', sentence: expect.stringMatching(/Idempotency-Key/) as string });
  }));
});

describe('a request from another site', () => {
  it('changes nothing', () => changesNothing(async () => {
    const { host } = new URL(appliance.url);
    for (const headers of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, { Origin: `https://${host}.evil.example` }, { Origin: `http://localhost:1` }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { Origin: appliance.url, 'Sec-Fetch-Site': 'cross-site' }]) {
      expect(await sends('{"text":"x"}', { headers: headers as Record<string, string> })).toMatchObject({ status: 403, code: 'cross-origin' });
    }
  }));

  it('is told from one of our own pages', async () => {
    expect(await sends('{"text":"x"}', { headers: { Origin: appliance.url, 'Sec-Fetch-Site': 'same-origin' } })).toMatchObject({ status: 200 });
  });

  it('never gets the cookie of a session along, which no script can read', async () => {
    const { headers } = await rawRequest(appliance.url, '/api/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ signInName: 'alice', password: 'alice has a long password' }) });
    expect(String(headers['set-cookie'])).toMatch(/^hansard=[\w-]{43};.*HttpOnly; SameSite=Strict$/);
  });
});

describe('a strange path', () => {
  const paths = ['//api/accounts', '/api//accounts', '/api/accounts/', '/API/accounts', '/api/%61ccounts', '/api/./accounts', '/api/me/../accounts', '/api/accounts%00', '/api/accounts;x=1', '/api%2faccounts', '/api/accounts?x=1', '/api/accounts#x'];
  it('gives nobody what the plain one does not', async () => {
    for (const cookie of [undefined, alice.cookie]) {
      for (const path of paths) {
        const { status, body } = await rawRequest(appliance.url, path, { headers: cookie === undefined ? {} : { Cookie: cookie } });
        expect([path, body.includes('"accounts"'), body.includes('lastSignedInAt'), status < 500 || status === 503]).toEqual([path, false, false, true]);
      }
    }
  });

  it('leads out of the folder of the web client as little', async () => {
    for (const path of ['/../package.json', '/..%2fpackage.json', '/%2e%2e/package.json', '/assets/../../package.json', '/assets/..%2f..%2f..%2fpackage.json', '//etc/passwd', '/..\\package.json', '/file:///etc/passwd', 'http://evil.example/package.json']) {
      const { body } = await rawRequest(appliance.url, path);
      expect([path, body.includes('"devDependencies"'), body.includes('root:')]).toEqual([path, false, false]);
    }
  });

  it('and a strange method are answered, not crashed into', async () => {
    for (const method of ['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'PATCH']) expect((await rawRequest(appliance.url, '/api/me', { method, headers: { Cookie: alice.cookie! } })).status).toBeLessThan(500);
    expect((await rawRequest(appliance.url, `/api/me?${'x'.repeat(20_000)}`)).status).toBe(431);
    expect((await rawRequest(appliance.url, '/api/me', { headers: { Cookie: `${alice.cookie}; ${'x'.repeat(2_000)}=1; hansard=` } })).status).toBeLessThan(500);
    expect((await rawRequest(appliance.url, '/api/me', { headers: { Cookie: `hansard=${'x'.repeat(2_000)}` } })).status).toBe(401);
    expect((await rawRequest(appliance.url, '/api/me', { headers: { Cookie: 'hansard=%ff%00' } })).status).toBe(401);
  });

  it('is answered with the headers that keep a page to itself', async () => {
    for (const path of ['/', '/api/welcome', '/api/nothing', '/healthz']) {
      const { headers } = await rawRequest(appliance.url, path);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin' });
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self';.*frame-ancestors 'none'/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
    }
  });
});

describe('a session that calls and calls', () => {
  it('is refused beyond its burst, and costs nobody else anything', async () => {
    let now = Date.now();
    const strict = await anAppliance({ clock: () => now, env: { HANSARD_CALLS_PER_SECOND: '10' } });
    try {
      const company = await people(strict, 'alice', 'bob');
      now += 60_000;
      const answers = async (person: Person, calls: number) => Promise.all(Array.from({ length: calls }, () => person.answer(readMe, {})));
      const refused = (await answers(company.alice, limits.httpBurst + 3)).filter(isRefused);
      expect(refused).toHaveLength(3);
      expect(refused[0]).toMatchObject({ status: 429, code: 'too-many', limit: 10 });
      const before = await strict.logSize();
      expect(await company.alice.refusal(openGroup, { conversationId: randomUUID(), title: 'Lunch', members: [] })).toMatchObject({ code: 'too-many' });
      expect(await strict.logSize()).toBe(before);
      expect((await answers(company.bob, 20)).filter(isRefused)).toEqual([]);
      now += 1_000;
      expect((await answers(company.alice, 11)).filter(isRefused)).toHaveLength(1);
    } finally {
      await strict.close();
    }
  });
});
