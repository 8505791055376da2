import { request } from 'node:http';

export type RawAnswer = { readonly status: number; readonly body: string; readonly headers: NodeJS.Dict<string | string[]> };

/** One request exactly as given: paths and headers that a browser's fetch would tidy up. */
export const rawRequest = (url: string, path: string, options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer } = {}): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const outgoing = request({ hostname, port, path, method: options.method ?? 'GET', headers: { ...options.headers }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString(), headers: response.headers }));
    });
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
