import { createHash, type Hash, type KeyObject } from 'node:crypto';
import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, readSync, writevSync } from 'node:fs';
import { promisify } from 'node:util';
import { chunkBytes, chunksOf, openChunk, sealChunk, sealedChunkBytes } from '#src/files/sealed-bytes.ts';
import { headBytes } from './media.ts';

const flush = promisify(fdatasync);

/**
 * The sealed bytes of one upload on disk, and what is known of them: both hashes and the first bytes. What came is sealed chunk by chunk;
 * what does not fill one waits in memory and is lost when this is closed, so `offset` counts whole chunks until the end is there.
 */
export class StagedBytes {
  readonly size: number;
  readonly #fd: number;
  readonly #key: KeyObject;
  readonly #plain: Hash = createHash('sha256');
  readonly #sealed: Hash = createHash('sha256');
  readonly #head: Buffer[] = [];
  #headLength = 0;
  /** Chunks that are on disk. */
  #chunks = 0;
  #written = 0;
  /** Of these the last flush knew. */
  #flushed = 0;
  readonly #tail = Buffer.allocUnsafeSlow(chunkBytes);
  #tailLength = 0;

  /** Opens or makes the file and reads again what is in it: the first chunk that does not open ends what counts. */
  constructor(path: string, key: KeyObject, size: number) {
    this.size = size;
    this.#key = key;
    this.#fd = openSync(path, 'a+', 0o600);
    try {
      this.#readAgain();
    } catch (cause) {
      this.close();
      throw cause;
    }
  }

  #readAgain(): void {
    const memory = Buffer.allocUnsafe(sealedChunkBytes);
    while (!this.isWhole) {
      const length = readSync(this.#fd, memory, 0, sealedChunkBytes, this.#written);
      const sealed = memory.subarray(0, length);
      const plain = this.#isChunk(length - 16) ? openChunk(this.#key, this.#chunks, this.#isLast, sealed) : undefined;
      if (!plain) break;
      this.#note(plain, [sealed]);
    }
    ftruncateSync(this.#fd, this.#written);
  }

  get #isLast(): boolean {
    return this.#chunks === chunksOf(this.size) - 1;
  }

  #isChunk(length: number): boolean {
    return length === (this.#isLast ? this.size - this.#chunks * chunkBytes : chunkBytes);
  }

  #note(plain: Buffer, sealed: readonly Buffer[]): void {
    this.#plain.update(plain);
    for (const part of sealed) {
      this.#sealed.update(part);
      this.#written += part.length;
    }
    if (this.#headLength < headBytes) {
      const head = Buffer.from(plain.subarray(0, headBytes - this.#headLength));
      this.#head.push(head);
      this.#headLength += head.length;
    }
    this.#chunks += 1;
  }

  /** Bytes of the file that are sealed on disk. */
  get offset(): number {
    return Math.min(this.size, this.#chunks * chunkBytes);
  }

  /** Bytes that were taken, those that wait among them. */
  get taken(): number {
    return this.offset + this.#tailLength;
  }

  get isWhole(): boolean {
    return this.#chunks === chunksOf(this.size);
  }

  /** Whether the file is as this left it: another appliance may have gone on with the upload. */
  get isCurrent(): boolean {
    return fstatSync(this.#fd).size === this.#written;
  }

  /** Takes what follows; not more than `size` in all. After a throw (a full disk) this must be closed: what is known of the bytes is no longer right. */
  append(bytes: Buffer): void {
    const sealed: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const wanted = (this.#isLast ? this.size - this.#chunks * chunkBytes : chunkBytes) - this.#tailLength;
      const piece = bytes.subarray(at, at + wanted);
      at += piece.length;
      if (piece.length < wanted) {
        piece.copy(this.#tail, this.#tailLength);
        this.#tailLength += piece.length;
      } else this.#seal(this.#tailLength === 0 ? piece : this.#withTail(piece), sealed);
    }
    this.#write(sealed);
  }

  #withTail(piece: Buffer): Buffer {
    const chunk = Buffer.concat([this.#tail.subarray(0, this.#tailLength), piece]);
    this.#tailLength = 0;
    return chunk;
  }

  #seal(plain: Buffer, into: Buffer[]): void {
    const sealed = sealChunk(this.#key, this.#chunks, this.#isLast, plain);
    this.#note(plain, sealed);
    into.push(...sealed);
  }

  #write(parts: readonly Buffer[]): void {
    let left = parts.reduce((sum, part) => sum + part.length, 0);
    let rest = parts;
    while (left > 0) {
      let written = writevSync(this.#fd, rest as Buffer[]);
      left -= written;
      if (left === 0) return;
      // The system took less than it was given.
      rest = rest.flatMap((part) => {
        const skipped = Math.min(written, part.length);
        written -= skipped;
        return skipped === part.length ? [] : [part.subarray(skipped)];
      });
    }
  }

  /** What does not fill a chunk is forgotten: it was never told to be here. */
  dropTail(): void {
    this.#tailLength = 0;
  }

  /** All that is written is on stable storage when it resolves; free where nothing was written since the last time. */
  async flush(): Promise<void> {
    const written = this.#written;
    if (written === this.#flushed) return;
    await flush(this.#fd);
    this.#flushed = written;
  }

  /** Of bytes that are whole; an empty file has its one chunk made now. Once. */
  finish(): { readonly blob: string; readonly hash: string; readonly head: Buffer } {
    return { blob: this.#sealed.digest('base64url'), hash: this.#plain.digest('base64url'), head: Buffer.concat(this.#head) };
  }

  /** The chunk of an empty file: no byte will ever come. */
  sealEmpty(): void {
    if (this.size > 0 || this.isWhole) return;
    const sealed: Buffer[] = [];
    this.#seal(Buffer.alloc(0), sealed);
    this.#write(sealed);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
