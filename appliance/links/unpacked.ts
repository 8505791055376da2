import { pipeline, Transform, type Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Lets so many bytes through and no more; what was cut is said, and the other side is not heard to its end. */
class Meter extends Transform {
  #left: number;
  isCut = false;

  constructor(bytesMax: number) {
    super();
    this.#left = bytesMax;
  }

  override _transform(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.isCut) return done();
    this.push(chunk.subarray(0, this.#left));
    this.#left -= chunk.length;
    if (this.#left < 0) {
      this.isCut = true;
      this.push(null);
    }
    done();
  }
}

const unpackers: Readonly<Record<string, (() => Transform) | undefined>> = {
  gzip: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  'x-gzip': () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

/**
 * What comes over a line, unpacked as it comes, at most `bytesMax` of it as it is on the line. Who reads it counts what it unpacks to, and
 * nothing is unpacked before it is read. Undefined for a coding that is not known, or several.
 */
export const unpacked = (body: Readable, coding: string, bytesMax: number): { readonly chunks: AsyncIterable<Buffer>; readonly isCut: () => boolean } | undefined => {
  const meter = new Meter(bytesMax);
  const isCut = (): boolean => meter.isCut;
  const nothing = (): void => undefined; // Who reads the chunks meets the error.
  if (coding === '' || coding === 'identity') return { chunks: pipeline(body, meter, nothing), isCut };
  const unpacker = unpackers[coding];
  return unpacker && { chunks: pipeline(body, meter, unpacker(), nothing), isCut };
};
