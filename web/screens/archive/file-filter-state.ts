import type { FileFilter } from '#src/contract/files.ts';

export const noFileFilter: FileFilter = { senders: [], conversations: [], types: [] };
const megabyte = 1_000_000;
const hashForm = /^[0-9a-f]{64}$/;

export type Optional = 'sizeFrom' | 'sizeTo' | 'hash' | 'from' | 'until' | 'unread';
/** The filter with one of its ends put or taken away: what is undefined is absent. */
export const withEnd = <K extends Optional>(filter: FileFilter, name: K, value: FileFilter[K] | undefined): FileFilter => {
  const next = { ...filter };
  delete next[name];
  return value === undefined ? next : { ...next, [name]: value };
};

/** How many of the filters narrow the answer; both ends of a span are one. */
export const filtersIn = ({ senders, conversations, types, sizeFrom, sizeTo, hash, from, until, unread }: FileFilter): number =>
  senders.length + conversations.length + types.length + [sizeFrom ?? sizeTo, hash, from ?? until, unread].filter((one) => one !== undefined).length;

/** Bytes of a field in megabytes, with a point or a comma; undefined when it is empty or no number. */
export const bytesIn = (field: string): number | undefined => {
  const megabytes = Number(field.trim().replace(',', '.'));
  return field.trim() === '' || !Number.isFinite(megabytes) || megabytes < 0 ? undefined : Math.round(megabytes * megabyte);
};
export const megabytesOf = (bytes: number | undefined): string => (bytes === undefined ? '' : String(bytes / megabyte));

/** A SHA-256 as it was pasted, spaces and capitals and all; undefined when the field is empty, null when it is no SHA-256. */
export const hashIn = (field: string): string | undefined | null => {
  const hash = field.replaceAll(/\s/g, '').toLowerCase();
  if (hash === '') return undefined;
  return hashForm.test(hash) ? hash : null;
};
