import type { Actor } from '#src/kernel/event.ts';

/** Who acts when nobody asks: process managers, bookkeeping, first start. */
export const theAppliance: Actor = { kind: 'system', id: 'appliance' };
