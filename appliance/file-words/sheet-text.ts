import type { GrowingText } from './reading.ts';
import { readXml } from './xml-reader.ts';
import type { Zip } from './zip-entries.ts';

const shared = 'xl/sharedStrings.xml';

/** Strings that cells name by number. Pronunciations beside them are left out. */
const sharedStrings = async (zip: Zip, mostChars: number): Promise<readonly string[]> => {
  const strings: string[] = [];
  if (!zip.names.includes(shared)) return strings;
  let [one, inText, inPhonetic, length] = ['', false, false, 0];
  await readXml(zip.bytesOf(shared), {
    isFull: () => length >= mostChars,
    opened: (name) => {
      if (name === 'si') one = '';
      else if (name === 'rPh') inPhonetic = true;
      else inText = name === 't';
    },
    closed: (name) => {
      if (name === 'rPh') inPhonetic = false;
      else if (name === 't') inText = false;
      else if (name === 'si') {
        strings.push(one);
        length += one.length;
      }
    },
    text: (piece) => void (inText && !inPhonetic && (one += piece)),
  });
  return strings;
};

/** A workbook, row by row: cells apart by a tab, numbers as they are stored. */
export const sheetText = async (text: GrowingText, zip: Zip, sheets: readonly string[]): Promise<void> => {
  // Strings that no room is left for cannot be wanted: each cell takes its own.
  const strings = await sharedStrings(zip, text.most);
  await readXml(zip.bytesOf('xl/workbook.xml'), { isFull: () => text.isFull, opened: (name, { name: title }) => void (name === 'sheet' && title !== undefined && text.add(`${title}\n`)) });
  for (const sheet of sheets) {
    let [kind, inValue, value] = ['', false, ''];
    await readXml(zip.bytesOf(sheet), {
      isFull: () => text.isFull,
      opened: (name, attributes) => {
        if (name === 'c') [kind, value] = [attributes['t'] ?? '', ''];
        inValue = name === 'v' || name === 't';
      },
      closed: (name) => {
        if (name === 'v' || name === 't') inValue = false;
        else if (name === 'c' && value !== '') text.add(`${kind === 's' ? (strings[Number(value)] ?? '') : value}\t`);
        else if (name === 'row') text.add('\n');
      },
      text: (piece) => void (inValue && (value += piece)),
    });
  }
};
