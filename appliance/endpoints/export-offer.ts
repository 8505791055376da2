import type { ArchiveJob } from '#appliance/downloads/job.ts';
import type { House } from '#appliance/house/house.ts';
import type { Downloads } from '#appliance/web/download-routes.ts';
import type { Call, Caller } from '#src/doors/door.ts';
import type { Handled } from '#src/log/desk/stream-desk.ts';

export type ExportOnRecord = { readonly at: number; readonly export: string; readonly count: number; readonly digest: string; readonly position: number };
/** What was recorded of an export, now or when it was asked for the first time. */
export const exportOnRecord = (made: Handled): ExportOnRecord => made.events[0]!.data as ExportOnRecord;

/** Where the zip of an export can be fetched, once. It is on record already, and nothing but what is on record is in it. */
export const offerExport = async (house: House, downloads: Downloads, call: Call & { readonly caller: Caller }, made: Handled, what: Pick<ArchiveJob, 'inquiry' | 'query' | 'filter' | 'after' | 'positions' | 'files'>): Promise<{ readonly export: string; readonly count: number; readonly position: number; readonly url: string }> => {
  const { at, export: id, count, position } = exportOnRecord(made);
  const { account: by } = call.caller;
  const { value: inquiries } = await house.views.ask('archive.inquiries', {});
  const reason = inquiries.find(({ inquiry }) => inquiry === what.inquiry)?.reason ?? '';
  const { url } = downloads.offer(by, `hansard-export-${new Date(at).toISOString().slice(0, 10)}-${id.slice(0, 8)}.zip`, count, { job: { kind: 'archive', reason, export: id, by, at, position, ...what } }, id);
  return { export: id, count, position, url };
};
