import { describe, expect, it } from 'vitest';
import { PageReader } from '#appliance/links/page-reader.ts';
import { plainLine } from '#appliance/links/plain-line.ts';
import { limits } from '#src/contract/limits.ts';

/** Reads a page that comes in pieces of `size` bytes. */
const read = (page: string | Buffer, { type = 'text/html', url = 'https://example.org/a/b', size = 7 } = {}) => {
  const reader = new PageReader();
  const bytes = Buffer.from(page);
  for (let at = 0; at < bytes.length && reader.take(bytes.subarray(at, at + size), type); at += size);
  return reader.says(type, url);
};

describe('a page', () => {
  it('says its title, site, description and picture in Open Graph', () =>
    expect(read('<html><head><title>Not this</title><meta property="og:title" content="Hall &amp; meter"><meta property="og:site_name" content="Metering"><meta property=\'og:description\' content="Every quarter."><meta property="og:image" content="/p.png"><meta property="og:image:alt" content="A meter"></head><body>'))
      .toEqual({ title: 'Hall & meter', site: 'Metering', description: 'Every quarter.', picture: { url: 'https://example.org/p.png', alt: 'A meter' } }));
  it('says them as Twitter asks for, and as HTML has them', () => {
    expect(read('<meta name="twitter:title" content="T"><meta name="twitter:description" content="D"><meta name="twitter:image" content="p.png">')).toMatchObject({ title: 'T', description: 'D', picture: { url: 'https://example.org/a/p.png', alt: '' } });
    expect(read('<title>\n  Only a\n title </title><meta name=description content="Plain">')).toEqual({ title: 'Only a title', description: 'Plain', site: '', picture: undefined });
  });
  it('without a title says nothing', () => expect([read('<p>hello'), read(''), read('<title> \u200b </title>'), read('\u0000\u0001\u0002'.repeat(1_000))]).toEqual([undefined, undefined, undefined, undefined]));
  it('is read no further than its head', () => {
    const reader = new PageReader();
    expect(reader.take(Buffer.from(`<head><title>A</title>${' '.repeat(2_000)}</head><body>`), 'text/html')).toBe(false);
    expect(read(`<head><title>A</title></head><body>${' '.repeat(2_000)}<meta property="og:title" content="B">`)).toMatchObject({ title: 'A' });
  });
  it('has the title of the page, not of a drawing in it, and the first where there are two', () => expect(read('<svg><title>Drawing</title></svg><title>One</title><title>Two</title>')).toMatchObject({ title: 'One' }));
  it('states pictures from its base, and none that is no address', () => {
    expect(read('<base href="https://cdn.example/x/"><title>A</title><meta property="og:image" content="p.png">')?.picture?.url).toBe('https://cdn.example/x/p.png');
    expect(read('<title>A</title><meta property="og:image" content="https://">')?.picture).toBeUndefined();
  });
  it.each([
    ['its content type', Buffer.from('<title>Zähler</title>', 'latin1'), 'text/html; charset=ISO-8859-1'],
    ['itself', Buffer.from('<meta charset="windows-1252"><title>Zähler</title>', 'latin1'), 'text/html'],
    ['itself, the old way', Buffer.from('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><title>Zähler</title>', 'latin1'), 'text/html'],
    ['its first bytes, whatever else is said', Buffer.from('\ufeff<title>Zähler</title>', 'utf16le'), 'text/html; charset=iso-8859-1'],
    ['nobody, in UTF-8', Buffer.from('<title>Zähler</title>'), 'text/html'],
    ['somebody who does not know', Buffer.from('<meta charset="martian"><title>Zähler</title>'), 'text/html; charset=venusian'],
  ])('is coded as is said by %s', (_who, page, type) => expect(read(page, { type, size: 3 })).toMatchObject({ title: 'Zähler' }));
  it('keeps letters whole that come in two pieces', () => expect(read(`<title>${'上海'.repeat(20)}</title>${' '.repeat(2_000)}`, { size: 1 })).toMatchObject({ title: '上海'.repeat(20) }));
  it('with a title without end is cut, and costs no more than its bytes', () => {
    const said = read(`<title>${'very long '.repeat(50_000)}`, { size: 16_384 });
    expect(said!.title.length).toBeLessThanOrEqual(limits.linkTitleMax);
    expect(said!.title.endsWith('…')).toBe(true);
  });
  it('of nothing but tags is read in time', () => {
    const before = process.cpuUsage();
    read('<meta property="og:x" content="'.repeat(16_000), { size: 16_384 });
    read('<svg>'.repeat(100_000), { size: 16_384 });
    read(`<meta ${'a '.repeat(250_000)}>`, { size: 16_384 });
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  });
});

describe('a line of a stranger', () => {
  it.each([
    ['a\u0000b\u001bc\r\nd\te', 'a b c d e'], ['safe\u202egnp.exe', 'safegnp.exe'], ['\u2066isolate\u2069 \u200fmark\u061c', 'isolate mark'], ['zero\u200bwidth\ufeff', 'zerowidth'], ['lone \ud800 half', 'lone \ufffd half'], ['\u{e0041}tag', 'tag'],
    ['a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301', 'a\u0301\u0301\u0301\u0301'], ['family 👨‍👩‍👧', 'family 👨‍👩‍👧'], ['می‌خواهم', 'می‌خواهم'], ['<b>bold</b> &amp;', '<b>bold</b> &amp;'],
  ])('%j is shown as %j', (text, line) => expect(plainLine(text, 80)).toBe(line));
  it('is cut between characters that people see', () => {
    expect(plainLine('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 20)).toBe('👨‍👩‍👧👨‍👩‍👧…');
    expect(plainLine('x'.repeat(100), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(plainLine('x'.repeat(10), 10)).toBe('x'.repeat(10));
  });
});
