import type { ArchiveJob } from '#appliance/downloads/job.ts';
import type { House } from '#appliance/house/house.ts';
import { exportInquiry } from '#src/contract/archive.ts';
import type { Downloads } from '#appliance/web/download-routes.ts';
import { exportEnded, inquiryNotOpen } from '#src/archive/refusals.ts';
import type { Call, Caller } from '#src/doors/door.ts';
import type { Refusal } from '#src/kernel/refusal.ts';
import { outOfTouch } from '#src/log/desk/nothing-recorded.ts';
import type { Handled } from '#src/log/desk/stream-desk.ts';

type ExportOnRecord = { readonly at: number; readonly export: string; readonly count: number; readonly position: number };
type Offered = Omit<ExportOnRecord, 'at'> & { readonly url: string };

/**
 * Why an inquiry is made, for the zip; refuses where it is not open. Asked before an export is recorded, so that nothing that is on record waits for a view;
 * and for one that is asked again, because a known command is answered without a decision. What was closed at another node counts.
 */
export const reasonOf = async (house: House, inquiry: string): Promise<string | Refusal> => {
  if (!(await house.currency.caughtUp().then(() => true, () => false))) return outOfTouch;
  const { value: inquiries } = await house.views.ask('archive.inquiries', {}, house.hub.position);
  const found = inquiries.find((one) => one.inquiry === inquiry);
  return found?.open ? found.reason : inquiryNotOpen;
};

/** Where the zip of an export can be fetched, once. It is on record already. Asked again, it is the same address, as long as that waits here: one record never gives two zips. */
export const offerExport = (downloads: Downloads, { caller: { account: by } }: Call & { readonly caller: Caller }, made: Handled, what: Pick<ArchiveJob, 'inquiry' | 'reason' | 'query' | 'filter' | 'after' | 'positions' | 'files'>): Offered | Refusal => {
  const { at, export: id, count, position } = made.events[0]!.data as ExportOnRecord;
  const url = made.again
    ? downloads.waiting(by, id)
    : downloads.offer({ account: by, policy: exportInquiry.policy }, `hansard-export-${new Date(at).toISOString().slice(0, 10)}-${id.slice(0, 8)}.zip`, count, { job: { kind: 'archive', export: id, by, at, position, ...what } }, id).url;
  return url === undefined ? exportEnded : { export: id, count, position, url };
};
