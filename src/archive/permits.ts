import { permitOfficer, type OfficerPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { isRefusal, refuse, type Refusal } from '../kernel/refusal.ts';
import type { Acting } from '../kernel/use-case.ts';
import type { CaseState } from './case.ts';

// Nobody outside this file can name this key, so nobody else can make such a value.
declare const inquiring: unique symbol;

/** An officer under an open inquiry of their own: what they ask, they answer for. */
export type InquiringPermit = OfficerPermit & { readonly inquiry: string; readonly [inquiring]: true };

/** Also said of an inquiry of somebody else: not there and not yours look the same. */
export const inquiryNotOpen = refuse('inquiry-not-open', 'You have no such open inquiry. Open one with its reason first; nothing was given.');

/** Mints what every look, answer and export rests on. */
export const permitToInquire = (world: World, acting: Acting, state: CaseState, inquiry: string): InquiringPermit | Refusal => {
  const officer = permitOfficer(world, acting);
  if (isRefusal(officer)) return officer;
  const opened = state.inquiries.get(inquiry);
  return opened?.open && opened.by === officer.account ? ({ ...officer, inquiry } as InquiringPermit) : inquiryNotOpen;
};
