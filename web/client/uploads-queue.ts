import { fileName } from '#src/contract/files.ts';
import { isPassing, type Answer, type Refusal } from './answer.ts';
import { newId } from './new-id.ts';
import type { Shelf } from './shelf.ts';
import type { Store } from './store.ts';
import type { Transfer } from './uploads-tus.ts';
import type { KeptBytes, Upload } from './uploads.ts';

/** What the queue needs from outside. All but `settled` and `again` answer with refusals as values. */
export type UploadPorts = {
  readonly uploads: Store<readonly Upload[]>;
  readonly progressOf: (key: string) => Store<number>;
  readonly shelf: Shelf<Upload>;
  readonly bytes: Shelf<KeptBytes>;
  readonly reserve: (upload: Upload) => Promise<Answer<unknown>>;
  readonly send: (upload: Upload, how: Pick<Transfer, 'bytes' | 'told' | 'signal' | 'isFresh'>) => Promise<Answer<unknown>>;
  readonly share: (upload: Upload) => Promise<Answer<unknown>>;
  readonly cancel: (upload: Upload) => Promise<unknown>;
  /** Resolves when a message is in the record, or nothing of it waits any more. */
  readonly settled: (messageId: string) => Promise<void>;
  /** Resolves when it is worth trying again what was refused so. */
  readonly again: (refusal: Refusal) => Promise<void>;
  /** Runs the work while no other tab runs it for the same key; waits for its turn. */
  readonly alone: (key: string, work: () => Promise<void>) => Promise<void>;
};

/** Bytes up to here are kept in the browser, so that a reload loses nothing. */
export const keptBytesMax = 64 * 1024 * 1024;
/** So many files may be on their way at once; who drops a whole disk is told. */
export const filesAtOnceMax = 100;
const flowingMax = 3;
const givenUp = 'given up';
/** A recorded file is shown from here at most this long while its push is on its way. */
const pushComesMs = 2_000;

const waits = (refusal: Refusal): boolean => isPassing(refusal) || ['signed-out', 'read-only', 'too-many', 'upload-elsewhere', 'file-not-checked'].includes(refusal.code);
/** The appliance knows the id, and not as an upload that can go on. */
const wantsNewId = new Set(['not-found', 'file-id-taken', 'file-infected']);
/** Up to this size files stand in the order in which they were added; who is larger holds nobody up. */
const inOrderBytesMax = 8 * 1024 * 1024;

const fresh = (): Pick<Upload, 'reserved' | 'refusal' | 'state' | 'reserveId' | 'shareId'> => ({ reserved: false, refusal: null, state: 'going', reserveId: newId(), shareId: newId() });

/** Files of one account on their way: reserved, sent, and shared when Send was pressed. Each step is kept and goes on after a broken connection or a reload. */
export class UploadQueue {
  readonly #ports: UploadPorts;
  readonly #pushComesMs: number;
  readonly #bytes = new Map<string, Blob>();
  readonly #stops = new Map<string, AbortController>();
  readonly #ends = new Map<string, () => void>();
  readonly #sharing = new Set<string>();
  #account = '';

  constructor(ports: UploadPorts, pushStaysMs = pushComesMs) {
    this.#ports = ports;
    this.#pushComesMs = pushStaysMs;
  }

