// Stands in for web servers that strangers run, on loopback, and for the name servers that lead there. It does not prove that real name servers and real certificates are met as they are here.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildConnector } from 'undici';

export type PageServer = {
  readonly port: number; readonly url: string;
  /** What was asked of it, in order. */
  readonly asked: readonly IncomingMessage[];
  readonly close: () => Promise<void>;
};

/** A server on a port of its own. */
export const aPageServer = async (answer: RequestListener): Promise<PageServer> => {
  const asked: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request);
    response.on('error', () => undefined);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port, asked, url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export const sends = (response: ServerResponse, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): void =>
  void response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(body);

/** An internet of a few names and addresses. */
export type Internet = {
  /** Answers of the name servers, one after the other; the last one stays. */
  readonly names: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Which local port stands for an address. */
  readonly places: Readonly<Record<string, number>>;
};

/** What a fetcher needs to live there. `dialled`: addresses that were connected to, in order; `lookedUp`: names that were asked for. */
export const inInternet = ({ names, places }: Internet) => {
  const dialled: string[] = [];
  const lookedUp: string[] = [];
  return {
    dialled, lookedUp,
    resolve: async (host: string): Promise<readonly string[]> => {
      lookedUp.push(host);
      const answers = names[host] ?? [[]];
      return answers[Math.min(lookedUp.filter((one) => one === host).length, answers.length) - 1] ?? [];
    },
    connectorTo: ([address = '']: readonly string[]): buildConnector.connector => {
      const local = buildConnector({ timeout: 2_000 });
      return (options, done) => {
        dialled.push(address);
        const port = places[address];
        if (port === undefined) done(new Error(`nobody is at ${address}`), null);
        else local({ ...options, hostname: '127.0.0.1', host: '127.0.0.1', port: String(port) }, done);
      };
    },
  };
};
