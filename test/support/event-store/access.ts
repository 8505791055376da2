import type { AccessList, Names } from './metadata.ts';
import { isMetastream, parseObject } from './metadata.ts';
import type { Store } from './store.ts';

export type User = { readonly name: string; readonly password: string; readonly groups?: readonly string[] };
export type Deed = 'read' | 'write' | 'delete';

const rights = { read: ['$r', '$mr'], write: ['$w', '$mw'], delete: ['$d', '$mw'] } as const satisfies Record<Deed, readonly (keyof AccessList)[]>;
const everybody = '$all';
const administrators = '$admins';

/** Who somebody is by the `authorization` header: undefined for nobody, a refusal for a wrong name or password. */
export const userOf = (users: readonly User[], header: string | undefined): User | 'wrong' | undefined => {
  if (header === undefined) return undefined;
  const [name = '', ...rest] = Buffer.from(header.replace(/^Basic /i, ''), 'base64').toString().split(':');
  return users.find((user) => user.name === name && user.password === rest.join(':')) ?? 'wrong';
};

/** `$settings` may hold other defaults for all streams. */
const defaultOf = (store: Store, stream: string, right: keyof AccessList): Names => {
  const settings = parseObject(store.lastEventOf('$settings')?.data);
  const isSystem = stream.startsWith('$');
  const list = settings[isSystem ? '$systemStreamAcl' : '$userStreamAcl'] as AccessList | undefined;
  return list?.[right] ?? (isSystem ? administrators : everybody);
};

/**
 * May they? Nobody may do anything without a name (as since 23.10); the administrators' group may do everything; for others the
 * stream's own list decides, then the defaults. A metastream asks the list of its stream for `$mr` and `$mw`; `$all` is a system stream.
 */
export const mayDo = (store: Store, user: User | undefined, deed: Deed, stream: string): boolean => {
  if (user === undefined) return false;
  const groups = [everybody, user.name, ...(user.groups ?? [])];
  if (groups.includes(administrators)) return true;
  const isMeta = isMetastream(stream);
  const subject = isMeta ? stream.slice(2) : stream;
  const right = rights[deed][isMeta ? 1 : 0];
  const named = store.metadataOf(subject).acl[right] ?? defaultOf(store, subject, right);
  return (typeof named === 'string' ? [named] : named).some((name) => groups.includes(name));
};
