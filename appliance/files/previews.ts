import { openPictures, type Pictures } from '#appliance/pictures/pictures.ts';
import type { PictureMade } from '#appliance/pictures/picture-maker.ts';
import type { Clock } from '#src/kernel/clock.ts';
import { previewBox, previewTypes } from '#src/contract/previews.ts';
import { BlobDamaged } from './blob-store.ts';
import type { Files } from './files.ts';
import type { FileToRead } from './messages.ts';
import { PreviewShelf } from './preview-shelf.ts';

/** A larger picture is shown when somebody opens it, and has no preview. */
const sourceBytesMax = 64 * 1024 * 1024;
const dayMs = 86_400_000;
/** Who scrolls back further than this waits the moment that it takes to make one again. */
const keptDays = 30;
const sweepMs = 60 * 60_000;
const triedAgainMs = 10 * 60_000;
/** Files of which there is no preview, remembered so that they are not tried at every look. */
const noneMax = 10_000;

export type PreviewAsked = FileToRead & { readonly type: string };
/** `none`: it is no picture, or none that can be made small. `later`: too much to do just now. */
export type Preview = { readonly bytes: Uint8Array<ArrayBuffer> } | 'none' | 'later' | 'damaged';

/** Small pictures of files: from the shelf, else made now. Who asks for the same at once gets the same. */
export class Previews {
  readonly #files: Files;
  readonly #clock: Clock;
  readonly #pictures: Pictures = openPictures();
  readonly #shelf: PreviewShelf;
  readonly #making = new Map<string, Promise<Preview>>();
  /** Until when it is not tried again, ms UTC. */
  readonly #none = new Map<string, number>();
  readonly #onFault: (cause: Error) => void;
  readonly #sweep: NodeJS.Timeout;

  constructor(folder: string, files: Files, clock: Clock, onFault: (cause: Error) => void) {
    this.#files = files;
    this.#clock = clock;
    this.#onFault = onFault;
    this.#shelf = new PreviewShelf(folder);
    this.#sweep = setInterval(() => void this.#shelf.removeOlder(clock() - keptDays * dayMs).catch(onFault), sweepMs).unref();
  }

  async of(asked: PreviewAsked): Promise<Preview> {
    const { blob, key, size, type } = asked;
    if (!previewTypes.has(type) || size > sourceBytesMax || (this.#none.get(blob) ?? 0) > this.#clock()) return 'none';
    const kept = await this.#shelf.read(blob, key);
    if (kept) return { bytes: kept };
    const making = this.#making.get(blob) ?? this.#make(asked).finally(() => this.#making.delete(blob));
    this.#making.set(blob, making);
    return making;
  }

  async #make(asked: PreviewAsked): Promise<Preview> {
    const { blob, key } = asked;
    const made = await this.#pictures.makePicture({ bytes: this.#bytesOf(asked), box: previewBox, maxBytes: sourceBytesMax }).catch((cause: unknown) => {
      if (cause instanceof BlobDamaged) return 'damaged' as const;
      throw cause;
    });
    if (made === 'damaged') return made;
    if ('refused' in made) return this.#refused(blob, made);
    // Where it cannot be kept, it is shown all the same.
    await this.#shelf.put(blob, key, made.bytes).catch(this.#onFault);
    return { bytes: new Uint8Array(made.bytes) };
  }

  /** Read when its turn has come, not while it waits. */
  async *#bytesOf(file: FileToRead): AsyncGenerator<Uint8Array> {
    const bytes = await this.#files.read(file, 0, file.size);
    if (bytes === 'damaged') throw new BlobDamaged(`The bytes ${file.blob} are damaged.`);
    yield* bytes;
  }

  #refused(blob: string, { refused }: Extract<PictureMade, { refused: string }>): Preview {
    if (refused === 'busy') return 'later';
    const [oldest] = this.#none.keys();
    if (this.#none.size >= noneMax && oldest !== undefined) this.#none.delete(oldest);
    // Time runs out on a busy machine too.
    this.#none.set(blob, refused === 'timeout' ? this.#clock() + triedAgainMs : Number.MAX_SAFE_INTEGER);
    return 'none';
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#pictures.close();
  }
}
