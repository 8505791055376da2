import { magicCookie } from './stun.ts';

const channelHeader = 4;
const stunHeader = 20;
/** As far as the magic cookie: what is no STUN message is not waited for. */
const cookieEnd = 8;
/** The most that the length of either kind can say. */
export const frameBytesMax = stunHeader + 0xffff;
const nothing = Buffer.alloc(0);

/** STUN messages and ChannelData as they stand in a stream, one after the other (RFC 8489, 6.2.2; RFC 8656, 12.5). */
export class Deframer {
  /** What has come of the frame that is under way. Its own memory, as much as the frame has. */
  #held = nothing;
  #filled = 0;

  /** A frame has begun and is not whole. */
  get isMidway(): boolean {
    return this.#filled > 0;
  }

  /** Gives every frame that is whole, ChannelData with its padding: those that came whole are not copied. False: what came is no frame, or one of more than `bytesMax` bytes, and nothing behind it can be read. */
  take(chunk: Buffer, bytesMax: number, onFrame: (frame: Buffer) => void): boolean {
    for (let at = 0; at < chunk.length; ) {
      const begun = this.#filled > 0 ? this.#held.subarray(0, this.#filled) : chunk.subarray(at);
      const wanted = frameBytes(begun);
      if (wanted === 0 || wanted > bytesMax) return false;
      if (this.#filled === 0 && begun.length >= wanted) {
        onFrame(begun.subarray(0, wanted));
        at += wanted;
        continue;
      }
      at += this.#fill(chunk, at, wanted);
      if (this.#filled < wanted || frameBytes(this.#held) !== wanted) continue;
      const frame = this.#held;
      [this.#held, this.#filled] = [nothing, 0];
      onFrame(frame);
    }
    return true;
  }

  /** How many bytes it took. */
  #fill(chunk: Buffer, at: number, wanted: number): number {
    if (this.#held.length !== wanted) {
      const held = Buffer.allocUnsafeSlow(wanted);
      this.#held.copy(held, 0, 0, this.#filled);
      this.#held = held;
    }
    const taken = chunk.copy(this.#held, this.#filled, at, at + wanted - this.#filled);
    this.#filled += taken;
    return taken;
  }
}

/** How many bytes the frame has that begins so; as long as that cannot be said, how many are needed to say it. 0: it is none. */
const frameBytes = (begun: Buffer): number => {
  const kind = begun[0]! & 0xc0;
  if (kind > 0x40) return 0;
  if (begun.length < channelHeader) return channelHeader;
  const length = begun.readUInt16BE(2);
  if (kind === 0x40) return channelHeader + padded(length);
  if (length % 4 !== 0) return 0;
  if (begun.length < cookieEnd) return cookieEnd;
  return begun.readUInt32BE(4) === magicCookie ? stunHeader + length : 0;
};

/** To a multiple of four. */
export const padded = (bytes: number): number => Math.ceil(bytes / 4) * 4;
