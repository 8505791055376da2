import { randomBytes, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { fileUrl, reserveUpload, shareFile, uploadUrl } from '#src/contract/files.ts';
import type { Appliance } from './appliance.ts';
import type { Person } from './people.ts';

/** Bytes that shrink to nothing smaller and are no known type. */
export const someBytes = (length: number): Buffer => randomBytes(length);

/** A picture of one pixel, so that there is a size to read. */
export const aPicture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** One part of an upload, as tus sends it. */
export const sendsPart = (person: Person, fileId: string, offset: number, bytes: Buffer | ReadableStream<Uint8Array>, init: RequestInit = {}): Promise<Response> =>
  person.fetch(uploadUrl(fileId), {
    method: 'PATCH', body: bytes as BodyInit, ...(!Buffer.isBuffer(bytes) && { duplex: 'half' }), ...init,
    headers: { 'Content-Type': 'application/offset+octet-stream', 'Tus-Resumable': '1.0.0', 'Upload-Offset': String(offset) },
  } as RequestInit & { readonly headers: Readonly<Record<string, string>> });

/** The beginning of a part whose line breaks once it has left this machine: the length announced never comes. */
export const sendsAndIsCutOff = (appliance: Appliance, person: Person, fileId: string, offset: number, bytes: Buffer, announced: number): Promise<void> =>
  new Promise((resolve) => {
    const request = httpRequest(`${appliance.url}${uploadUrl(fileId)}`, {
      method: 'PATCH', headers: { Cookie: person.cookie, 'Content-Type': 'application/offset+octet-stream', 'Content-Length': announced, 'Upload-Offset': String(offset) },
    });
    request.on('error', () => undefined).on('close', resolve);
    request.write(bytes, () => request.destroy());
  });

/** The beginning of a part on a line that stays open and says nothing more. Gives back how to let go of it. */
export const hangsAfter = (appliance: Appliance, person: Person, fileId: string, bytes: Buffer, announced: number): Promise<() => void> =>
  new Promise((resolve) => {
    const request = httpRequest(`${appliance.url}${uploadUrl(fileId)}`, {
      method: 'PATCH', headers: { Cookie: person.cookie, 'Content-Type': 'application/offset+octet-stream', 'Content-Length': announced, 'Upload-Offset': '0' },
    });
    request.on('error', () => undefined);
    request.write(bytes, () => resolve(() => request.destroy()));
  });

/** How far an upload has come; undefined where there is none. */
export const offsetOf = async (person: Person, fileId: string): Promise<number | undefined> => {
  const response = await person.fetch(uploadUrl(fileId), { method: 'HEAD' });
  return response.ok ? Number(response.headers.get('upload-offset')) : undefined;
};

/** Reserved and sent as a whole, not shared. */
export const uploads = async (person: Person, bytes: Buffer, { in: conversationId, name = 'report.bin', fileId = randomUUID() }: { readonly in: string; readonly name?: string; readonly fileId?: string }): Promise<string> => {
  await person.call(reserveUpload, { conversationId, fileId, name, size: bytes.length });
  const response = await sendsPart(person, fileId, 0, bytes);
  if (response.status !== 204 || Number(response.headers.get('upload-offset')) !== bytes.length) throw new Error(`${person.name} could not upload: ${response.status} ${await response.text()}`);
  return fileId;
};

export const shares = async (person: Person, bytes: Buffer, { in: conversationId, name = 'report.bin', fileId = randomUUID() }: { readonly in: string; readonly name?: string; readonly fileId?: string }): Promise<string> => {
  await uploads(person, bytes, { in: conversationId, name, fileId });
  await person.call(shareFile, { conversationId, fileId, name });
  return fileId;
};

/** The answer to reading a file, as a browser would ask. */
export const reads = (person: Person, conversationId: string, fileId: string, headers: Readonly<Record<string, string>> = {}, inline = false): Promise<Response> => person.fetch(fileUrl(conversationId, fileId, inline), { headers });

export const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());
