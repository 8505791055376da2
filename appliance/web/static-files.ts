import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Hono } from 'hono';

const types: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8', '.png': 'image/png', '.ico': 'image/x-icon', '.webmanifest': 'application/manifest+json', '.txt': 'text/plain; charset=utf-8',
};
const compressible = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest', '.txt']);

type StaticFile = { readonly bytes: Buffer; readonly compressed: (() => Promise<Uint8Array<ArrayBuffer>>) | undefined; readonly type: string; readonly etag: string; readonly hashed: boolean };

/** The bundle, read once at start and kept in memory: a few megabytes. Nothing outside the folder can be named. */
export const serveStatic = (app: Hono, folder: string): void => {
  const files = new Map<string, StaticFile>();
  if (existsSync(folder)) for (const path of filesUnder(folder)) files.set(`/${relative(folder, path).split(sep).join('/')}`, read(path));
  const page = files.get('/index.html');
  app.get('*', async (context) => {
    const { pathname } = new URL(context.req.url);
    if (pathname.startsWith('/api/')) return context.json({ code: 'not-found', sentence: 'There is nothing here.' }, 404);
    // Every other path is a screen; the page finds out which.
    const file = files.get(pathname) ?? (extname(pathname) === '' ? page : undefined);
    if (!file) return context.text(page ? 'There is nothing here.' : 'The web client is not built. Run "npm run build:web".', page ? 404 : 503);
    context.header('ETag', file.etag);
    context.header('Cache-Control', file.hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (context.req.header('if-none-match') === file.etag) return context.body(null, 304);
    context.header('Content-Type', file.type);
    context.header('Vary', 'Accept-Encoding');
    if (file.compressed && /\bbr\b/.test(context.req.header('accept-encoding') ?? '')) {
      context.header('Content-Encoding', 'br');
      return context.body(await file.compressed());
    }
    return context.body(new Uint8Array(file.bytes));
  });
};

const filesUnder = (folder: string): readonly string[] => readdirSync(folder).flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? filesUnder(path) : [path];
});

const read = (path: string): StaticFile => {
  const bytes = readFileSync(path);
  const extension = extname(path);
  return {
    bytes, type: types[extension] ?? 'application/octet-stream', etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`, hashed: /[-.][A-Za-z0-9_-]{8,}\.\w+$/.test(path) && path.includes(`${sep}assets${sep}`),
    compressed: compressible.has(extension) ? compressedOnce(bytes) : undefined,
  };
};

const compress = promisify(brotliCompress);
/** When the first one asks: most of the bundle is asked for by few, and the start waits for nobody. */
const compressedOnce = (bytes: Buffer): (() => Promise<Uint8Array<ArrayBuffer>>) => {
  let compressed: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return () => (compressed ??= compress(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).then((made) => new Uint8Array(made)));
};
