import { describe, expect, it } from 'vitest';
import { askedAt, link, listed, mayTake, wrap, wrapCode, type Field } from '#web/screens/conversation/composer-text.ts';

/** `|` is the caret, or two of them the ends of the selection. */
const field = (drawn: string): Field => {
  const from = drawn.indexOf('|');
  const to = drawn.lastIndexOf('|');
  return { text: drawn.replaceAll('|', ''), from, to: to === from ? from : to - 1 };
};
const drawn = ({ text, from, to }: Field): string => (from === to ? `${text.slice(0, from)}|${text.slice(from)}` : `${text.slice(0, from)}|${text.slice(from, to)}|${text.slice(to)}`);

describe('the composer', () => {
  it('puts marks around what is chosen, and takes them away', () => {
    expect(drawn(wrap(field('a |b| c'), '**'))).toBe('a **|b|** c');
    expect(drawn(wrap(field('a **|b|** c'), '**'))).toBe('a |b| c');
    expect(drawn(wrap(field('a |'), '*'))).toBe('a *|*');
  });
  it('makes a fence of several lines', () => expect(wrapCode(field('|a\nb|')).text).toBe('```\na\nb\n```'));
  it('makes the lines of the selection a list, and lines again', () => {
    expect(listed(field('x\n|a\nb|')).text).toBe('x\n- a\n- b');
    expect(listed(field('|- a\n- b|')).text).toBe('a\nb');
  });
  it('links chosen words to a pasted address', () => expect(link(field('see |here|'), 'https://a.example').text).toBe('see [here](https://a.example)'));

  describe('offers', () => {
    it('people after an @ at the start of a word', () => expect(askedAt(field('hi @mar|'))).toEqual({ sign: '@', typed: 'mar', from: 3, to: 7 }));
    it('people whose name has a space', () => expect(askedAt(field('@Mara Ok|'))?.typed).toBe('Mara Ok'));
    it('emoji after a colon', () => expect(askedAt(field('ok :smi|'))).toEqual({ sign: ':', typed: 'smi', from: 3, to: 7 }));
    it('nothing inside an address or after :)', () => {
      expect(askedAt(field('me@exam|'))).toBeUndefined();
      expect(askedAt(field('fine :)|'))).toBeUndefined();
      expect(askedAt(field('10:30|'))).toBeUndefined();
    });
    it('and takes Enter only when it was meant', () => {
      expect(mayTake(askedAt(field('@m|'))!, false)).toBe(false);
      expect(mayTake(askedAt(field('@m|'))!, true)).toBe(true);
      expect(mayTake(askedAt(field('@ma|'))!, false)).toBe(true);
      expect(mayTake(askedAt(field('@Mara |'))!, false)).toBe(false);
    });
  });
});
