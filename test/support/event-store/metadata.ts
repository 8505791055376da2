/** What `$$stream` says about a stream, as far as reads and appends obey it. */
export type StreamMetadata = {
  readonly maxCount?: number;
  readonly maxAgeSeconds?: number;
  /** Revisions below are hidden. */
  readonly truncateBefore?: number;
  /** `$tb` is the largest integer: the stream reads as if it did not exist. */
  readonly softDeleted: boolean;
  readonly acl: AccessList;
};

/** Who may; a name, a group, or several of them. Absent: the default for this kind of stream. */
export type AccessList = { readonly $r?: Names; readonly $w?: Names; readonly $d?: Names; readonly $mr?: Names; readonly $mw?: Names };
export type Names = string | readonly string[];

export const isMetastream = (stream: string): boolean => stream.startsWith('$$');
export const metastreamOf = (stream: string): string => `$$${stream}`;

const noMetadata: StreamMetadata = { softDeleted: false, acl: {} };
/** A metastream keeps its last event alone. */
export const metadataOfMetastreams: StreamMetadata = { ...noMetadata, maxCount: 1 };

export const parseObject = (data: Uint8Array | undefined): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(data ?? []).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // A server takes what is no metadata for no metadata.
    return {};
  }
};

export const parseMetadata = (data: Uint8Array | undefined): StreamMetadata => {
  const { $maxCount, $maxAge, $tb, $acl } = parseObject(data);
  return {
    ...(typeof $maxCount === 'number' ? { maxCount: $maxCount } : {}),
    ...(typeof $maxAge === 'number' ? { maxAgeSeconds: $maxAge } : {}),
    ...(typeof $tb === 'number' ? { truncateBefore: $tb } : {}),
    // The largest integer loses its last digits in a double; no revision is beyond the safe ones.
    softDeleted: typeof $tb === 'number' && $tb > Number.MAX_SAFE_INTEGER,
    acl: typeof $acl === 'object' && $acl !== null ? ($acl as AccessList) : {},
  };
};
