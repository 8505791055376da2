import { createHash } from 'node:crypto';

import type { LeafRule } from '#src/log/eventstoredb/leaf-rule.ts';

// A database that many logs share in turn keeps them apart by what stands before the name of each stream.
const prefix = new URL(import.meta.url).searchParams.get('prefix') ?? '';

/**
 * The leaf rule for events of `log-makers.ts`, which no writer of ours made: every stream is ours but the database's own, and
 * a leaf hash is a hash of the id.
 */
export const isOurs: LeafRule['isOurs'] = (stream) => !stream.startsWith('$') && stream.startsWith(prefix);

export const leafOf: LeafRule['leafOf'] = ({ id }) => createHash('sha256').update(id).digest('base64url');

export const foundedBy: LeafRule['foundedBy'] = () => undefined;

export const anyLeafHref = import.meta.url;
