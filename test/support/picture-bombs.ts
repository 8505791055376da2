import { deflateSync } from 'node:zlib';
import { pngChunk, pngOf } from './file-samples.ts';

/** Pictures that are meant to do harm. */

const header = (width: number, height: number): Buffer => {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt32BE(width, 0);
  bytes.writeUInt32BE(height, 4);
  bytes.set([8, 2, 0, 0, 0], 8);
  return bytes;
};

/** A few bytes that say they are 60,000 by 60,000 pixels. */
export const aPixelBomb = (): Buffer => pngOf([pngChunk('IHDR', header(60_000, 60_000)), pngChunk('IDAT', deflateSync(Buffer.alloc(1_000))), pngChunk('IEND', Buffer.alloc(0))]);

/** A picture of one pixel with a comment that unpacks to `bytes`. */
export const aCommentBomb = (bytes: number): Buffer =>
  pngOf([pngChunk('IHDR', header(1, 1)), pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(bytes), { level: 9 })])), pngChunk('IDAT', deflateSync(Buffer.alloc(4))), pngChunk('IEND', Buffer.alloc(0))]);

/** As many pixels as are taken, all of one colour, in a thousandth of the bytes. */
export const aLargePlain = (width: number, height: number): Buffer =>
  pngOf([pngChunk('IHDR', header(width, height)), pngChunk('IDAT', deflateSync(Buffer.alloc(height * (1 + 3 * width)), { level: 9 })), pngChunk('IEND', Buffer.alloc(0))]);
