import type { listInquiries } from '#src/contract/archive.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';

type Listed = OutputOf<typeof listInquiries>['inquiries'][number];
/** `n`: which inquiry of this workspace it is, counted from the first. */
export type Inquiry = Listed & { readonly n: number };

/** The list comes newest first; the first ever is inquiry 1. */
export const numbered = (inquiries: readonly Listed[]): Inquiry[] => inquiries.map((inquiry, index) => ({ ...inquiry, n: inquiries.length - index }));
