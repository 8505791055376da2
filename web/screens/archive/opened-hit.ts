import type { openHit } from '#src/contract/archive.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';

export type OpenedHit = OutputOf<typeof openHit>;
export type Version = OpenedHit['versions'][number];
export type Viewer = OpenedHit['viewers'][number];

/** When the message was retracted, or undefined. */
export const retractedAtOf = (opened: OpenedHit): number | undefined => opened.versions.find((version) => version.what === 'retracted')?.at;

/** Who had it on screen while its text could be read, and how many came only after it was retracted. */
export const viewersOf = (opened: OpenedHit): { readonly read: readonly Viewer[]; readonly late: number } => {
  const retractedAt = retractedAtOf(opened);
  const read = opened.viewers.filter((viewer) => retractedAt === undefined || viewer.at < retractedAt).sort((a, b) => a.at - b.at);
  return { read, late: opened.viewers.length - read.length };
};

/** The last text before version `n`: what an edit is compared with. */
export const textBefore = (versions: readonly Version[], n: number): string | null => {
  for (let index = n - 1; index >= 0; index -= 1) {
    const text = versions[index]?.text;
    if (text !== null && text !== undefined) return text;
  }
  return null;
};
