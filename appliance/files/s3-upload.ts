import type { FileHandle } from 'node:fs/promises';
import { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, ListMultipartUploadsCommand, PutObjectCommand, UploadPartCommand, type CompletedPart, type ListMultipartUploadsCommandInput, type ListMultipartUploadsCommandOutput } from '@aws-sdk/client-s3';
import { Fault } from '#src/kernel/fault.ts';
import { PartSlots } from './part-slots.ts';
import { S3Failure, type S3Connection } from './s3-connection.ts';

/** S3 takes parts of 5 MiB to 5 GiB, 10,000 of them at most. */
const partsMax = 10_000;
/** Parts of all files that are in memory at once. */
const partsAtOnce = 6;
const partWithinMs = 300_000;

/** Sends a file under a key; resolves when the server has said that all of it is stored, rejects with `Fault`. */
export type Upload = (Key: string, file: FileHandle, size: number) => Promise<void>;

/** What fits one part goes in one request. */
export const s3Upload = (connection: S3Connection, partBytes: number): Upload => {
  const slots = new PartSlots(partsAtOnce);
  return (Key, file, size) => (size <= partBytes ? sendWhole(connection, slots, Key, file, size) : sendParts(connection, slots, { Key, file, size, step: Math.max(partBytes, Math.ceil(size / partsMax)) }));
};

const sendWhole = ({ client, bucket, asked }: S3Connection, slots: PartSlots, Key: string, file: FileHandle, size: number): Promise<void> =>
  slots.take(async () => {
    const Body = await readPiece(file, 0, size);
    await asked((within) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentLength: size }), within), partWithinMs);
  });

type InParts = { readonly Key: string; readonly file: FileHandle; readonly size: number; readonly step: number };

const sendParts = async ({ client, bucket, asked }: S3Connection, slots: PartSlots, { Key, file, size, step }: InParts): Promise<void> => {
  const { UploadId } = await asked((within) => client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }), within));
  const upload = { Bucket: bucket, Key, UploadId };
  let hasFailed = false;
  const sendPart = async (index: number): Promise<CompletedPart> => {
    if (hasFailed) return {};
    const Body = await readPiece(file, index * step, Math.min(size, (index + 1) * step));
    const PartNumber = index + 1;
    const { ETag } = await asked((within) => client.send(new UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: Body.length }), within), partWithinMs);
    return { PartNumber, ...(ETag !== undefined && { ETag }) };
  };
  const noting = (cause: unknown): never => {
    hasFailed = true;
    throw cause;
  };
  try {
    // All have ended before the upload is, or a late one would be kept, and paid for, without a name.
    const parts = await Promise.allSettled(Array.from({ length: Math.ceil(size / step) }, (_, index) => slots.take(() => sendPart(index)).catch(noting)));
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

/** Ends what was begun before then, ms UTC, and never finished. A server that cannot list it ends it by a rule of its own. */
export const endOldUploads = async ({ client, bucket, prefix, asked }: S3Connection, before: number): Promise<void> => {
  for (let from: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {}; from; ) {
    const asking: ListMultipartUploadsCommandInput = { Bucket: bucket, Prefix: prefix, ...from };
    const page: ListMultipartUploadsCommandOutput | undefined = await asked((within) => client.send(new ListMultipartUploadsCommand(asking), within)).catch((cause: unknown) => {
      if (cause instanceof S3Failure && cause.status === 501) return undefined;
      throw cause;
    });
    for (const { Key, UploadId, Initiated } of page?.Uploads ?? []) if (Initiated && Initiated.getTime() < before) await asked((within) => client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }), within));
    from = page?.IsTruncated ? { KeyMarker: page.NextKeyMarker!, UploadIdMarker: page.NextUploadIdMarker! } : undefined;
  }
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
