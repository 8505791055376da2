import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { callerOfSession, callerOfToken } from '#appliance/house/sessions.ts';
import { healthOf } from '#appliance/house/health.ts';
import { lostTouch } from '#appliance/house/currency.ts';
import type { House } from '#appliance/house/house.ts';
import { refusalCountsOf } from '#appliance/refusal-counts.ts';
import { everyServed } from '#appliance/endpoints/every-served.ts';
import { openFileWords } from '#appliance/file-words/file-words.ts';
import { openSharedFiles } from '#appliance/files/shared-files.ts';
import { serveDownloads } from '#appliance/web/download-routes.ts';
import { openDoor } from '#src/doors/door.ts';
import { httpDoor, sessionCookie } from '#src/doors/http/http-door.ts';
import { socketDoor } from '#src/doors/socket/socket-door.ts';
import { version } from '../version.ts';
import { securityHeaders } from './headers.ts';
import { serveStatic } from './static-files.ts';
import { whileCurrent } from './while-current.ts';

export type ServedDoors = { readonly url: string; readonly port: number; readonly close: () => Promise<void> };

const writingLookedAtEveryMs = 250;
const webFolder = new URL('../../web/dist', import.meta.url).pathname;

/** Opens the doors: HTTP, socket, the web client. Resolves when it listens. */
export const serveDoors = async (house: House): Promise<ServedDoors> => {
  const { config, standing, clock, hub, onFault } = house;
  const downloads = serveDownloads(house);
  const current = whileCurrent(house);
  const files = await openSharedFiles(house);
  const words = openFileWords(house, files.files);
  const door = refusalCountsOf(house).over(house.meetings.noticing(current.door(openDoor(everyServed(house, downloads, files), (endpoint, caller) => house.processManagers.recordRefusal(endpoint.name, caller.account)))));
  const app = new Hono<{ Bindings: HttpBindings }>();
  const overTls = config.tls !== undefined || (config.publicUrl?.startsWith('https:') ?? false);
  app.use('*', securityHeaders(overTls));
  app.get('/healthz', async (context) => {
    const { fine, says } = await healthOf(house);
    return context.json({ fine, says }, fine ? 200 : 503, { 'Cache-Control': 'no-store' });
  });
  app.use('/api/*', current.http((context) => cookieOf((context.env as HttpBindings).incoming, sessionCookie(overTls))));
  const addressOf = (request: IncomingMessage): string => clientAddress(request, config.proxy);
  const whoIs = (token: string | undefined) => callerOfToken(standing, token, clock());
  app.route('/', httpDoor({ door, clock, whoIs, callsPerSecond: config.callsPerSecond, publicUrl: config.publicUrl, overTls, addressOf: (context: Context) => addressOf((context.env as HttpBindings).incoming), onFault }));
  downloads.route(app, (context) => whoIs(cookieOf((context.env as HttpBindings).incoming, sessionCookie(overTls))));
  serveStatic(app as unknown as Hono, webFolder);
  app.onError((cause, context) => {
    onFault(cause);
    return context.json({ code: 'unavailable', sentence: 'Something in the appliance failed. What was acknowledged is safe; try again in a moment.' }, 500);
  });
  const sockets = socketDoor({
    door, hub, clock, addressOf, version, onFault, framesPerSecond: config.framesPerSecond,
    publicOrigin: config.publicUrl === undefined ? undefined : new URL(config.publicUrl).origin,
    callerOf: (request) => whoIs(cookieOf(request, sessionCookie(overTls))),
    callerBySession: (session) => callerOfSession(standing, session, clock()),
    writingStopped: () => writingStopped(house), notCurrent: () => house.currency.refusal(),
  });
  const server = createAdaptorServer({ fetch: app.fetch, ...(config.tls ? { createServer: createTlsServer, serverOptions: { cert: readFileSync(config.tls.cert), key: readFileSync(config.tls.key) } } : {}) }) as Server;
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (request.url?.split('?')[0] !== '/api/socket') return socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    // What is pushed meanwhile stays in the stream until somebody reads it.
    void current.upgrade(cookieOf(request, sessionCookie(overTls))).then((mayEnter) => (mayEnter ? sockets.upgrade(request, socket, head) : socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(config.port, config.host, resolve));
  const { port } = server.address() as AddressInfo;
  const stopTelling = tellOfWriting(house);
  return {
    port, url: config.publicUrl ?? `${config.tls ? 'https' : 'http'}://${config.host === '127.0.0.1' || config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`,
    async close() {
      stopTelling();
      sockets.close();
      downloads.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await words.close();
      await files.close();
    },
  };
};

/** Why no post is taken: the log is out of reach, the writer stopped for good, or the view that decisions rest on did. */
const writingStopped = ({ log, views, currency }: House): string | null => log.stopped() ?? (currency.behind() === undefined ? undefined : lostTouch) ?? views.states().find(({ view }) => view === 'desk')?.stopped ?? null;

/** Everybody is told when writing stops. Gives back how to end it. */
const tellOfWriting = (house: House): (() => void) => {
  let told = writingStopped(house);
  const timer = setInterval(() => {
    const stopped = writingStopped(house);
    if (stopped === told) return;
    told = stopped;
    house.hub.tellEverybody({ is: 'writing', stopped });
  }, writingLookedAtEveryMs);
  timer.unref();
  return () => clearInterval(timer);
};

/** X-Forwarded-For is believed from the configured proxy alone: the last address that it added. */
const clientAddress = (request: IncomingMessage, proxy: string | undefined): string => {
  const peer = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const forwarded = request.headers['x-forwarded-for'];
  return proxy !== undefined && peer === proxy && typeof forwarded === 'string' ? forwarded.split(',').at(-1)!.trim() : peer;
};

const cookieOf = (request: IncomingMessage, name: string): string | undefined =>
  request.headers.cookie?.split(';').map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
