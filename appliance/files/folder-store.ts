import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '#src/kernel/fault.ts';
import { BlobDamaged, isBlob, type BlobStore } from './blob-store.ts';

const markerFile = 'hansard-files.json';

/** Makes what was renamed into a folder, or made in it, survive a power cut. */
const flush = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** One file each, in 4,096 folders by the first two characters of its address. */
export const folderStore = (folder: string): BlobStore => {
  const pathOf = (blob: string): string => {
    if (!isBlob(blob)) throw new Fault(`"${blob}" is no address of a stored file.`);
    return join(folder, blob.slice(0, 2), blob);
  };
  const statOf = (path: string) => stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  return {
    async put(blob, path) {
      const target = pathOf(blob);
      const within = dirname(target);
      if (await mkdir(within, { recursive: true, mode: 0o700 })) await flush(folder);
      if (!(await statOf(path)) && (await statOf(target))) return flush(within);
      await flush(path);
      await moveInto(path, target);
      await flush(within);
    },
    async sizeOf(blob) {
      const path = pathOf(blob);
      const found = await statOf(path);
      if (found) await utimes(path, new Date(), new Date());
      return found?.size;
    },
    async read(blob, from, to) {
      const handle = await open(pathOf(blob), 'r').catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'ENOENT' ? new BlobDamaged(`The bytes ${blob} are missing.`) : cause;
      });
      try {
        const memory = Buffer.allocUnsafeSlow(to - from);
        for (let at = 0; at < memory.length; ) {
          const { bytesRead } = await handle.read(memory, at, memory.length - at, from + at);
          if (bytesRead === 0) throw new BlobDamaged(`The bytes ${blob} end at ${from + at}.`);
          at += bytesRead;
        }
        return memory;
      } finally {
        await handle.close();
      }
    },
    async remove(blob) {
      await rm(pathOf(blob), { force: true });
    },
    async *list() {
      for (const prefix of await readdir(folder)) {
        if (prefix.length !== 2) continue;
        for (const blob of (await readdir(join(folder, prefix))).filter(isBlob)) {
          const found = await statOf(pathOf(blob));
          if (found) yield { blob, size: found.size, youngAt: found.mtimeMs };
        }
      }
    },
  };
};

/** Within one file system by its name alone; else by a copy that gets its name when it is whole. */
const moveInto = async (path: string, target: string): Promise<void> => {
  try {
    await rename(path, target);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EXDEV') throw cause;
    const copy = `${target}.copy`;
    await copyFile(path, copy);
    await flush(copy);
    await rename(copy, target);
    await rm(path);
  }
};

/**
 * Checks that the folder belongs to this log, or makes an empty one its own. `isNamed`: files of this log are somewhere already, so an
 * unmarked folder cannot be theirs. Throws `Fault` with what to do.
 */
export const claimFolder = (folder: string, logId: string, isNamed: boolean): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const marker = join(folder, markerFile);
  if (!existsSync(marker)) {
    if (readdirSync(folder).some((name) => name !== 'lost+found' && !name.startsWith('.'))) throw new Fault(`Nothing was started. ${folder} is not empty and is no folder of files of Hansard. Set HANSARD_FILES to an empty folder, or to the one of this log.`);
    if (isNamed) throw new Fault(`Nothing was started. Files were shared in this log already, and they are not in ${folder}. Mount the folder that the other appliances use, or set HANSARD_FILES to it.`);
    mark(folder, marker, logId);
  }
  const { log } = JSON.parse(readFileSync(marker, 'utf8')) as { readonly log?: string };
  if (log !== logId) throw new Fault(`Nothing was started. ${folder} holds the files of another log. Set HANSARD_FILES to the folder of this one.`);
};

const mark = (folder: string, marker: string, logId: string): void => {
  try {
    const fd = openSync(marker, 'wx', 0o600);
    writeSync(fd, `${JSON.stringify({ log: logId })}\n`);
    fsyncSync(fd);
    closeSync(fd);
  } catch (cause) {
    // Another appliance was first; whose folder it is, is read next.
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
};
