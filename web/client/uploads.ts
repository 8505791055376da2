import type { Refusal } from './answer.ts';
import { indexedShelf } from './shelf.ts';
import { Store } from './store.ts';
import type { UploadQueue } from './uploads-queue.ts';
import { workspace } from './workspace.ts';

/**
 * A file on its way; `key` is its fileId. `going`: bytes flow, or will when they can. `whole`: all of them are stored, the file waits to be sent.
 * `recorded`: shared, its line has not come yet. `refused`: stays until its owner decides. `missing`: the page was left, and the browser did not keep the bytes.
 */
export type Upload = {
  readonly account: string;
  readonly key: string;
  readonly conversationId: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What the browser takes it for; only for the drawing beside the name. */
  readonly type: string;
  /** Grows with every file added on this device. */
  readonly order: number;
  /** With Send: when, and the message it was written with, if any. */
  readonly sent: { readonly messageId: string | null; readonly at: number } | null;
  readonly state: 'going' | 'whole' | 'recorded' | 'refused' | 'missing';
  readonly refusal: Refusal | null;
  readonly reserved: boolean;
  /** commandIds, one for each intent. */
  readonly reserveId: string;
  readonly shareId: string;
};
export type KeptBytes = { readonly account: string; readonly key: string; readonly bytes: Blob };

/** Files that are on their way from this tab, in every conversation. */
export const uploading = new Store<readonly Upload[]>([]);

const progress = new Map<string, Store<number>>();
/** How many bytes of a file the appliance has, as far as this tab knows. */
export const progressOf = (key: string): Store<number> => {
  let store = progress.get(key);
  if (!store) progress.set(key, (store = new Store(0)));
  return store;
};

/** Added and not sent yet: these stand in the composer. */
export const unsentIn = (conversationId: string): readonly Upload[] => uploading.value.filter((one) => one.conversationId === conversationId && !one.sent);
/** Sent and not in the log yet: these stand in the timeline. */
export const sentIn = (conversationId: string): readonly Upload[] => uploading.value.filter((one) => one.conversationId === conversationId && one.sent);
/** Send takes these along; what was refused, or lost its bytes, stays behind. */
export const isSendable = (upload: Upload): boolean => !upload.sent && (upload.state === 'going' || upload.state === 'whole');

/** What signing out would give up. */
export const underWay = (): readonly Upload[] => uploading.value.filter(({ state }) => state !== 'recorded');

let making: Promise<UploadQueue> | undefined;
/** What does the work; its script comes with the first file. @throws where the script does not come. */
export const uploadQueue = (): Promise<UploadQueue> =>
  (making ??= import('./uploads-wired.ts').then(({ wiredQueue }) => wiredQueue(), (cause: unknown) => {
    making = undefined;
    throw cause;
  }));
/** Does something with files that are on their way: the script is here then. */
export const withUploads = (act: (queue: UploadQueue) => unknown): void => {
  if (uploading.value.length > 0) void uploadQueue().then(act);
};

/** What a reload left behind goes on. */
const takeUp = async (account: string): Promise<void> => {
  const left = await indexedShelf<Upload>('uploads').all(account);
  if (left.length > 0) await (await uploadQueue()).open(account);
};
workspace.session.watch((session) => {
  if (session.state === 'signed-in') void takeUp(session.me.account);
  else void making?.then((queue) => queue.close());
});
workspace.onSignedOut(async (account) => {
  (await making)?.close();
  await Promise.all([indexedShelf<Upload>('uploads').clear(account), indexedShelf<KeptBytes>('upload-bytes').clear(account)]);
});
workspace.beforeSignOut(async () => {
  const left = underWay().length;
  return left === 0 ? undefined : { ok: false, code: 'unsent', sentence: `Signing out would give up ${filesOf(left)}.` };
});

/** "1 file", "3 files". */
export const filesOf = (n: number): string => `${n} ${n === 1 ? 'file' : 'files'}`;
