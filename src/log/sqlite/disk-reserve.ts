import { statfsSync } from 'node:fs';

const mebibyte = 1024 * 1024;
/** Kept for sign-in, inquiries and custody (ARCHITECTURE section 5). */
const reserve = { share: 0.05, bytesMin: 512 * mebibyte } as const;
const lookEveryMs = 1000;

/** Whether the free space of the disk has fallen below the reserve. Asks the disk once a second at most. */
export class DiskReserve {
  readonly #folder: string;
  readonly #bytes: number | null;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #isTouched = false;

  /** `bytes` null: 5 % of the disk, 512 MiB at least. */
  constructor(folder: string, bytes: number | null) {
    this.#folder = folder;
    this.#bytes = bytes;
  }

  isTouched(): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#lookedAtMs < lookEveryMs) return this.#isTouched;
    this.#lookedAtMs = nowMs;
    const { bsize, blocks, bavail } = statfsSync(this.#folder);
    const wanted = this.#bytes ?? Math.max(reserve.bytesMin, reserve.share * bsize * blocks);
    this.#isTouched = bavail * bsize < wanted;
    return this.#isTouched;
  }
}
