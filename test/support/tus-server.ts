// A stand-in for the door that takes uploads (tus 1.0: HEAD and PATCH), in memory. It does not prove what the appliance keeps, seals, judges or counts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type TusServer = {
  readonly urlOf: (id: string) => string;
  /** An upload is expected. */
  readonly expect: (id: string, size: number) => void;
  readonly bytesOf: (id: string) => Buffer;
  /** Methods asked so far, in order, with the offset that a PATCH named. */
  readonly asked: readonly string[];
  /** Breaks the connection once so many bytes of the next PATCH have come; what came is kept. */
  readonly breakAfter: (bytes: number) => void;
  /** Answers the next request so. */
  readonly answerNext: (status: number, body?: object) => void;
  readonly close: () => Promise<void>;
};

export const aTusServer = async (): Promise<TusServer> => {
  const uploads = new Map<string, { readonly size: number; bytes: Buffer }>();
  const asked: string[] = [];
  let breakAt: number | undefined;
  let next: { readonly status: number; readonly body: object | undefined } | undefined;

  const take = (request: IncomingMessage, response: ServerResponse, upload: { readonly size: number; bytes: Buffer }): void => {
    if (Number(request.headers['upload-offset']) !== upload.bytes.length) return void response.writeHead(409).end();
    const breaksAt = breakAt;
    breakAt = undefined;
    let came = 0;
    request.on('data', (part: Buffer) => {
      const room = breaksAt === undefined ? part.length : Math.max(0, breaksAt - came);
      upload.bytes = Buffer.concat([upload.bytes, part.subarray(0, room)]);
      came += part.length;
      if (breaksAt !== undefined && came >= breaksAt) request.socket.destroy();
    });
    request.on('end', () => response.writeHead(204, { 'Tus-Resumable': '1.0.0', 'Upload-Offset': upload.bytes.length }).end());
  };
  const server = createServer((request, response) => {
    const upload = uploads.get((request.url ?? '').slice(1));
    asked.push(request.method === 'PATCH' ? `PATCH ${request.headers['upload-offset']}` : (request.method ?? ''));
    if (next) {
      const { status, body } = next;
      next = undefined;
      request.resume();
      return void response.writeHead(status, { 'Content-Type': 'application/json' }).end(body ? JSON.stringify(body) : undefined);
    }
    if (!upload) return void response.writeHead(404).end();
    if (request.method === 'HEAD') return void response.writeHead(200, { 'Tus-Resumable': '1.0.0', 'Upload-Offset': upload.bytes.length, 'Upload-Length': upload.size }).end();
    take(request, response, upload);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    urlOf: (id) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${id}`,
    expect: (id, size) => void uploads.set(id, { size, bytes: Buffer.alloc(0) }),
    bytesOf: (id) => uploads.get(id)!.bytes,
    breakAfter: (bytes) => void (breakAt = bytes),
    answerNext: (status, body) => void (next = { status, body }),
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
};
