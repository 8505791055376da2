import { cancelUpload, reserveUpload, shareFile, uploadUrl } from '#src/contract/files.ts';
import { limits } from '#src/contract/limits.ts';
import { call } from './call.ts';
import { CallPace } from './call-pace.ts';
import { outbox } from './outbox.ts';
import { isPost } from './outgoing.ts';
import { indexedShelf } from './shelf.ts';
import { sendBytes } from './uploads-tus.ts';
import { UploadQueue, type UploadPorts } from './uploads-queue.ts';
import { progressOf, uploading, type KeptBytes, type Upload } from './uploads.ts';
import { workspace } from './workspace.ts';

const againMs = 2_000;
/** A virus scanner that is away is not back in a moment. */
const checkedAgainMs = 10_000;

/** Of what the appliance allows one socket and one session, what a hundred files may take; the rest is for everything else that this tab does. */
const socketPace = new CallPace({ burst: limits.socketBurst * 0.75, perSecond: limits.socketFramesPerSecond * 0.8 });
const httpPace = new CallPace({ burst: limits.httpBurst * 0.75, perSecond: limits.httpCallsPerSecond * 0.8 });

const settled: UploadPorts['settled'] = (messageId) =>
  new Promise((resolve) => {
    let end = (): void => {};
    const look = (): void => {
      if (outbox.waiting.value.some((one) => isPost(one) && one.key === messageId && one.state !== 'recorded')) return;
      end();
      resolve();
    };
    end = outbox.waiting.watch(look);
    look();
  });

/** A moment, and then for as long as nobody can be reached. */
const again: UploadPorts['again'] = async ({ code }) => {
  await new Promise((resolve) => setTimeout(resolve, (code === 'file-not-checked' ? checkedAgainMs : againMs) * (0.5 + Math.random())));
  if (workspace.connection.value === 'connected') return;
  await new Promise<void>((resolve) => {
    const end = workspace.connection.watch((state) => {
      if (state !== 'connected') return;
      end();
      resolve();
    });
  });
};

/** Locks are missing where the appliance is reached by plain HTTP; the appliance then lets one tab at a time through. */
const alone: UploadPorts['alone'] = async (key, work) => void (navigator.locks ? await navigator.locks.request(`hansard-upload-${key}`, work) : await work());

const inTurn = async <T>(pace: CallPace, ask: () => Promise<T>): Promise<T> => {
  await pace.turn();
  return ask();
};

/** The queue of this tab, with the appliance and the browser behind it. */
export const wiredQueue = (): UploadQueue =>
  new UploadQueue({
    uploads: uploading, progressOf, settled, again, alone,
    shelf: indexedShelf<Upload>('uploads'),
    bytes: indexedShelf<KeptBytes>('upload-bytes'),
    reserve: ({ key, conversationId, name, size, reserveId }) => inTurn(socketPace, () => call(reserveUpload, { fileId: key, conversationId, name, size }, { commandId: reserveId, kept: true })),
    send: ({ key }, how) => inTurn(httpPace, () => sendBytes({ url: uploadUrl(key), partBytes: limits.uploadPartBytes, ...how })),
    share: ({ key, conversationId, name, sent, shareId }) => inTurn(socketPace, () => call(shareFile, { fileId: key, conversationId, name, ...(sent?.messageId ? { messageId: sent.messageId } : {}) }, { commandId: shareId, kept: true })),
    cancel: ({ key }) => inTurn(socketPace, () => call(cancelUpload, { fileId: key }, { kept: true })),
  });
