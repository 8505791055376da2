import { Readable } from 'node:stream';
import type { Context, Hono } from 'hono';
import type { HttpBindings } from '@hono/node-server';
import type { DownloadJob } from '#appliance/downloads/job.ts';
import { runDownload, type RunningDownload } from '#appliance/downloads/run-download.ts';
import { filesPlaceOf } from '#appliance/files/shared-files.ts';
import type { House } from '#appliance/house/house.ts';
import type { Policy } from '#src/contract/endpoint.ts';
import { judge, type Caller } from '#src/doors/door.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { keyPlacesOf, placesIn } from '../config.ts';

const ticketLivesMs = 60_000;
const atOnceMax = 8;
const eachMax = 2;

type Receiver = { readonly account: string; /** Of the endpoint that offered it: it must still hold when it is fetched. */ readonly policy: Policy };
type Ticket = Receiver & { readonly expiresAt: number; readonly events: number; readonly fileName: string } & ({ readonly job: DownloadJob } | { readonly csv: () => AsyncIterable<string> });

export type Downloads = {
  /** A ticket that its account can use once, within a minute. The recording event is durable before this is called. */
  readonly offer: (to: Receiver, fileName: string, events: number, what: { readonly job: DownloadJob } | { readonly csv: () => AsyncIterable<string> }, /** Its name in progress frames; a new one without. */ download?: string) => { readonly download: string; readonly url: string };
  /** The address of one that this account has not fetched, and still can; undefined else. */
  readonly waiting: (account: string, download: string) => string | undefined;
  readonly route: (app: Hono<{ Bindings: HttpBindings }>, whoIs: (context: Context) => Caller | null) => void;
  readonly close: () => void;
};

/** Zips and lists leave by a plain link, so that the browser saves them while they are made. */
export const serveDownloads = ({ clock, hub, logFile, logId, config, onFault, foreign }: House): Downloads => {
  const tickets = new Map<string, Ticket>();
  /** With the account that each is made for. */
  const running = new Map<RunningDownload, string>();
  const urlOf = (download: string): string => `/api/downloads/${download}`;
  const start = (download: string, ticket: Ticket): ReadableStream<Uint8Array> => {
    if ('csv' in ticket) return Readable.toWeb(Readable.from(encoded(ticket.csv()))) as ReadableStream<Uint8Array>;
    const spoolFolder = placesIn(config.dataFolder).downloads;
    const run = runDownload({ job: ticket.job, logFile, logId, keyPlaces: keyPlacesOf(config), spoolFolder, files: filesPlaceOf(config), foreign: [...foreign] }, (done, state) => {
      hub.tell(ticket.account, { is: 'download', download, done, events: ticket.events, state });
      if (state !== 'running') running.delete(run);
      if (state === 'failed') onFault(new Error(`The download ${download} ended before it was whole.`));
    });
    running.set(run, ticket.account);
    return run.body;
  };
  return {
    offer(to, fileName, events, what, download = uuidv4()) {
      const now = clock();
      for (const [id, { expiresAt }] of tickets) if (expiresAt < now) tickets.delete(id);
      tickets.set(download, { ...to, expiresAt: now + ticketLivesMs, events, fileName, ...what });
      return { download, url: urlOf(download) };
    },
    waiting(account, download) {
      const ticket = tickets.get(download);
      return ticket?.account === account && ticket.expiresAt >= clock() ? urlOf(download) : undefined;
    },
    route(app, whoIs) {
      app.get('/api/downloads/:download', (context) => {
        const download = context.req.param('download');
        const ticket = tickets.get(download);
        // Not there, not yours and too late look the same.
        const caller = whoIs(context);
        if (!ticket || caller?.account !== ticket.account || judge(ticket.policy, caller) || ticket.expiresAt < clock()) return context.json({ code: 'not-found', sentence: 'This link was used or is too old. Start the download again.' }, 404);
        const own = [...running.values()].filter((account) => account === ticket.account).length;
        if (own >= eachMax || running.size >= atOnceMax) return context.json({ code: 'too-many', sentence: `${own >= eachMax ? `Your other ${own}` : `${running.size} other`} downloads are being made. Try again in a moment; this link still works for a minute.` }, 429);
        tickets.delete(download);
        return context.body(start(download, ticket), 200, {
          'Cache-Control': 'no-store', 'Content-Type': 'csv' in ticket ? 'text/csv; charset=utf-8' : 'application/zip', 'Content-Disposition': `attachment; filename="${ticket.fileName}"`,
        });
      });
    },
    close() {
      for (const run of running.keys()) run.cancel();
    },
  };
};

async function* encoded(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const line of lines) yield encoder.encode(line);
}
