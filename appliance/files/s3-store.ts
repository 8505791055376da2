import { addAbortSignal, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { open, rm, stat, type FileHandle } from 'node:fs/promises';
import { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, DeleteObjectCommand, GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command, PutObjectCommand, UploadPartCommand, type CompletedPart } from '@aws-sdk/client-s3';
import { limits } from '#src/contract/limits.ts';
import { Fault } from '#src/kernel/fault.ts';
import { BlobDamaged, blobPath, isBlob, markName, type BlobStore } from './blob-store.ts';
import { PartSlots } from './part-slots.ts';
import { S3Failure, type S3Connection } from './s3-connection.ts';

/** S3 takes parts of 5 MiB to 5 GiB, 10,000 of them at most. */
const partBytesLeast = 8 * 1024 * 1024;
const partsMax = 10_000;
/** Parts of all files that are in memory at once. */
const partsAtOnce = 6;
const partWithinMs = 300_000;
/**
 * An upload lives so long, and for so long its bytes may still be named in the record; a day after that, those that nothing names may go.
 * So there is always a day between the last naming and the first removal, and no object needs to be touched in between.
 */
const nameableMs = limits.uploadHours * 3_600_000;

const failedWith = (cause: unknown, ...codes: readonly string[]): boolean => cause instanceof S3Failure && codes.includes(cause.code);

/**
 * One object each, under the same names as in a folder. `put` resolves when the server has said that the whole object is stored, and says
 * so again when it is asked for its size. `sizeOf` knows nothing of what is older than a day: too old to be named.
 */
export const s3Store = ({ client, bucket, prefix, where, asked }: S3Connection, partBytes = partBytesLeast): BlobStore => {
  const slots = new PartSlots(partsAtOnce);
  const keyOf = (blob: string): string => `${prefix}${blobPath(blob)}`;
  const mark = { Bucket: bucket, Key: `${prefix}${markName}` };

  /** By listing, which tells a missing bucket from a missing object, as HEAD does not. */
  const find = async (blob: string): Promise<{ readonly size: number; readonly cameAt: number } | undefined> => {
    const Key = keyOf(blob);
    const { Contents = [] } = await asked((within) => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: Key, MaxKeys: 1 }), within));
    const found = Contents.find((one) => one.Key === Key);
    return found && { size: found.Size!, cameAt: found.LastModified!.getTime() };
  };
  const isNameable = ({ cameAt }: { readonly cameAt: number }): boolean => Date.now() - cameAt < nameableMs;

  const sendWhole = (Key: string, file: FileHandle, size: number): Promise<unknown> =>
    slots.take(async () => {
      const Body = await readPiece(file, 0, size);
      await asked((within) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentLength: size }), within), partWithinMs);
    });

  const sendParts = async (Key: string, file: FileHandle, size: number): Promise<void> => {
    const { UploadId } = await asked((within) => client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }), within));
    const upload = { Bucket: bucket, Key, UploadId };
    const step = Math.max(partBytes, Math.ceil(size / partsMax));
    let hasFailed = false;
    const sendPart = async (index: number): Promise<CompletedPart> => {
      if (hasFailed) return {};
      const Body = await readPiece(file, index * step, Math.min(size, (index + 1) * step));
      const PartNumber = index + 1;
      const { ETag } = await asked((within) => client.send(new UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: Body.length }), within), partWithinMs);
      return { PartNumber, ...(ETag !== undefined && { ETag }) };
    };
    try {
      // All have ended before the upload is, or a late one would be kept, and paid for, without a name.
      const parts = await Promise.allSettled(Array.from({ length: Math.ceil(size / step) }, (_, index) => slots.take(() => sendPart(index)).catch((cause: unknown) => {
        hasFailed = true;
        throw cause;
      })));
      const Parts = parts.map((part) => {
        if (part.status === 'rejected') throw part.reason;
        return part.value;
      });
      await asked((within) => client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }), within), partWithinMs);
    } catch (cause) {
      // What this cannot end now is ended by a sweep.
      await asked((within) => client.send(new AbortMultipartUploadCommand(upload), within)).catch(() => undefined);
      throw cause;
    }
  };

  const send = async (blob: string, path: string, size: number): Promise<void> => {
    const file = await open(path, 'r');
    try {
      await (size <= partBytes ? sendWhole : sendParts)(keyOf(blob), file, size);
    } catch (cause) {
      // The answer may have been lost and the object be there: it appears as a whole, or not at all.
      const there = await find(blob).catch(() => undefined);
      if (there?.size !== size || !isNameable(there)) throw cause;
    } finally {
      await file.close();
    }
    const stored = await find(blob);
    if (stored?.size !== size) throw new Fault(`${where} said that ${size} bytes are stored, and shows ${stored?.size ?? 'none'}. They are kept here and sent again.`);
  };

  return {
    async put(blob, path) {
      const there = await find(blob);
      const staged = await stat(path).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT' && there) return undefined;
        throw cause;
      });
      if (!staged) return;
      if (!there || there.size !== staged.size || !isNameable(there)) await send(blob, path, staged.size);
      await rm(path);
    },
    async sizeOf(blob) {
      const found = await find(blob);
      return found && isNameable(found) ? found.size : undefined;
    },
    async read(blob, from, to) {
      if (to === from) return Buffer.alloc(0);
      const input = { Bucket: bucket, Key: keyOf(blob), Range: `bytes=${from}-${to - 1}` };
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
    },
    async remove(blob) {
      await asked((within) => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(blob) }), within));
    },
    async *list() {
      for (let ContinuationToken: string | undefined, isMore = true; isMore; ) {
        const page = await asked((within) => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(ContinuationToken !== undefined && { ContinuationToken }) }), within));
        for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
          const blob = Key.slice(Key.lastIndexOf('/') + 1);
          if (isBlob(blob) && Key === keyOf(blob)) yield { blob, size: Size, youngAt: LastModified!.getTime() + nameableMs };
        }
        ContinuationToken = page.NextContinuationToken;
        isMore = ContinuationToken !== undefined;
      }
    },
    async sweep(before) {
      for (let marker: object | undefined = {}; marker; ) {
        const asking: object = { Bucket: bucket, Prefix: prefix, ...marker };
        const { Uploads = [], IsTruncated, NextKeyMarker, NextUploadIdMarker } = await asked((within) => client.send(new ListMultipartUploadsCommand(asking as { Bucket: string }), within)).catch((cause: unknown) => {
          // Servers without it end what was left behind by themselves, or by a rule of the bucket.
          if (cause instanceof S3Failure && cause.status === 501) return { Uploads: [], IsTruncated: false, NextKeyMarker: undefined, NextUploadIdMarker: undefined };
          throw cause;
        });
        for (const { Key, UploadId, Initiated } of Uploads) if (Initiated && Initiated.getTime() < before) await asked((within) => client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }), within));
        marker = IsTruncated ? { KeyMarker: NextKeyMarker, UploadIdMarker: NextUploadIdMarker } : undefined;
      }
    },
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

const readPiece = async (file: FileHandle, from: number, to: number): Promise<Buffer> => {
  const memory = Buffer.allocUnsafeSlow(to - from);
  for (let at = 0; at < memory.length; ) {
    const { bytesRead } = await file.read(memory, at, memory.length - at, from + at);
    if (bytesRead === 0) throw new Fault(`What was staged ends at ${from + at}, before ${to}.`);
    at += bytesRead;
  }
  return memory;
};
