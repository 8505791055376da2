import { S3Client, type S3ServiceException } from '@aws-sdk/client-s3';
import { Fault } from '#src/kernel/fault.ts';
import { placeText, type S3Place } from './store-place.ts';

/** What goes on every request. */
type Limits = { readonly abortSignal: AbortSignal };

export type S3Connection = {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;
  readonly prefix: string;
  /** As people read it. */
  readonly where: string;
  /** Does the work within a time limit that holds for all tries together; what goes wrong becomes a `Fault` that says what to do. */
  readonly asked: <T>(work: (limits: Limits) => Promise<T>, withinMs?: number) => Promise<T>;
};

/** For a line that is dead; for one that is up and says nothing, as servers do while they put the parts of a large object together; and for an answer with all tries that it takes. */
const patience = { connectMs: 5_000, silentMs: 60_000, answerMs: 90_000 };
/** The first and four more, with full jitter between (the client's standard mode). */
const triesMax = 5;

/** Does not connect yet. Where an endpoint is named the bucket goes into the path, as servers of one's own expect it. */
export const s3Connection = (place: S3Place, { connectMs, silentMs, answerMs } = patience): S3Connection => {
  const { bucket, prefix, endpoint, region, accessKeyId, secretAccessKey } = place;
  const where = placeText(place);
  const client = new S3Client({
    region, credentials: { accessKeyId, secretAccessKey }, ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    maxAttempts: triesMax, retryMode: 'standard', requestHandler: { connectionTimeout: connectMs, socketTimeout: silentMs },
    // The signature covers the hash of every body; the checksums that newer clients add besides are unknown to many servers.
    requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    client, bucket, prefix, where,
    async asked(work, withinMs = answerMs) {
      const abortSignal = AbortSignal.timeout(withinMs);
      try {
        return await work({ abortSignal });
      } catch (cause) {
        throw cause instanceof S3Failure ? cause : new S3Failure(`${sentenceOf(cause as Error, where, abortSignal.aborted)} ${kept}`, cause as Error);
      }
    },
  };
};

const kept = 'No file that was shared is lost, and what is being uploaded waits where it arrived.';

/** A `Fault` of the store, which still knows what the server said. */
export class S3Failure extends Fault {
  /** S3's own word for it. */
  readonly code: string;
  readonly status: number | undefined;

  constructor(sentence: string, cause: Error) {
    super(sentence, { cause });
    this.code = cause.name;
    this.status = (cause as Partial<S3ServiceException>).$metadata?.httpStatusCode;
  }
}

const isTimeout = ({ name, message }: Error): boolean => ['TimeoutError', 'AbortError'].includes(name) || /timed? ?out/i.test(message);

const sentenceOf = (cause: Error, where: string, isLate: boolean): string => {
  const status = (cause as Partial<S3ServiceException>).$metadata?.httpStatusCode;
  if (cause.name === 'NoSuchBucket') return `The bucket of ${where} does not exist. Make it, or correct HANSARD_FILES.`;
  if (cause.name === 'RequestTimeTooSkewed') return `The clocks of this machine and of ${where} are more than 15 minutes apart, so nothing is accepted. Set both right (NTP).`;
  if (['InvalidAccessKeyId', 'SignatureDoesNotMatch'].includes(cause.name)) return `${where} does not know the credentials in HANSARD_FILES_CREDENTIALS (${cause.name}). Correct them.`;
  if (status === 403 || cause.name === 'AccessDenied') return `The credentials in HANSARD_FILES_CREDENTIALS may not do what is needed at ${where} (${cause.name}): list, read, write and delete in it, and end multipart uploads.`;
  if (isLate || isTimeout(cause)) return `${where} did not answer in time. It is asked again when it is needed.`;
  const { code } = cause as NodeJS.ErrnoException;
  if (status === undefined && code !== undefined) return `${where} cannot be reached (${code}). It is asked again when it is needed.`;
  return `${where} refused or failed: ${cause.name}: ${cause.message}${status === undefined ? '' : ` (${status})`}.`;
};
