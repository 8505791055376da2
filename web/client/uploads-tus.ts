import { DetailedError, Upload } from 'tus-js-client';
import { offline, type Answer, type Refusal } from './answer.ts';

export type Transfer = {
  readonly url: string;
  readonly bytes: Blob;
  /** Sizes of one request and of what is told, in bytes. */
  readonly partBytes: number;
  readonly told: (bytes: number) => void;
  readonly signal: AbortSignal;
  /** Nothing of it has been sent yet, so nobody need ask how far it has come. */
  readonly isFresh?: boolean;
};

/** A fresh file of this size goes up in one request; progress of so little is not seen anyway. */
export const smallBytesMax = 512 * 1024;

const stopped: Refusal = { ok: false, code: 'unavailable', sentence: 'The upload stopped. What has arrived is kept, and it goes on by itself.' };
/** HEAD brings a status and no words. */
const byStatus: Readonly<Record<number, Refusal>> = {
  401: { ok: false, code: 'signed-out', sentence: 'You are signed out. Sign in again, and the upload goes on.' },
  404: { ok: false, code: 'not-found', sentence: 'The upload was let go, because it was not finished within a day. The file is where it was; try again.' },
  410: { ok: false, code: 'not-found', sentence: 'The upload was let go, because it was not finished within a day. The file is where it was; try again.' },
  413: { ok: false, code: 'too-large', sentence: 'The file is larger than what was announced. Nothing was shared; add it again.' },
  507: { ok: false, code: 'disk-full', sentence: 'The appliance has no room for files at the moment. Nothing was shared; try again later.' },
};

const saidIn = (body: string): Refusal | undefined => {
  try {
    const { code, sentence } = JSON.parse(body) as { code?: unknown; sentence?: unknown };
    return typeof code === 'string' && typeof sentence === 'string' ? { ok: false, code, sentence } : undefined;
  } catch {
    return undefined;
  }
};
const refusalOf = (cause: unknown): Refusal => {
  const response = cause instanceof DetailedError ? cause.originalResponse : null;
  if (!response || response.getStatus() === 0) return offline;
  return saidIn(response.getBody() ?? '') ?? byStatus[response.getStatus()] ?? stopped;
};

const sendSmall = async ({ url, bytes, signal }: Transfer): Promise<Answer<undefined>> => {
  if (bytes.size === 0) return { ok: true, output: undefined };
  const headers = { 'X-Hansard': '1', 'Tus-Resumable': '1.0.0', 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0' };
  const response = await fetch(url, { method: 'PATCH', headers, credentials: 'same-origin', body: bytes, signal }).catch(() => undefined);
  if (!response) return offline;
  if (response.ok) return { ok: true, output: undefined };
  return saidIn(await response.text().catch(() => '')) ?? byStatus[response.status] ?? stopped;
};

/**
 * Asks how far an upload has come and sends the rest (tus 1.0: HEAD, then PATCH part by part). Resolves when all of it is stored, with a refusal, or with
 * `offline` when the connection broke or `signal` ended it; what has arrived stays, and the next call goes on from there.
 */
export const sendBytes = (transfer: Transfer): Promise<Answer<undefined>> => (transfer.isFresh && transfer.bytes.size <= smallBytesMax ? sendSmall(transfer) : sendParts(transfer));

const sendParts = ({ url, bytes, partBytes, told, signal }: Transfer): Promise<Answer<undefined>> =>
  new Promise((resolve) => {
    const upload = new Upload(bytes, {
      uploadUrl: url, chunkSize: partBytes, retryDelays: null, storeFingerprintForResuming: false, headers: { 'X-Hansard': '1' },
      onProgress: told,
      onSuccess: () => resolve({ ok: true, output: undefined }),
      onError: (cause) => resolve(refusalOf(cause)),
    });
    const stop = (): void => void upload.abort().finally(() => resolve(offline));
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    upload.start();
  });
