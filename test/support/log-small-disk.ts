import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type SmallDisk = { readonly folder: string; readonly file: string; readonly growTo: (mebibytes: number) => void; readonly remove: () => Promise<void> };

const run = (program: string, ...words: string[]): string | undefined => {
  const { status, stderr, error } = spawnSync(program, words, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr).trim();
};

/** A real file system of so many MiB (tmpfs), which only root can mount; throws with the system's words otherwise. */
export const aSmallDisk = async (mebibytes: number): Promise<SmallDisk> => {
  const folder = await mkdtemp(join(tmpdir(), 'hansard-disk-'));
  const failure = run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=700`, 'tmpfs', folder);
  if (failure !== undefined) {
    await rm(folder, { recursive: true });
    throw new Error(`A small disk can be mounted only by root: ${failure}`);
  }
  return {
    folder,
    file: join(folder, 'log.db'),
    growTo: (size) => {
      const refused = run('mount', '-o', `remount,size=${size}m`, folder);
      if (refused !== undefined) throw new Error(refused);
    },
    remove: async () => {
      // Lazily, so that a test that failed with an open log leaves no mount behind.
      run('umount', '-l', folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
