import { decodeHTMLStrict as decodeAll } from 'entities';
import { describe, expect, it } from 'vitest';
import { decodeHTMLStrict } from '#web/client/references.ts';

describe('references in a link target', () => {
  it('that escape what HTML must escape are read as the whole table reads them', () => {
    for (const text of ['', 'https://a.example/?b=1&amp;c=2', '&lt;&gt;&quot;&apos;', '&amp;amp;', 'a & b', '&amp', '&constructor;', '&unknown;']) expect(decodeHTMLStrict(text), text).toBe(decodeAll(text));
  });
  it('of any other name stay as they were written', () => expect(decodeHTMLStrict('?x=&copy;')).toBe('?x=&copy;'));
});
