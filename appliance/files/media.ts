import { isUtf8 } from 'node:buffer';
import { fileTypeFromBuffer } from 'file-type';
import { imageSize } from 'image-size';

/** How many of the first bytes are kept to tell what a file is: cameras write a preview of tens of kilobytes before the size of the picture. */
export const headBytes = 256 * 1024;

/** `ending`: what files of that type are commonly called by, without its dot; where the bytes show it. */
export type Media = { readonly type: string; readonly ending?: string; readonly width?: number; readonly height?: number };

const picturesWithSize: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp', 'image/tiff', 'image/heic']);

/** What the first bytes show a file to be; what its name or its sender says does not count. Text is only ever text: markup among it is not told apart. */
export const mediaOf = async (head: Buffer): Promise<Media> => {
  const shown = await fileTypeFromBuffer(head).catch(() => undefined);
  const type = shown?.mime ?? (isText(head) ? 'text/plain' : 'application/octet-stream');
  return { type, ...(shown && { ending: shown.ext }), ...(picturesWithSize.has(type) && pictureSize(head)) };
};

// Control characters that text files have: tab, line ends, form feed, escape.
const isControl = (byte: number): boolean => (byte < 32 && ![9, 10, 12, 13, 27].includes(byte)) || byte === 127;

const isText = (head: Buffer): boolean => {
  if (head.length === 0 || head.some(isControl)) return false;
  // The last character may be cut.
  return [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, head.length - cut)));
};

const sizeMax = 1_000_000;
const pictureSize = (head: Buffer): { readonly width: number; readonly height: number } | undefined => {
  try {
    const { width, height, orientation = 1 } = imageSize(head);
    if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0 && width <= sizeMax && height <= sizeMax)) return undefined;
    // Cameras that were held upright write the picture lying and say so (EXIF, orientation 5 to 8).
    return orientation >= 5 ? { width: height, height: width } : { width, height };
  } catch {
    return undefined;
  }
};
