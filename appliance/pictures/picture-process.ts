import sharp from 'sharp';
import { memoryExit, type Box, type FromPictureProcess, type Picture, type PictureRefused, type ToPictureProcess } from './messages.ts';

/**
 * Makes pictures small, in a process of its own: what strangers send is read by native code here and nowhere else, so that a picture that
 * crashes it, fills it or holds it up takes this process with it and nothing more. It has no keys, no files and no configuration.
 */

/** A page of paper at 600 dots per inch has 35 million. */
const pixelsMax = 50_000_000;
/** 50 million pixels of 16 bits and four channels are 400 MB, and some pictures are only read as a whole. */
const memoryBytesMax = 768 * 1024 * 1024;
const memoryWatchMs = 50;
const quality = 80;

sharp.cache(false);
sharp.concurrency(1);
// Whatever libvips could read beside these (SVG, PDF, TIFF, anything through other programs) is not even asked.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif', 'VipsForeignLoadHeif'] });

const input = { limitInputPixels: pixelsMax, failOn: 'error', sequentialRead: true, animated: false } as const;

/** The size that the picture says it has is asked first: nothing is unpacked for it. */
const refusedAtOnce = async (bytes: Buffer): Promise<PictureRefused | undefined> => {
  try {
    const { width, height } = await sharp(bytes, input).metadata();
    return width * height > pixelsMax ? 'too-large' : undefined;
  } catch (cause) {
    return refusalOf(cause);
  }
};

const refusalOf = (cause: unknown): PictureRefused => {
  const message = cause instanceof Error ? cause.message : '';
  if (/unsupported image format|Input Buffer is empty/i.test(message)) return 'not-a-picture';
  return /pixel limit|exceeds|too large|limit/i.test(message) ? 'too-large' : 'broken';
};

const make = async (bytes: Buffer, box: Box): Promise<Picture | { readonly refused: PictureRefused }> => {
  const refused = await refusedAtOnce(bytes);
  if (refused) return { refused };
  try {
    // Turned as the camera says; colours become sRGB, and nothing of what was written beside the pixels goes along.
    const small = sharp(bytes, input).autoOrient().resize({ ...box, fit: 'inside', withoutEnlargement: true }).webp({ quality, effort: 3 });
    const { data, info } = await small.toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  } catch (cause) {
    return { refused: refusalOf(cause) };
  }
};

const tell = (message: FromPictureProcess): void => void process.send?.(message);
let parts: Uint8Array[] = [];

process.on('message', (message: ToPictureProcess) => {
  if ('greet' in message) return tell('ready');
  if ('part' in message) return void parts.push(message.part);
  const bytes = Buffer.concat(parts);
  parts = [];
  void make(bytes, message.make).then(tell);
});
// Never longer here than who asks.
process.on('disconnect', () => process.exit());
setInterval(() => {
  if (process.memoryUsage.rss() > memoryBytesMax) process.exit(memoryExit);
}, memoryWatchMs);
