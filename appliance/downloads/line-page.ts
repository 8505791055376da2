import type { FileEntry } from './shared-files.ts';

/** Bytes after which a page ends, so that long texts do not make large pages. */
const pageBytesMax = 512 * 1024;
/** Room for one page of ordinary lines; a longer line makes more, once. */
const roomBytes = 640 * 1024;

const newline = 10;

/** Lines as UTF-8, in memory that every page uses again: as strings they would all be garbage that outlives the young. */
class Lines {
  #memory = Buffer.allocUnsafeSlow(roomBytes);
  length = 0;

  add(line: string): void {
    // A UTF-16 unit takes at most three bytes of UTF-8.
    const needed = this.length + line.length * 3 + 1;
    if (needed > this.#memory.length) this.#memory = Buffer.concat([this.#memory.subarray(0, this.length)], needed);
    this.length += this.#memory.write(line, this.length);
    this.#memory[this.length] = newline;
    this.length += 1;
  }

  take(): Uint8Array<ArrayBuffer> {
    const taken = new Uint8Array(this.#memory.subarray(0, this.length));
    this.length = 0;
    return taken;
  }
}

/** What an opening thread has written down so far: a line of each file for every event that shows. */
export class LinePage {
  readonly #text = new Lines();
  readonly #json = new Lines();
  #lines = 0;
  #gone = 0;
  #files: FileEntry[] = [];

  /** `gone`: its content was disposed of. */
  add(text: string, json: string, gone = false): void {
    this.#text.add(text);
    this.#json.add(json);
    this.#lines += 1;
    if (gone) this.#gone += 1;
  }

  /** A file that goes into the zip beside the lines. */
  addFile(file: FileEntry): void {
    this.#files.push(file);
  }

  get isFull(): boolean {
    return this.#text.length + this.#json.length >= pageBytesMax;
  }

  /** In memory of its own, which can be handed to another thread; the page is empty again. */
  take(): { readonly text: Uint8Array<ArrayBuffer>; readonly json: Uint8Array<ArrayBuffer>; readonly lines: number; readonly gone: number; readonly files: readonly FileEntry[] } {
    const [lines, gone, files] = [this.#lines, this.#gone, this.#files];
    this.#files = [];
    [this.#lines, this.#gone] = [0, 0];
    return { text: this.#text.take(), json: this.#json.take(), lines, gone, files };
  }
}
