import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** The peer: what node alone does with the same bytes, to disk and flushed, neither sealed nor hashed. Argument: a folder. */
const path = join(process.argv[2]!, 'copy');

const server = createServer((request, response) => {
  const copied = async (): Promise<void> => {
    if (request.method === 'GET') return pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), response);
    await pipeline(request, createWriteStream(path));
    const handle = await open(path, 'r');
    await handle.sync();
    await handle.close();
    response.writeHead(204).end();
  };
  void copied().catch((cause: unknown) => response.destroy(cause as Error));
});
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send!({ cpu: process.cpuUsage() }));
