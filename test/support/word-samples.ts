import { crc32, deflateRawSync } from 'node:zlib';

export type ZipPart = { readonly name: string; readonly bytes: Buffer | string; /** What the directory says, where it lies. */ readonly claims?: number };

/** A zip made by hand: deflated entries, then the directory. */
export const aZip = (parts: readonly ZipPart[]): Buffer => {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const { name, bytes, claims } of parts) {
    const plain = Buffer.from(bytes);
    const packed = deflateRawSync(plain);
    const called = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claims ?? plain.length, 18);
    common.writeUInt16LE(called.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, called, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, called]));
    bodies.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(directory.reduce((sum, one) => sum + one.length, 0), 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...bodies, ...directory, Buffer.from('PK\x05\x06', 'latin1'), end]);
};

const xml = (body: string): string => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${body}`;
const contentTypes = (main: string): ZipPart => ({ name: '[Content_Types].xml', bytes: xml(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/x" ContentType="${main}"/></Types>`) });
const office = 'application/vnd.openxmlformats-officedocument';

/** `paragraphs` are XML already, so that a test can put anything there. */
export const aDocument = (paragraphs: string, more: readonly ZipPart[] = []): Buffer =>
  aZip([contentTypes(`${office}.wordprocessingml.document.main+xml`), { name: 'word/document.xml', bytes: xml(`<w:document xmlns:w="w"><w:body>${paragraphs}</w:body></w:document>`) }, ...more]);
export const paragraph = (...runs: readonly string[]): string => `<w:p>${runs.map((run) => `<w:r><w:t xml:space="preserve">${run}</w:t></w:r>`).join('')}</w:p>`;

export const aWorkbook = (): Buffer =>
  aZip([
    contentTypes(`${office}.spreadsheetml.sheet.main+xml`), { name: 'xl/workbook.xml', bytes: xml('<workbook><sheets><sheet name="Budget" sheetId="1"/></sheets></workbook>') },
    { name: 'xl/sharedStrings.xml', bytes: xml('<sst><si><t>Meter</t><rPh><t>yomi</t></rPh></si><si><r><t>quar</t></r><r><t>terly</t></r></si></sst>') },
    { name: 'xl/worksheets/sheet1.xml', bytes: xml('<worksheet><sheetData><row><c t="s"><v>0</v></c><c><v>4711</v></c></row><row><c t="s"><v>1</v></c><c t="inlineStr"><is><t>inline words</t></is></c></row></sheetData></worksheet>') },
  ]);

export const aPresentation = (): Buffer =>
  aZip([
    contentTypes(`${office}.presentationml.presentation.main+xml`), { name: 'ppt/presentation.xml', bytes: xml('<p:presentation xmlns:p="p"/>') },
    ...[10, 2].map((n) => ({ name: `ppt/slides/slide${n}.xml`, bytes: xml(`<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>slide ${n} words</a:t></a:r></a:p></p:sld>`) })),
    { name: 'ppt/notesSlides/notesSlide1.xml', bytes: xml('<p:notes xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>said aside</a:t></a:r></a:p></p:notes>') },
  ]);

/** `kind` as in its media type: text, spreadsheet or presentation. */
export const anOpenDocument = (kind: string, content: string, more: readonly ZipPart[] = []): Buffer =>
  aZip([{ name: 'mimetype', bytes: `application/vnd.oasis.opendocument.${kind}` }, { name: 'content.xml', bytes: xml(`<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="tb">${content}</office:document-content>`) }, ...more]);

type PdfOptions = { /** In the trailer. */ readonly encrypted?: boolean; /** In place of the text of the first page, with the filter it is said to need. */ readonly stream?: { readonly filter: string; readonly bytes: Buffer } };

/** A PDF with a line of text on each page, which is as wide as a page can be. Latin text without parentheses. */
export const aPdf = (lines: readonly string[], { encrypted = false, stream }: PdfOptions = {}): Buffer => {
  const pageOf = (n: number): number => 4 + 2 * n;
  const objects: [number, Buffer][] = [
    [1, Buffer.from('<</Type/Catalog/Pages 2 0 R>>')], [2, Buffer.from(`<</Type/Pages/Count ${lines.length}/Kids[${lines.map((_, n) => `${pageOf(n)} 0 R`).join(' ')}]>>`)], [3, Buffer.from('<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>')],
  ];
  lines.forEach((line, n) => {
    objects.push([pageOf(n), Buffer.from(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 14400 842]/Contents ${pageOf(n) + 1} 0 R/Resources<</Font<</F1 3 0 R>>>>>>`)]);
    const bytes = n === 0 && stream ? stream.bytes : Buffer.from(line === '' ? '0 0 m 100 100 l S' : `BT /F1 12 Tf 72 720 Td (${line}) Tj ET`, 'latin1');
    objects.push([pageOf(n) + 1, Buffer.concat([Buffer.from(`<</Length ${bytes.length}${n === 0 && stream ? `/Filter/${stream.filter}` : ''}>>\nstream\n`), bytes, Buffer.from('\nendstream')])]);
  });
  if (encrypted) objects.push([pageOf(lines.length), Buffer.from(`<</Filter/Standard/V 1/R 2/P -4/O<${'ab'.repeat(32)}>/U<${'cd'.repeat(32)}>>>`)]);
  const pieces: Buffer[] = [Buffer.from('%PDF-1.4\n')];
  const offsets = new Map<number, number>();
  let at = pieces[0]!.length;
  for (const [number, body] of objects) {
    const piece = Buffer.concat([Buffer.from(`${number} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    offsets.set(number, at);
    pieces.push(piece);
    at += piece.length;
  }
  const size = Math.max(...offsets.keys()) + 1;
  const table = Array.from({ length: size }, (_, n) => (offsets.has(n) ? `${String(offsets.get(n)).padStart(10, '0')} 00000 n \n` : '0000000000 65535 f \n')).join('');
  const encryption = encrypted ? `/Encrypt ${pageOf(lines.length)} 0 R/ID[<00><00>]` : '';
  return Buffer.concat([...pieces, Buffer.from(`xref\n0 ${size}\n${table}trailer\n<</Size ${size}/Root 1 0 R${encryption}>>\nstartxref\n${at}\n%%EOF\n`)]);
};
