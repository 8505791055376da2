import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

/** `position`: everything up to here is in the index, deletions verified. `indexed`: the checkpoint that stood in the index then, which is written less often. */
export type Progress = { readonly position: number; readonly indexed: number };

/** Lost or torn, the checkpoint in the index itself counts. */
export const readProgress = (file: string): Progress | undefined => {
  try {
    const { position, indexed } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Progress>;
    return Number.isSafeInteger(position) && Number.isSafeInteger(indexed) ? { position: position!, indexed: indexed! } : undefined;
  } catch {
    return undefined;
  }
};

/** Whole or not at all. */
export const writeProgress = async (file: string, progress: Progress): Promise<void> => {
  await writeFile(`${file}.new`, JSON.stringify(progress), { mode: 0o600 });
  await rename(`${file}.new`, file);
};
