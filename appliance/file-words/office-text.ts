import { GrowingText, unread, type Reading, type ReadingLimits } from './reading.ts';
import { sheetText } from './sheet-text.ts';
import { readXml } from './xml-reader.ts';
import { zipEntries, type Zip } from './zip-entries.ts';

/** Where words stand in a kind of XML, by names without prefix: `words` hold them, after `lines` a line ends, `blanks` stand for a blank. */
type Dialect = { readonly words: ReadonlySet<string>; readonly lines: ReadonlySet<string>; readonly blanks: ReadonlySet<string> };
const officeOpen: Dialect = { words: new Set(['t', 'delText']), lines: new Set(['p', 'br', 'cr', 'comment']), blanks: new Set(['tab']) };
const openDocument: Dialect = { words: new Set(['p', 'h']), lines: new Set(['p', 'h', 'line-break', 'table-row']), blanks: new Set(['tab', 's', 'table-cell']) };

/** Adds the words of one part. Words that stand in each other are taken once. */
const addWords = async (text: GrowingText, zip: Zip, part: string, { words, lines, blanks }: Dialect): Promise<void> => {
  let within = 0;
  await readXml(zip.bytesOf(part), {
    isFull: () => text.isFull,
    opened: (name) => void (words.has(name) && (within += 1)),
    closed: (name) => {
      if (words.has(name)) within -= 1;
      if (lines.has(name)) text.add('\n');
      else if (blanks.has(name)) text.add(' ');
    },
    text: (piece) => void (within > 0 && text.add(piece)),
  });
};

const numberIn = (name: string): number => Number(/(\d+)\.xml$/.exec(name)?.[1] ?? 0);
/** Parts of this kind, in the order of their numbers. */
const parts = (zip: Zip, pattern: RegExp): readonly string[] => zip.names.filter((name) => pattern.test(name)).sort((a, b) => numberIn(a) - numberIn(b));

const openDocumentMain = 'content.xml';
const formats: readonly { readonly main: string; readonly add: (text: GrowingText, zip: Zip) => Promise<void> }[] = [
  { main: 'word/document.xml', add: async (text, zip) => addParts(text, zip, ['word/document.xml', ...parts(zip, /^word\/(header|footer|footnotes|endnotes|comments)\d*\.xml$/)], officeOpen) },
  { main: 'ppt/presentation.xml', add: async (text, zip) => addParts(text, zip, [...parts(zip, /^ppt\/slides\/slide\d+\.xml$/), ...parts(zip, /^ppt\/notesSlides\/notesSlide\d+\.xml$/), ...parts(zip, /^ppt\/comments\/[^/]+\.xml$/)], officeOpen) },
  {
    main: 'xl/workbook.xml',
    add: async (text, zip) => {
      await sheetText(text, zip, parts(zip, /^xl\/worksheets\/sheet\d+\.xml$/));
      await addParts(text, zip, parts(zip, /^xl\/(comments|threadedComments\/threadedComment)\d+\.xml$/), { ...officeOpen, words: new Set(['t', 'text']) });
    },
  },
  { main: openDocumentMain, add: async (text, zip) => addParts(text, zip, [openDocumentMain, ...parts(zip, /^styles\.xml$/)], openDocument) },
];

const addParts = async (text: GrowingText, zip: Zip, names: readonly string[], dialect: Dialect): Promise<void> => {
  for (const name of names) await addWords(text, zip, name, dialect);
};

/** An OpenDocument that is encrypted has plain entries, whose bytes are not what they are called. */
const isEncryptedOpenDocument = async (zip: Zip): Promise<boolean> => {
  if (!zip.names.includes('META-INF/manifest.xml')) return false;
  let found = false;
  await readXml(zip.bytesOf('META-INF/manifest.xml'), { isFull: () => found, opened: (name) => void (found ||= name === 'encryption-data') });
  return found;
};

/** Words of a .docx, .xlsx, .pptx, .odt, .ods or .odp, told by what is inside. Rejects with `TooMuch`; what is broken in the middle is read up to there. */
export const officeText = async (bytes: Uint8Array, limits: ReadingLimits): Promise<Reading> => {
  const zip = await zipEntries(bytes, limits).catch((cause: unknown) => {
    if (cause instanceof Error && cause.name === 'TooMuch') throw cause;
    return undefined;
  });
  if (!zip) return unread('damaged');
  const format = formats.find(({ main }) => zip.names.includes(main));
  if (!format) return unread('unsupported');
  if (zip.isEncrypted) return unread('encrypted');
  const text = new GrowingText(limits.textChars);
  try {
    if (await isEncryptedOpenDocument(zip)) return unread('encrypted');
    await format.add(text, zip);
  } catch {
    text.isPartial = true;
  }
  return text.reading();
};

const encryptedPackage = Buffer.from('EncryptedPackage', 'utf16le');
/** What Office wrote before 2007 is not read; what it wrote since with a password is in the same container. */
export const compoundText = (bytes: Uint8Array): Reading => unread(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(encryptedPackage) ? 'encrypted' : 'unsupported');
