import type { WordsState } from '#src/contract/files.ts';

/** What became of reading one file. `text`: its words as far as they could be read; empty unless it was read, whole or in part. */
export type Reading = { readonly state: Exclude<WordsState, 'waiting'>; readonly text: string };
export const unread = (state: Reading['state']): Reading => ({ state, text: '' });

/** What one file may cost. Bytes and UTF-16 units; times in ms. */
export type ReadingLimits = {
  readonly fileBytes: number;
  /** What an Office file may inflate to, and of how many entries it may be. */
  readonly inflatedBytes: number; readonly entries: number;
  /** Kept of one file; what comes after is said to be missing. */
  readonly textChars: number;
  /** Of the whole process that reads, with its heap; processor time, and time on the clock. */
  readonly processBytes: number; readonly heapMegabytes: number; readonly cpuMs: number; readonly wallMs: number;
};
export const readingLimits: ReadingLimits = {
  fileBytes: 64 * 1024 * 1024, inflatedBytes: 512 * 1024 * 1024, entries: 20_000, textChars: 4 * 1024 * 1024, processBytes: 768 * 1024 * 1024, heapMegabytes: 384, cpuMs: 60_000, wallMs: 300_000,
};

/** What is too much to read: of a size, or of a shape, that is meant to fill a machine. */
export class TooMuch extends Error {
  override name = 'TooMuch';
}

/** Text as it grows, up to a limit. */
export class GrowingText {
  readonly most: number;
  readonly #pieces: string[] = [];
  #length = 0;
  /** Something did not fit, or could not be read. */
  isPartial = false;

  constructor(most: number) {
    this.most = most;
  }

  get isFull(): boolean {
    return this.#length >= this.most;
  }

  add(piece: string): void {
    const room = this.most - this.#length;
    if (piece.length > room) this.isPartial = true;
    const taken = piece.slice(0, room);
    if (taken === '') return;
    this.#pieces.push(taken);
    this.#length += taken.length;
  }

  /** Runs of blanks and of empty lines are one; what is no character is replaced. */
  reading(): Reading {
    const text = this.#pieces.join('').toWellFormed().replaceAll('\0', ' ').replace(/[^\S\n]+/g, ' ').replace(/ ?\n[\n ]*/g, '\n').trim();
    if (text === '') return unread(this.isPartial ? 'damaged' : 'no-text');
    return { state: this.isPartial ? 'partly' : 'read', text };
  }
}