  get #all(): readonly Upload[] {
    return this.#ports.uploads.value;
  }
  #find(key: string): Upload | undefined {
    return this.#all.find((one) => one.key === key);
  }
  /** The bytes of a file, while this tab has them. */
  bytesOf(key: string): Blob | undefined {
    return this.#bytes.get(key);
  }

  /** Takes up what this account left behind on this device, except what another tab has in hand. */
  async open(account: string): Promise<void> {
    if (this.#account === account) return;
    this.close();
    this.#account = account;
    for (const { key } of await this.#ports.shelf.all(account)) if (!this.#find(key)) this.#hold(key, account, () => this.#takeUp(account, key));
  }
  async #takeUp(account: string, key: string): Promise<boolean> {
    const [rows, kept] = await Promise.all([this.#ports.shelf.all(account), this.#ports.bytes.all(account)]);
    const row = rows.find((one) => one.key === key);
    if (!row || this.#account !== account) return false;
    if (row.state === 'recorded') {
      await Promise.all([this.#ports.shelf.remove(account, key), this.#ports.bytes.remove(account, key)]);
      return false;
    }
    const bytes = kept.find((one) => one.key === key)?.bytes;
    if (bytes) this.#bytes.set(key, bytes);
    this.#ports.uploads.set([...this.#all, row].sort((a, b) => a.order - b.order));
    return true;
  }

  /** Stops everything here and keeps it for later. */
  close(): void {
    this.#account = '';
    for (const stop of this.#stops.values()) stop.abort();
    for (const end of this.#ends.values()) end();
    this.#bytes.clear();
    this.#ports.uploads.set([]);
  }

  /** Adds files to a conversation; their bytes flow at once. @returns how many of them were too many. */
  add(account: string, conversationId: string, files: readonly File[]): number {
    this.#account = account;
    const taken = files.slice(0, Math.max(0, filesAtOnceMax - this.#all.length));
    const added = taken.map((file, n): Upload => {
      const named = fileName.safeParse(file.name);
      const refusal: Refusal | null = named.success ? null : { ok: false, code: 'malformed', sentence: `Its name cannot be recorded: a file needs ${named.error.issues[0]?.message ?? 'another name'}. Rename it, then add it again.` };
      const upload: Upload = { account, key: newId(), conversationId, name: file.name, size: file.size, type: file.type, order: Math.max(Date.now(), (this.#all.at(-1)?.order ?? 0) + 1) + n, sent: null, ...fresh(), ...(refusal && { state: 'refused', refusal }) };
      this.#bytes.set(upload.key, file);
      return upload;
    });
    this.#ports.uploads.set([...this.#all, ...added]);
    for (const upload of added) {
      this.#hold(upload.key, account, async () => true);
      void this.#ports.shelf.put(upload);
      if (upload.size <= keptBytesMax) void this.#ports.bytes.put({ account, key: upload.key, bytes: this.#bytes.get(upload.key)! });
    }
    return files.length - taken.length;
  }

  /** Keeps a file in this tab's hand until it is let go. */
  #hold(key: string, account: string, take: () => Promise<boolean>): void {
    void this.#ports.alone(key, async () => {
      if (this.#account !== account || !(await take())) return;
      const over = new Promise<void>((end) => this.#ends.set(key, end));
      this.#flow();
      await over;
      this.#ends.delete(key);
    });
  }

  /** Send was pressed: all that can go goes with this message, or alone. */
  sent(conversationId: string, messageId: string | null, keys: readonly string[]): void {
    const at = Date.now();
    for (const upload of this.#all) if (upload.conversationId === conversationId && keys.includes(upload.key)) this.#put({ ...upload, sent: { messageId, at } });
    for (const key of keys) void this.#share(key);
  }
  /** The message will not go out: its files are back in the composer. */
  takeBack(messageId: string): void {
    for (const upload of this.#all) if (upload.sent?.messageId === messageId && upload.state !== 'recorded') this.#put({ ...upload, sent: null });
    this.#flow();
  }

  /** Gives a file up; nothing of it was shared. */
  async cancel(key: string): Promise<void> {
    const upload = this.#find(key);
    if (!upload) return;
    this.#stops.get(key)?.abort(givenUp);
    await this.#forget(key);
    if (upload.reserved) await this.#ports.cancel(upload);
  }

  /** Tries what was refused again, as a new intent: the old one has been answered. */
  async retry(key: string): Promise<void> {
    const upload = this.#find(key);
    if (upload?.state !== 'refused') return;
    if (!wantsNewId.has(upload.refusal?.code ?? '')) {
      this.#put({ ...upload, ...fresh(), reserved: upload.reserved });
      return this.#flow();
    }
    const bytes = this.#bytes.get(key);
    const again: Upload = { ...upload, ...fresh(), key: newId(), ...(bytes ? {} : { state: 'missing' }) };
    await this.#forget(key);
    if (bytes) this.#bytes.set(again.key, bytes);
    this.#ports.uploads.set([...this.#all, again].sort((a, b) => a.order - b.order));
    if (bytes && again.size <= keptBytesMax) void this.#ports.bytes.put({ account: again.account, key: again.key, bytes });
    void this.#ports.shelf.put(again);
    this.#hold(again.key, again.account, async () => true);
  }

  /** The same file again, after the browser lost its bytes. @returns whether it can be the same. */
  foundAgain(key: string, file: File): boolean {
    const upload = this.#find(key);
    if (!upload || file.size !== upload.size || file.name !== upload.name) return false;
    this.#bytes.set(key, file);
    this.#put({ ...upload, state: 'going' });
    this.#flow();
    return true;
  }

  /** What stands in the timeline now need not be shown from here any longer. */
  arrived(fileIds: ReadonlySet<string>): void {
    for (const { key } of this.#all) if (fileIds.has(key)) void this.#forget(key);
  }

  /** Starts what may start: a few at a time, in the order they were added. */
  #flow(): void {
    for (const upload of this.#all) {
      const { key, state, sent } = upload;
      if (state === 'whole' && sent && this.#isNext(upload)) void this.#share(key);
      if (state === 'going' && this.#stops.size < flowingMax && this.#ends.has(key) && !this.#stops.has(key)) void this.#go(key);
    }
  }

  async #go(key: string): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(key, stop);
    let isFresh = false;
    try {
      for (;;) {
        const upload = this.#find(key);
        if (upload?.state !== 'going' || stop.signal.aborted) return;
        const bytes = this.#bytes.get(key);
        if (!bytes) return this.#put({ ...upload, state: 'missing' });
        const refusal = await this.#step(upload, bytes, stop.signal, isFresh);
        if (stop.signal.aborted) return;
        // Reserved just now, and not yet tried: then nothing of it is there.
        isFresh = !upload.reserved && !refusal;
        if (refusal && waits(refusal)) await this.#ports.again(refusal);
        else if (refusal) this.#refused(key, refusal);
      }
    } finally {
      this.#stops.delete(key);
      this.#flow();
    }
  }
  /** Reserves, or sends what is reserved. @returns why not. */
  async #step(upload: Upload, bytes: Blob, signal: AbortSignal, isFresh: boolean): Promise<Refusal | undefined> {
    const { key } = upload;
    if (!upload.reserved) {
      const answer = await this.#ports.reserve(upload);
      if (!answer.ok) return answer;
      if (signal.reason === givenUp) await this.#ports.cancel(upload);
      this.#change(key, { reserved: true });
      return undefined;
    }
    const progress = this.#ports.progressOf(key);
    const answer = await this.#ports.send(upload, { bytes, told: (done) => progress.set(done), signal, isFresh });
    if (!answer.ok) return answer;
    progress.set(upload.size);
    this.#change(key, { state: 'whole' });
    return undefined;
  }

  async #share(key: string): Promise<void> {
    if (this.#sharing.has(key)) return;
    this.#sharing.add(key);
    try {
      for (;;) {
        const messageId = this.#find(key)?.sent?.messageId;
        if (messageId) await this.#ports.settled(messageId);
        const upload = this.#find(key);
        if (!upload?.sent || upload.state !== 'whole' || !this.#isNext(upload)) return;
        const answer = await this.#ports.share(upload);
        if (answer.ok) this.#recorded(key);
        else if (waits(answer)) this.#change(key, { refusal: answer });
        else this.#refused(key, answer);
        this.#flow();
        if (answer.ok || !waits(answer)) return;
        await this.#ports.again(answer);
      }
    } finally {
      this.#sharing.delete(key);
    }
  }
  /** Whether no file before it is about to be shared; one that was told to wait is not. */
  #isNext({ key, conversationId, order }: Upload): boolean {
    return !this.#all.some((one) => one.conversationId === conversationId && one.order < order && one.key !== key && one.sent && one.size <= inOrderBytesMax && (one.state === 'going' || one.state === 'whole') && !one.refusal);
  }
  #recorded(key: string): void {
    this.#change(key, { state: 'recorded', refusal: null });
    setTimeout(() => void this.#forget(key), this.#pushComesMs);
  }
  #refused(key: string, refusal: Refusal): void {
    this.#change(key, { state: 'refused', refusal });
  }

  #change(key: string, change: Partial<Upload>): void {
    const upload = this.#find(key);
    if (upload) this.#put({ ...upload, ...change });
  }
  #put(upload: Upload): void {
    if (!this.#find(upload.key)) return;
    this.#ports.uploads.set(this.#all.map((one) => (one.key === upload.key ? upload : one)));
    void this.#ports.shelf.put(upload);
  }
  async #forget(key: string): Promise<void> {
    const upload = this.#find(key);
    if (!upload) return;
    this.#ports.uploads.set(this.#all.filter((one) => one.key !== key));
    this.#bytes.delete(key);
    this.#ends.get(key)?.();
    this.#flow();
    await Promise.all([this.#ports.shelf.remove(upload.account, key), this.#ports.bytes.remove(upload.account, key)]);
  }
}
