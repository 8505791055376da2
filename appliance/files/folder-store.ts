import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '#src/kernel/fault.ts';
import { writeOnce } from '../keys/key-files.ts';
import { BlobDamaged, blobPath, isBlob, markName, type BlobStore } from './blob-store.ts';

/** Of a copy across file systems that is not whole yet. */
const copyEnding = '.copy';

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
  const pathOf = (blob: string): string => join(folder, blobPath(blob));
  const mark = join(folder, markName);
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
    async sweep(before) {
      for (const prefix of await readdir(folder)) if (prefix.length === 2) await sweptFolder(join(folder, prefix), before);
    },
    readMark: () => readFile(mark, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined;
      throw cause;
    }),
    async writeMark(text) {
      const others = (await readdir(folder)).filter((name) => name !== markName && name !== 'lost+found' && !name.startsWith('.'));
      if (others.length > 0) throw new Fault(`Nothing was started. ${folder} is not empty and is no folder of files of Hansard. Set HANSARD_FILES to an empty folder, or to the one of this log.`);
      writeOnce(mark, text);
    },
  };
};

/** Within one file system by its name alone; else by a copy that gets its name when it is whole. */
const moveInto = async (path: string, target: string): Promise<void> => {
  try {
    await rename(path, target);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EXDEV') throw cause;
    const copy = `${target}${copyEnding}`;
    await copyFile(path, copy);
    await flush(copy);
    await rename(copy, target);
    await rm(path);
  }
};

const sweptFolder = async (within: string, before: number): Promise<void> => {
  for (const name of await readdir(within)) {
    const path = join(within, name);
    if (name.endsWith(copyEnding) && (await stat(path)).mtimeMs < before) await rm(path, { force: true });
  }
};
