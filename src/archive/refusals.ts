import { refuse } from '../kernel/refusal.ts';

export const inquiryNotOpen = refuse('inquiry-not-open', 'You have no open inquiry under this id. Open one with its reason; nothing is given without.');
