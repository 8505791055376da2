import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const secondsBytes = 4;
const macBytes = 12;

/** Nonces that nobody has to remember: the second of their making and an HMAC over it and over whom they were made for. */
export class Nonces {
  readonly #key = randomBytes(32);
  readonly #livesS: number;

  constructor(livesS = 3_600) {
    this.#livesS = livesS;
  }

  /** `source`: address and port; `now`: ms. */
  make(source: string, now: number): string {
    const seconds = Buffer.alloc(secondsBytes);
    seconds.writeUInt32BE(Math.floor(now / 1_000) >>> 0);
    return Buffer.concat([seconds, this.#mac(seconds, source)]).toString('base64url');
  }

  isFresh(nonce: string, source: string, now: number): boolean {
    const bytes = Buffer.from(nonce, 'base64url');
    if (bytes.length !== secondsBytes + macBytes) return false;
    const seconds = bytes.subarray(0, secondsBytes);
    const age = Math.floor(now / 1_000) - seconds.readUInt32BE();
    return timingSafeEqual(bytes.subarray(secondsBytes), this.#mac(seconds, source)) && age >= 0 && age <= this.#livesS;
  }

  #mac(seconds: Buffer, source: string): Buffer {
    return createHmac('sha256', this.#key).update(seconds).update(source).digest().subarray(0, macBytes);
  }
}
