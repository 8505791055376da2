import type { LeafRule } from '#src/log/eventstoredb/leaf-rule.ts';
import { leafOf as anyLeafOf } from './eventstoredb-any-leaf.ts';

export { foundedBy, isOurs } from './eventstoredb-any-leaf.ts';

export const endless = 'Endless';

/** A broken rule: with an event of this type the thread of the log never comes to an end, and hears nothing any more. */
export const leafOf: LeafRule['leafOf'] = (event, logId) => {
  while (event.type === endless);
  return anyLeafOf(event, logId);
};

export const endlessLeafHref = import.meta.url;
