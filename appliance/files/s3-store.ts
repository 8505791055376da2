import { addAbortSignal, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { open, rm, stat } from 'node:fs/promises';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { limits } from '#src/contract/limits.ts';
import { Fault } from '#src/kernel/fault.ts';
import { BlobDamaged, blobPath, isBlob, markName, type BlobStore } from './blob-store.ts';
import { S3Failure, type S3Connection } from './s3-connection.ts';
import { endOldUploads, s3Upload } from './s3-upload.ts';

const partBytesUsual = 8 * 1024 * 1024;
/**
 * An upload lives so long, and for so long its bytes may still be named in the record; a day after that, those that nothing names may go.
 * So there is always a day between the last naming and the first removal, and no object needs to be touched in between.
 */
const nameableMs = limits.uploadHours * 3_600_000;

type Stored = { readonly size: number; readonly cameAt: number };
const isNameable = ({ cameAt }: Stored): boolean => Date.now() - cameAt < nameableMs;
const keyOf = ({ prefix }: S3Connection, blob: string): string => `${prefix}${blobPath(blob)}`;
const failedWith = (cause: unknown, ...codes: readonly string[]): boolean => cause instanceof S3Failure && codes.includes(cause.code);

/**
 * One object each, under the same names as in a folder. `put` resolves when the server has said that the whole object is stored, and says
 * so again when it is asked for its size. `sizeOf` knows nothing of what is older than a day: too old to be named.
 */
export const s3Store = (connection: S3Connection, partBytes = partBytesUsual): BlobStore => {
  const { client, bucket, where, asked } = connection;
  const upload = s3Upload(connection, partBytes);

  const send = async (blob: string, path: string, size: number): Promise<void> => {
    const file = await open(path, 'r');
    try {
      await upload(keyOf(connection, blob), file, size);
    } catch (cause) {
      // The answer may have been lost and the object be there: it appears as a whole, or not at all.
      const there = await find(connection, blob).catch(() => undefined);
      if (there?.size !== size || !isNameable(there)) throw cause;
    } finally {
      await file.close();
    }
    const stored = await find(connection, blob);
    if (stored?.size !== size) throw new Fault(`${where} said that ${size} bytes are stored, and shows ${stored?.size ?? 'none'}. They are kept here and sent again.`);
  };

  return {
    ...markIn(connection),
    list: () => everythingIn(connection),
    read: (blob, from, to) => readRange(connection, blob, from, to),
    sweep: (before) => endOldUploads(connection, before),
    async put(blob, path) {
      const there = await find(connection, blob);
      const staged = await stat(path).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT' && there) return undefined;
        throw cause;
      });
      if (!staged) return;
      if (!there || there.size !== staged.size || !isNameable(there)) await send(blob, path, staged.size);
      await rm(path);
    },
    async sizeOf(blob) {
      const found = await find(connection, blob);
      return found && isNameable(found) ? found.size : undefined;
    },
    async remove(blob) {
      await asked((within) => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(connection, blob) }), within));
    },
  };
};

/** By listing, which tells a missing bucket from a missing object, as HEAD does not. */
const find = async (connection: S3Connection, blob: string): Promise<Stored | undefined> => {
  const { client, bucket, asked } = connection;
  const Key = keyOf(connection, blob);
  const { Contents = [] } = await asked((within) => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: Key, MaxKeys: 1 }), within));
  const found = Contents.find((one) => one.Key === Key);
  return found && { size: found.Size!, cameAt: found.LastModified!.getTime() };
};

async function* everythingIn(connection: S3Connection): ReturnType<BlobStore['list']> {
  const { client, bucket, prefix, asked } = connection;
  for (let ContinuationToken: string | undefined, isMore = true; isMore; isMore = ContinuationToken !== undefined) {
    const page = await asked((within) => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(ContinuationToken !== undefined && { ContinuationToken }) }), within));
    for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
      const blob = Key.slice(Key.lastIndexOf('/') + 1);
      if (isBlob(blob) && Key === keyOf(connection, blob)) yield { blob, size: Size, youngAt: LastModified!.getTime() + nameableMs };
    }
    ContinuationToken = page.NextContinuationToken;
  }
}

const readRange = async (connection: S3Connection, blob: string, from: number, to: number): Promise<Buffer> => {
  const { client, bucket, asked } = connection;
  if (to === from) return Buffer.alloc(0);
  const input = { Bucket: bucket, Key: keyOf(connection, blob), Range: `bytes=${from}-${to - 1}` };
  try {
    return await asked(async (within) => {
      const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand(input), within);
      const body = Body as Readable;
      if (ContentLength === to - from) return buffer(addAbortSignal(within.abortSignal, body));
      body.destroy();
      if (ContentLength > to - from) throw new Fault('it sends whole objects where a range is asked for');
      throw new BlobDamaged(`The bytes ${blob} end at ${from + ContentLength}.`);
    });
  } catch (cause) {
    if (failedWith(cause, 'BlobDamaged')) throw (cause as Error).cause;
    if (failedWith(cause, 'NoSuchKey', 'NotFound')) throw new BlobDamaged(`The bytes ${blob} are missing.`);
    if (failedWith(cause, 'InvalidRange')) throw new BlobDamaged(`The bytes ${blob} end before ${from}.`);
    throw cause;
  }
};

const markIn = ({ client, bucket, prefix, where, asked }: S3Connection): Pick<BlobStore, 'readMark' | 'writeMark'> => {
  const mark = { Bucket: bucket, Key: `${prefix}${markName}` };
  return {
    async readMark() {
      try {
        return await asked(async (within) => (await client.send(new GetObjectCommand(mark), within)).Body!.transformToString());
      } catch (cause) {
        if (failedWith(cause, 'NoSuchKey')) return undefined;
        throw cause;
      }
    },
    async writeMark(text) {
      const { Contents = [] } = await asked((within) => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 2 }), within));
      if (Contents.some(({ Key }) => Key !== mark.Key)) throw new Fault(`Nothing was started. ${where} is not empty and holds no files of Hansard. Set HANSARD_FILES to an empty prefix, or to the one of this log.`);
      await asked((within) => client.send(new PutObjectCommand({ ...mark, Body: text, IfNoneMatch: '*' }), within)).catch((cause: unknown) => {
        // Another appliance was first; what it wrote is read next.
        if (!(cause instanceof S3Failure && (cause.status === 412 || cause.status === 409))) throw cause;
      });
    },
  };
};
