import { refuse } from '../kernel/refusal.ts';

export const inquiryNotOpen = refuse('inquiry-not-open', 'You have no open inquiry under this id. Open one with its reason; nothing is given without.');
export const exportEnded = refuse('export-ended', 'This export is on record, and its zip is given once: it was fetched, it waited longer than a minute, or the server that kept it ready is another one or was restarted. Nothing was given now. Export again; both exports stay on record.');
