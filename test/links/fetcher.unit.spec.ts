import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildConnector } from 'undici';
import { aFetcher, fetchBytesMax, type Fetched, type FetcherPorts, type Wanted } from '#appliance/links/fetcher.ts';
import { aPageServer, inInternet, sends, type Internet, type PageServer } from '#test/support/page-servers.ts';

const page = '<title>Hall C</title>';
const nothingMore = { networks: [], ports: [] };
const openAddress = '93.184.215.14';
const otherAddress = '1.1.1.1';
const agent = 'Hansard/test (previews of links)';

/** Takes everything and remembers it. */
const takesAll = () => {
  const chunks: Buffer[] = [];
  const wanted: Wanted = { accept: 'text/html', isWanted: (type) => type.startsWith('text/html'), take: (chunk) => chunks.push(chunk) > 0 };
  return { wanted, text: () => Buffer.concat(chunks).toString(), bytes: () => Buffer.concat(chunks).length };
};

describe('the fetcher', () => {
  let outside: PageServer;
  let inside: PageServer;
  let answer: (path: string, response: ServerResponse) => void = (_, response) => sends(response, page);
  const answers = (how: typeof answer): void => void (answer = how);
  const insideAsked = (): number => inside.asked.length;

  beforeAll(async () => {
    outside = await aPageServer((request, response) => answer(request.url!, response));
    inside = await aPageServer((_, response) => sends(response, '<title>Secret of the intranet</title>'));
  });
  afterAll(async () => {
    await Promise.all([outside.close(), inside.close()]);
    expect(insideAsked(), 'nothing of the inside was ever asked').toBe(0);
  });

  /** `page.example` is outside; whatever is private leads to the server inside, should anybody dare to connect. */
  const internet = (names: Internet['names'] = {}) =>
    inInternet({ names: { 'page.example': [[openAddress]], 'other.example': [[otherAddress]], ...names }, places: { [openAddress]: outside.port, [otherAddress]: outside.port, '10.0.0.1': inside.port, '127.0.0.1': inside.port, '169.254.169.254': inside.port, '::1': inside.port } });
  const fetched = async (url: string, { names, ...ports }: Partial<FetcherPorts> & { readonly names?: Internet['names'] } = {}) => {
    const world = internet(names);
    const all = takesAll();
    const result: Fetched = await aFetcher({ reach: nothingMore, agent, limitMs: 2_000, ...world, ...ports })(url, all.wanted);
    return { result, ...world, text: all.text(), bytes: all.bytes() };
  };
  const redirects = (to: (path: string) => string | undefined): void => answers((path, response) => {
    const next = to(path);
    if (next === undefined) sends(response, page);
    else response.writeHead(302, { Location: next }).end();
  });

  describe('asks', () => {
    it('a page, without anything that says who asks', async () => {
      answers((_, response) => sends(response, page, { 'Set-Cookie': 'a=b' }));
      const { result, text, dialled } = await fetched('http://page.example/hall?c=1#part');
      expect([result, text, dialled]).toEqual([{ url: 'http://page.example/hall?c=1', isWhole: true }, page, [openAddress]]);
      const { url, headers } = outside.asked.at(-1)!;
      expect(url).toBe('/hall?c=1');
      expect(headers).toMatchObject({ host: 'page.example', 'user-agent': agent });
      expect(Object.keys(headers).filter((name) => ['cookie', 'authorization', 'referer', 'origin', 'x-forwarded-for'].includes(name))).toEqual([]);
    });
    it('again where it is sent on, three times at most, and every name anew', async () => {
      redirects((path) => (path === '/3' ? undefined : path === '/' ? 'http://other.example/1' : `/${Number(path.slice(1)) + 1}`));
      const { result, lookedUp } = await fetched('http://page.example/');
      expect([result, lookedUp]).toEqual([{ url: 'http://other.example/3', isWhole: true }, ['page.example', 'other.example', 'other.example', 'other.example']]);
    });
    it.each([['gzip', gzipSync], ['x-gzip', gzipSync], ['deflate', deflateSync], ['br', brotliCompressSync]] as const)('what is packed with %s', async (coding, pack) => {
      answers((_, response) => sends(response, pack(page), { 'Content-Encoding': coding }));
      expect(await fetched('http://page.example/')).toMatchObject({ result: { isWhole: true }, text: page });
    });
    it('where the operator lets it, on loopback and on a port of its own', async () => {
      answers((_, response) => sends(response, page));
      const all = takesAll();
      const fetch = aFetcher({ reach: { networks: ['127.0.0.0/8'], ports: [outside.port] }, agent });
      expect([await fetch(`${outside.url}/`, all.wanted), all.text()]).toEqual([{ url: `${outside.url}/`, isWhole: true }, page]);
      expect(await aFetcher({ reach: { networks: [], ports: [outside.port] }, agent })(`${outside.url}/`, all.wanted)).toEqual({ refused: 'special' });
      expect(await aFetcher({ reach: { networks: ['127.0.0.0/8'], ports: [] }, agent })(`${outside.url}/`, all.wanted)).toEqual({ refused: 'address' });
    });
  });

  it('connects to the address that was judged, under the name that was asked', async () => {
    answers((_, response) => sends(response, page));
    const all = takesAll();
    const fetch = aFetcher({ reach: { networks: ['127.0.0.0/8'], ports: [outside.port] }, agent, resolve: async () => ['127.0.0.1'] });
    expect(await fetch(`http://no-such-name.invalid:${outside.port}/`, all.wanted)).toEqual({ url: `http://no-such-name.invalid:${outside.port}/`, isWhole: true });
    expect(outside.asked.at(-1)!.headers.host).toBe(`no-such-name.invalid:${outside.port}`);
  });

  describe('never connects', () => {
    it.each(['file:///etc/passwd', 'ftp://page.example/', 'gopher://page.example/', 'data:text/html,x', 'javascript:1', 'http://', 'nonsense', 'http://user@page.example/', 'http://user:word@page.example/', 'http://page.example:22/', 'http://page.example:8080/', `http://page.example/${'x'.repeat(3_000)}`])('for what is no address to ask: %s', async (url) => {
      expect(await fetched(url)).toMatchObject({ result: { refused: 'address' }, dialled: [], lookedUp: [] });
    });
    it.each(['http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://017700000001/', 'http://0/', 'http://10.0.0.1/', 'http://169.254.169.254/latest/meta-data/', 'http://[::1]/', 'http://[::]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[64:ff9b::7f00:1]/', 'http://[2002:7f00:1::]/', 'http://[fe80::1]/', 'http://①②⑦.⓪.⓪.①/', 'http://127。0。0。1/'])('to an address inside, however it is written: %s', async (url) => {
      expect(await fetched(url)).toMatchObject({ result: { refused: 'special' }, dialled: [], lookedUp: [] });
    });
    it.each([['10.0.0.1'], ['127.0.0.1'], ['::1'], ['fd00::1'], ['fe80::1'], ['::ffff:10.0.0.1'], ['64:ff9b::a00:1'], ['2002:a00:1::1'], ['2001:0:a00:1::1'], ['100.64.0.1'], ['0.0.0.0']])('to a name that leads to %s', async (address) => {
      expect(await fetched('http://trap.example/', { names: { 'trap.example': [[address]] } })).toMatchObject({ result: { refused: 'special' }, dialled: [] });
    });
    it('to a name with one address outside and another inside, whichever comes first', async () => {
      for (const addresses of [[openAddress, '10.0.0.1'], ['10.0.0.1', openAddress], [openAddress, 'fd00::1']]) expect(await fetched('http://trap.example/', { names: { 'trap.example': [addresses] } })).toMatchObject({ result: { refused: 'special' }, dialled: [] });
    });
    it('to what a name says when it is asked a second time', async () => {
      answers((_, response) => sends(response, page));
      const { result, dialled, lookedUp } = await fetched('http://rebind.example/', { names: { 'rebind.example': [[openAddress], ['127.0.0.1']] } });
      expect([result, dialled, lookedUp]).toEqual([{ url: 'http://rebind.example/', isWhole: true }, [openAddress], ['rebind.example']]);
    });
    it('to what a name says when it is asked again after a redirect', async () => {
      redirects((path) => (path === '/' ? '/again' : undefined));
      expect(await fetched('http://rebind.example/', { names: { 'rebind.example': [[openAddress], ['127.0.0.1']] } })).toMatchObject({ result: { refused: 'special' }, dialled: [openAddress], lookedUp: ['rebind.example', 'rebind.example'] });
    });
    it.each([['http://127.0.0.1/', 'special'], ['http://169.254.169.254/', 'special'], ['http://[::1]/', 'special'], ['http://trap.example/', 'special'], ['//10.0.0.1/', 'special'], ['file:///etc/passwd', 'address'], ['ftp://page.example/', 'address'], ['http://a:b@page.example/', 'address'], ['http://page.example:6379/', 'address'], ['http://nobody.example/', 'unreached']])('where a redirect leads to %s', async (next, refused) => {
      redirects(() => next);
      expect(await fetched('http://page.example/', { names: { 'trap.example': [['10.0.0.1']] } })).toMatchObject({ result: { refused }, dialled: [openAddress] });
    });
    it('would connect inside, in a build that judges a name and then connects to whatever it says next', async () => {
      answers((_, response) => sends(response, page));
      const trap = await aPageServer((_, response) => sends(response, 'caught'));
      const world = internet({ 'rebind.example': [[openAddress], ['10.0.0.1']] });
      const local = buildConnector({});
      const byName = (): buildConnector.connector => (options, done) => void world.resolve(options.hostname).then(([address]) => local({ ...options, hostname: '127.0.0.1', host: '127.0.0.1', port: String(address === '10.0.0.1' ? trap.port : outside.port) }, done));
      const all = takesAll();
      await aFetcher({ reach: nothingMore, agent, resolve: world.resolve, connectorTo: byName })('http://rebind.example/', all.wanted);
      await trap.close();
      expect([all.text(), world.lookedUp.length]).toEqual(['caught', 2]);
    });
  });

  describe('gives up', () => {
    it('on a circle of redirects', async () => {
      redirects(() => '/round');
      const { result, dialled } = await fetched('http://page.example/');
      expect([result, dialled.length]).toEqual([{ refused: 'redirects' }, 4]);
    });
    it('on a redirect to nowhere', async () => {
      answers((_, response) => response.writeHead(302).end());
      expect(await fetched('http://page.example/')).toMatchObject({ result: { refused: 'status' } });
    });
    it.each([404, 500, 204, 206])('on the status %i', async (status) => {
      answers((_, response) => response.writeHead(status, { 'Content-Type': 'text/html' }).end());
      expect(await fetched('http://page.example/')).toMatchObject({ result: { refused: 'status' }, text: '' });
    });
    it.each(['image/png', 'application/json', 'text/plain', ''])('on the content type "%s"', async (type) => {
      answers((_, response) => sends(response, page, { 'Content-Type': type }));
      expect(await fetched('http://page.example/')).toMatchObject({ result: { refused: 'type' }, text: '' });
    });
    it.each(['gzip, gzip', 'compress', 'zstd', 'toString'])('on the coding "%s"', async (coding) => {
      answers((_, response) => sends(response, page, { 'Content-Encoding': coding }));
      expect(await fetched('http://page.example/')).toMatchObject({ result: { refused: 'unreadable' }, text: '' });
    });
    it('on what says it is packed and is not', async () => {
      answers((_, response) => sends(response, page, { 'Content-Encoding': 'gzip' }));
      expect(await fetched('http://page.example/')).toMatchObject({ result: { refused: 'unreached' }, text: '' });
    });
    it('on a name that nobody has, and on one that is never answered', async () => {
      expect(await fetched('http://nobody.example/')).toMatchObject({ result: { refused: 'unreached' } });
      expect(await fetched('http://page.example/', { resolve: () => new Promise(() => undefined), limitMs: 100 })).toMatchObject({ result: { refused: 'timeout' } });
    });
    it('on headers without end', async () => {
      answers((_, response) => response.writeHead(200, { 'Content-Type': 'text/html', 'X-Long': 'x'.repeat(64 * 1_024) }).end(page));
      expect(await fetched('http://page.example/')).toMatchObject({ result: { refused: 'unreached' } });
    });
    it.each(['before the headers', 'in the headers', 'in the body'])('after its time on what drips %s', async (where) => {
      answers((_, response) => {
        if (where !== 'before the headers') response.writeHead(200, { 'Content-Type': 'text/html' });
        if (where === 'in the headers') response.socket!.write('HTTP/1.1 200 OK\r\nX-A: ');
        const drip = setInterval(() => (where === 'in the body' ? response.write('<') : where === 'in the headers' ? response.socket?.write('a') : undefined), 20);
        response.on('close', () => clearInterval(drip));
      });
      expect(await fetched('http://page.example/', { limitMs: 300 })).toMatchObject({ result: { refused: 'timeout' } });
    });
    it('after its time over all redirects together', async () => {
      answers((path, response) => void setTimeout(() => response.writeHead(302, { Location: `${path}x` }).end(), 150));
      expect(await fetched('http://page.example/', { limitMs: 300 })).toMatchObject({ result: { refused: 'timeout' } });
    });
  });

  describe('takes no more than its bytes', () => {
    it('of a body without end', async () => {
      let sent = 0;
      answers((_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' });
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(16_384))) sent += 16_384;
        };
        response.on('drain', more);
        more();
      });
      const { result, bytes } = await fetched('http://page.example/');
      expect([result, bytes]).toEqual([{ url: 'http://page.example/', isWhole: false }, fetchBytesMax]);
      expect(sent).toBeLessThan(64 * fetchBytesMax);
    });
    it.each([['gzip', gzipSync], ['deflate', deflateSync], ['br', brotliCompressSync]] as const)('of a bomb packed with %s', async (coding, pack) => {
      const bomb = pack(Buffer.alloc(256 * 1_024 * 1_024));
      answers((_, response) => sends(response, bomb, { 'Content-Encoding': coding }));
      const before = process.cpuUsage();
      const { result, bytes } = await fetched('http://page.example/');
      expect([result, bytes]).toEqual([{ url: 'http://page.example/', isWhole: false }, fetchBytesMax]);
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(500);
    });
    it('and stops where nobody wants more', async () => {
      answers((_, response) => sends(response, 'x'.repeat(400_000)));
      const world = internet();
      let took = 0;
      const result = await aFetcher({ reach: nothingMore, agent, ...world })('http://page.example/', { accept: '', isWanted: () => true, take: (chunk) => (took += chunk.length) < 1_000 });
      expect(result).toMatchObject({ isWhole: false });
      expect(took).toBeLessThan(200_000);
    });
  });
});
