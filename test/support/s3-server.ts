// s3rver 3.7.1, a real server of S3's protocol on a folder, behind a door that counts and can break. It does not prove: durability, consistency between machines, If-None-Match, time limits of AWS, ending and listing multipart uploads (s3rver has neither; the door stands in for both).
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { storePlace, type S3Place } from '#appliance/files/store-place.ts';

export const s3Bucket = 'hansard';
export const s3Credentials = 'S3RVER:S3RVER';

/** What the door does with a request instead of passing it on: answer so, hold it for ever, begin to answer and stop, or cut the line. Undefined: passes it on. */
export type S3Fault = { readonly status: number; readonly code: string } | 'silence' | 'half' | 'cut' | undefined;

export type S3Server = {
  /** HANSARD_FILES for it. */
  readonly address: (prefix?: string, bucket?: string) => string;
  readonly place: (prefix?: string, bucket?: string) => S3Place;
  /** `METHOD path?names` of each request so far, oldest first. */
  readonly asked: string[];
  /** Asked for every request. */
  breakWith: ((asked: string) => S3Fault) | undefined;
  /** Multipart uploads that were begun and neither completed nor ended: their ids. */
  readonly openUploads: () => readonly string[];
  /** Makes everything that is stored so much older. */
  readonly age: (ms: number) => void;
  readonly close: () => Promise<void>;
};

const xml = (root: string, content: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${content}</${root}>`;

export const anS3Server = async (): Promise<S3Server> => {
  const directory = await mkdtemp(join(tmpdir(), 'hansard-s3-'));
  const s3rver = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: s3Bucket, configs: [] }] });
  const { port: inner } = await s3rver.run();
  const uploads = new Map<string, { readonly key: string; readonly at: Date }>();
  const asked: string[] = [];

  const answer = (response: ServerResponse, status: number, body = ''): void => void response.writeHead(status, { 'Content-Type': 'application/xml' }).end(body);
  const pass = (request: IncomingMessage, response: ServerResponse, onAnswer: (status: number, body: string) => void): void => {
    const onward = httpRequest({ host: '127.0.0.1', port: inner, method: request.method, path: request.url, headers: request.headers }, (answered) => {
      response.writeHead(answered.statusCode!, answered.headers);
      let body = '';
      if (request.method === 'POST') answered.on('data', (part: Buffer) => (body += part.toString()));
      answered.on('end', () => onAnswer(answered.statusCode!, body)).pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };
  const door = createServer((request, response) => {
    const url = new URL(request.url!, 'http://s3');
    const key = decodeURIComponent(url.pathname).split('/').slice(2).join('/');
    const says = `${request.method} ${key}?${[...url.searchParams.keys()].filter((name) => name !== 'x-id').join('&')}`;
    asked.push(says);
    const fault = server.breakWith?.(says);
    if (fault === 'silence') return void request.resume();
    if (fault === 'half') return void response.writeHead(206, { 'Content-Length': 1_000 }).write('half');
    if (fault === 'cut') return void request.socket.destroy();
    if (fault) {
      request.resume();
      return answer(response, fault.status, xml('Error', `<Code>${fault.code}</Code><Message>made for a test</Message>`));
    }
    const uploadId = url.searchParams.get('uploadId');
    if (request.method === 'DELETE' && uploadId !== null) {
      uploads.delete(uploadId);
      return answer(response, 204);
    }
    if (request.method === 'GET' && url.searchParams.has('uploads')) {
      return answer(response, 200, xml('ListMultipartUploadsResult', [...uploads].map(([id, { key: of, at }]) => `<Upload><Key>${of}</Key><UploadId>${id}</UploadId><Initiated>${at.toISOString()}</Initiated></Upload>`).join('')));
    }
    pass(request, response, (status, body) => {
      if (status !== 200 || request.method !== 'POST') return;
      if (uploadId !== null) return void (body.includes('<Error>') || uploads.delete(uploadId));
      const begun = /<UploadId>([^<]+)</.exec(body)?.[1];
      if (begun !== undefined) uploads.set(begun, { key, at: new Date() });
    });
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const address = (prefix = '', bucket = s3Bucket): string => `s3://${bucket}/${prefix}?endpoint=${encodeURIComponent(`http://127.0.0.1:${(door.address() as AddressInfo).port}`)}&region=us-east-1`;
  const server: S3Server = {
    address, asked, breakWith: undefined,
    place: (prefix, bucket) => storePlace(address(prefix, bucket), s3Credentials) as S3Place,
    openUploads: () => [...uploads.keys()],
    age(ms) {
      for (const one of readdirSync(directory, { recursive: true, withFileTypes: true })) {
        const path = join(one.parentPath, one.name);
        const at = (statSync(path).mtimeMs - ms) / 1_000;
        utimesSync(path, at, at);
      }
      for (const [id, upload] of uploads) uploads.set(id, { ...upload, at: new Date(upload.at.getTime() - ms) });
    },
    async close() {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
      await s3rver.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return server;
};
