import { isUtf8 } from 'node:buffer';
import { GrowingText, unread, type Reading, type ReadingLimits } from './reading.ts';

// What text files have: tab, line ends, form feed, escape.
const isControl = (byte: number): boolean => (byte < 32 && ![9, 10, 12, 13, 27].includes(byte)) || byte === 127;

/** By its mark, else UTF-8, else what Windows writes in the west; undefined where the bytes are no text. */
export const encodingOf = (bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | undefined => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes.some(isControl)) return undefined;
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
};

export const plainText = (bytes: Uint8Array, { textChars }: ReadingLimits): Reading => {
  const encoding = encodingOf(bytes);
  if (!encoding) return unread('unsupported');
  const text = new GrowingText(textChars);
  text.add(new TextDecoder(encoding).decode(bytes));
  return text.reading();
};
