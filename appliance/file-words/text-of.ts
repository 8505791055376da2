import { compoundText, officeText } from './office-text.ts';
import { pdfText } from './pdf-text.ts';
import { plainText } from './plain-text.ts';
import { isPlain, isZipped } from './readable-types.ts';
import { TooMuch, unread, type Reading, type ReadingLimits } from './reading.ts';

/** What there is to read in a file of this type, as its bytes showed it. Resolves for whatever bytes; what can still happen is that it takes too long or too much. */
export const textOf = async (type: string, bytes: Uint8Array, limits: ReadingLimits): Promise<Reading> => {
  if (bytes.length > limits.fileBytes) return unread('too-large');
  try {
    if (type === 'application/pdf') return await pdfText(bytes, limits);
    if (type === 'application/x-cfb') return compoundText(bytes);
    if (isZipped(type)) return await officeText(bytes, limits);
    return isPlain(type) ? plainText(bytes, limits) : unread('unsupported');
  } catch (cause) {
    return unread(cause instanceof TooMuch ? 'too-complex' : 'damaged');
  }
};
