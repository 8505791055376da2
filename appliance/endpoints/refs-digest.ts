import { createHash } from 'node:crypto';
import { canonical } from '#src/kernel/canonical.ts';

/** One event, by its place in the record. */
export type Ref = readonly [stream: string, revision: number];

/** SHA-256, base64url, over the canonical list of what was given, which may come page by page: the event loop never holds still for all of it. */
export const startDigest = (): { readonly add: (page: readonly Ref[]) => void; readonly digest: () => string } => {
  const hash = createHash('sha256').update('[');
  let separator = '';
  return {
    add(page) {
      if (page.length === 0) return;
      hash.update(`${separator}${canonical(page).slice(1, -1)}`);
      separator = ',';
    },
    digest: () => hash.update(']').digest('base64url'),
  };
};
