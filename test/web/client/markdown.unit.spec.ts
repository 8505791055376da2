import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMarkdown, type Block, type Inline } from '#src/contract/markdown.ts';
import { plainText } from '#web/client/markdown.ts';

const read = (text: string, mentions: Parameters<typeof readMarkdown>[1] = []): Block[] => readMarkdown(text, mentions);
const inlines = (text: string, mentions: Parameters<typeof readMarkdown>[1] = []): readonly Inline[] => {
  const [block] = read(text, mentions);
  if (block?.kind !== 'paragraph') throw new Error(`a ${block?.kind} and not a paragraph`);
  return block.inside;
};
const mara = '11111111-1111-4111-8111-111111111111';

describe('a message as markdown', () => {
  it('shows bold, italic, struck out and code as such', () => {
    expect(inlines('**b** *i* ~~s~~ `c`')).toEqual([
      { kind: 'strong', inside: [{ kind: 'text', text: 'b' }] }, { kind: 'text', text: ' ' }, { kind: 'em', inside: [{ kind: 'text', text: 'i' }] }, { kind: 'text', text: ' ' },
      { kind: 's', inside: [{ kind: 'text', text: 's' }] }, { kind: 'text', text: ' ' }, { kind: 'code', text: 'c' },
    ]);
  });
  it('breaks lines as typed', () => expect(inlines('one\ntwo')).toEqual([{ kind: 'text', text: 'one' }, { kind: 'break' }, { kind: 'text', text: 'two' }]));
  it('reads lists, quotes and fences', () => {
    expect(read('- a\n- b').map((block) => block.kind === 'list' && [block.start, block.items.length])).toEqual([[null, 2]]);
    expect(read('3. a\n4. b').map((block) => block.kind === 'list' && block.start)).toEqual([3]);
    expect(read('> q').map((block) => block.kind)).toEqual(['quote']);
    expect(read('```ts\nlet a;\n```')).toEqual([{ kind: 'fence', text: 'let a;', language: 'ts' }]);
  });
  it('never takes text for markup', () => {
    expect(inlines('<img src=x onerror=alert(1)> &amp;')).toEqual([{ kind: 'text', text: '<img src=x onerror=alert(1)> &amp;' }]);
  });
  it('takes a line of # or --- for a line', () => expect(read('# no title\n---').map((block) => block.kind)).toEqual(['paragraph']));
  it('links https, http and mailto, and nothing else', () => {
    const links = (text: string): (string | undefined)[] => inlines(text).map((part) => (part.kind === 'link' ? part.href : undefined));
    expect(links('https://example.org/a')).toEqual(['https://example.org/a']);
    expect(links('[x](mailto:a@example.org)')).toEqual(['mailto:a@example.org']);
    expect(links('[x](javascript:alert(1))')).toEqual([undefined]);
    expect(links('[x](data:text/html,hi)')).toEqual([undefined]);
    expect(links('[x](/sign-out)')).toEqual([undefined]);
  });
  it('shows a foreign alphabet in an address as punycode in its target', () => {
    const [link] = inlines('[bank](https://аррӏе.com)');
    expect(link?.kind === 'link' && link.href).toBe('https://xn--80ak6aa92e.com');
  });
  it('takes direction marks out of a link, so that one address cannot look like another', () => {
    const [link] = inlines('[\u202egro.elpmaxe](https://evil.example)');
    expect(link?.kind === 'link' && link.inside).toEqual([{ kind: 'text', text: 'gro.elpmaxe' }]);
  });

  describe('with mentions', () => {
    it('marks the places that were named, in UTF-16 units', () => {
      expect(inlines('👋 @Mara Okonjo, hi', [{ account: mara, from: 3, to: 15 }])).toEqual([{ kind: 'text', text: '👋 ' }, { kind: 'mention', account: mara, text: '@Mara Okonjo' }, { kind: 'text', text: ', hi' }]);
    });
    it('marks them inside formatting', () => expect(inlines('**@Mara**', [{ account: mara, from: 2, to: 7 }])).toEqual([{ kind: 'strong', inside: [{ kind: 'mention', account: mara, text: '@Mara' }] }]));
    it('leaves a name with marks of formatting in it alone', () => expect(inlines('@a_b_c*d*', [{ account: mara, from: 0, to: 9 }])).toEqual([{ kind: 'mention', account: mara, text: '@a_b_c*d*' }]));
    it('shows it as text in code', () => expect(inlines('`@Mara`', [{ account: mara, from: 1, to: 6 }])).toEqual([{ kind: 'code', text: '@Mara' }]));
    it('takes places that overlap or lie outside for text', () => expect(inlines('hi @Mara', [{ account: mara, from: 3, to: 99 }])).toEqual([{ kind: 'text', text: 'hi @Mara' }]));
    it('is not fooled by private-use characters in the text', () => {
      expect(inlines('\ue000\ue001 @Mara', [{ account: mara, from: 3, to: 8 }])).toEqual([{ kind: 'text', text: '\ue000\ue001 ' }, { kind: 'mention', account: mara, text: '@Mara' }]);
    });
    it('loses no mention outside code and links, whatever is around it', () => {
      fc.assert(
        fc.property(fc.string({ unit: fc.constantFrom('a', ' ', 'é', '👍', '*', '.', '\ue000') }), fc.string({ unit: fc.constantFrom('b', ' ', '漢', '*', '!') }), (before, after) => {
          const text = `x${before} @Mara ${after}y`;
          const from = before.length + 2;
          const named = JSON.stringify(read(text, [{ account: mara, from, to: from + 5 }]));
          expect(named.split('"kind":"mention"')).toHaveLength(2);
          expect(named).toContain('"text":"@Mara"');
        }),
      );
    });
  });

  it('gives the words alone on one line, cut without breaking a character', () => {
    expect(plainText('**Hold** firmware\n\n- 4.2', 100)).toBe('Hold firmware 4.2');
    expect(plainText('👍👍👍👍', 4).isWellFormed()).toBe(true);
  });
});
