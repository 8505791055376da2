import { describe, expect, it } from 'vitest';
import { mediaOf } from '#appliance/files/media.ts';
import { readingLimits, type Reading, type ReadingLimits } from '#appliance/file-words/reading.ts';
import { textOf } from '#appliance/file-words/text-of.ts';
import { aDocument, anOpenDocument, aPdf, aPresentation, aWorkbook, aZip, paragraph } from '#test/support/word-samples.ts';

/** As the appliance reads it: the type is what the bytes show. */
const readingOf = async (bytes: Buffer, limits: Partial<ReadingLimits> = {}): Promise<Reading> => textOf((await mediaOf(bytes)).type, bytes, { ...readingLimits, ...limits });
const read = (text: string): Reading => ({ state: 'read', text });

describe('the words inside', () => {
  it('of a text file are its text, in whatever encoding it was written', async () => {
    expect(await readingOf(Buffer.from('Straße nach Köln\r\n\r\n\r\n  und   zurück'))).toEqual(read('Straße nach Köln\nund zurück'));
    expect(await readingOf(Buffer.from('Straße nach Köln', 'latin1'))).toEqual(read('Straße nach Köln'));
    expect(await readingOf(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('電力量計', 'utf16le')]))).toEqual(read('電力量計'));
  });
  it('of a PDF are those of every page', async () => {
    expect(await readingOf(aPdf(['The side agreement', '', 'is on page three']))).toEqual(read('The side agreement\nis on page three'));
  });
  it('of a PDF that holds pictures of pages are none, and it says so', async () => expect(await readingOf(aPdf(['']))).toEqual({ state: 'no-text', text: '' }));
  it('of a document are those of its body, its deleted passages, headers, notes and comments', async () => {
    const document = aDocument(`${paragraph('Meter ', 'rollout', ' &amp; more')}<w:p><w:del><w:r><w:delText>struck out</w:delText></w:r></w:del></w:p>`, [
      { name: 'word/footnotes.xml', bytes: `<w:footnotes xmlns:w="w">${paragraph('a note')}</w:footnotes>` }, { name: 'word/header1.xml', bytes: `<w:hdr xmlns:w="w">${paragraph('Confidential')}</w:hdr>` }, { name: 'word/comments.xml', bytes: `<w:comments xmlns:w="w"><w:comment>${paragraph('really?')}</w:comment></w:comments>` },
    ]);
    expect(await readingOf(document)).toEqual(read('Meter rollout & more\nstruck out\na note\nreally?\nConfidential'));
  });
  it('of a workbook are its cells, row by row, with the names of its sheets', async () => expect(await readingOf(aWorkbook())).toEqual(read('Budget\nMeter 4711\nquarterly inline words')));
  it('of a presentation are those of its slides in their order, and its notes', async () => expect(await readingOf(aPresentation())).toEqual(read('slide 2 words\nslide 10 words\nsaid aside')));
  it.each(['text', 'spreadsheet', 'presentation'])('of an OpenDocument %s are those of its paragraphs', async (kind) => {
    expect(await readingOf(anOpenDocument(kind, '<office:body><text:h>Title</text:h><text:p>one<text:s/>two<text:span> three</text:span></text:p></office:body>'))).toEqual(read('Title\none two three'));
  });
});

describe('a file that cannot be read', () => {
  it('because it is encrypted is called that, in every format', async () => {
    expect((await readingOf(aPdf(['secret'], { encrypted: true }))).state).toBe('encrypted');
    const manifest = '<manifest:manifest xmlns:manifest="m"><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>';
    expect((await readingOf(anOpenDocument('text', 'x', [{ name: 'META-INF/manifest.xml', bytes: manifest }]))).state).toBe('encrypted');
    const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le')]);
    expect((await readingOf(compound)).state).toBe('encrypted');
  });
  it('because it was cut off or overwritten is damaged; what stands before the break is kept', async () => {
    const whole = aDocument(paragraph('all of it'));
    expect((await textOf('application/zip', whole.subarray(0, whole.length - 100), readingLimits)).state).toBe('damaged');
    expect((await textOf('application/pdf', Buffer.from('%PDF-1.7 and then nothing'), readingLimits)).state).toBe('damaged');
    expect(await readingOf(aDocument(`${paragraph('before the break')}<w:p><w:unclosed>`))).toEqual({ state: 'partly', text: 'before the break' });
  });
  it('because its type lies is what its bytes are, not what it says', async () => {
    expect(await readingOf(Buffer.from('I am no PDF'))).toEqual(read('I am no PDF'));
    expect((await textOf('application/vnd.openxmlformats-officedocument.wordprocessingml.document', aZip([{ name: 'a.txt', bytes: 'a zip of texts' }]), readingLimits)).state).toBe('unsupported');
    expect((await textOf('text/plain', Buffer.from([1, 2, 3, 0]), readingLimits)).state).toBe('unsupported');
  });
  it('because an entity would grow without end is damaged, and nothing grew', async () => {
    const bomb = `<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
    expect(await textOf('application/zip', aZip([{ name: 'word/document.xml', bytes: `${bomb}<w:p><w:t>&b;</w:t></w:p>` }]), readingLimits)).toEqual({ state: 'damaged', text: '' });
  });
  it('because it inflates to too much, or has too many parts, is too complex, and nothing was inflated', async () => {
    expect((await readingOf(aDocument(paragraph('x'.repeat(100_000))), { inflatedBytes: 50_000 })).state).toBe('too-complex');
    expect((await readingOf(aDocument('', Array.from({ length: 30 }, (_, n) => ({ name: `${n}`, bytes: '' }))), { entries: 20 })).state).toBe('too-complex');
  });
  it('because it inflates to more than it says is read up to what it says', async () => {
    const liar = aZip([{ name: 'word/document.xml', bytes: `<w:p>${paragraph('first words')}${paragraph('y'.repeat(2_000_000))}</w:p>`, claims: 500 }]);
    expect(['partly', 'damaged']).toContain((await textOf('application/zip', liar, readingLimits)).state);
  });
  it('because it is larger than is read, is too large; longer than is kept, it is read in part', async () => {
    expect((await readingOf(Buffer.from('long'), { fileBytes: 3 })).state).toBe('too-large');
    expect(await readingOf(Buffer.from('one two three'), { textChars: 7 })).toEqual({ state: 'partly', text: 'one two' });
  });
});
