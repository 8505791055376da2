import { describe, expect, it } from 'vitest';
import { findBest, fold, prepare } from '#web/screens/switcher/fuzzy.ts';

const namesOf = (names: readonly string[], typed: string, liftOf?: (item: { name: string }) => number) => findBest(prepare(names.map((name) => ({ name }))), typed, 10, liftOf).map(({ item }) => item.name);

describe('finding a place by a few letters', () => {
  it('puts the beginning of a name before the beginning of a word, that before the middle, and that before scattered letters', () => {
    expect(namesOf(['lemar', 'Mara Okonjo', 'Tomasz Mar', 'Max Reader Anna', 'm. a. r.'], 'mar')).toEqual(['Mara Okonjo', 'Tomasz Mar', 'lemar', 'm. a. r.', 'Max Reader Anna']);
  });
  it('finds a name by the initials of its words', () => {
    expect(namesOf(['Hanna Kessler', 'Hakon', 'Metering rollout'], 'hk')[0]).toBe('Hanna Kessler');
  });
  it('does not ask for accents or capitals', () => {
    expect(namesOf(['Zoë Müller'], 'zoe mul')).toEqual(['Zoë Müller']);
  });
  it('finds names in scripts without capitals', () => {
    expect(namesOf(['محمد العربي', '上海办公室'], '上海')).toEqual(['上海办公室']);
  });
  it('finds nothing where a letter is missing', () => {
    expect(namesOf(['Mara Okonjo'], 'maraz')).toEqual([]);
  });
  it('lifts what was visited lately among names that answer alike', () => {
    expect(namesOf(['Lyon one', 'Lyon two'], 'lyon', ({ name }) => (name === 'Lyon two' ? 50 : 0))[0]).toBe('Lyon two');
  });
  it('keeps the given order while nothing is typed', () => {
    expect(namesOf(['b', 'a', 'c'], '')).toEqual(['b', 'a', 'c']);
  });
  it('marks the letters that answered, in the name as it is written', () => {
    const [match] = findBest(prepare([{ name: 'Ångström' }]), 'ang', 1);
    expect(match?.marks).toEqual([0, 1, 2]);
  });
  it('folds without changing the number of characters', () => {
    for (const text of ['Ünïcödé', 'ﬁne', 'İstanbul', 'Straße']) expect(fold(text)).toHaveLength(text.toLowerCase().length);
  });
  it('answers over 24,000 names, and prints how long that takes', () => {
    const syllables = ['ar', 'bo', 'cel', 'dun', 'fi', 'gra', 'hol', 'ik', 'jo', 'ka', 'lem', 'mi'];
    const names = Array.from({ length: 24_000 }, (_, n) => ({ name: `${syllables[n % 12]}${syllables[(n * 7) % 11]}${syllables[(n * 13) % 9]}${n}` }));
    const begun = performance.now();
    const prepared = prepare(names);
    const ready = performance.now();
    const times = ['a', 'k', 'ar', 'kalem', 'xyz', 'mi1', 'bf2', 'lemonade'].map((typed) => {
      const from = performance.now();
      findBest(prepared, typed, 30);
      return performance.now() - from;
    });
    console.log(`24,000 names: prepared in ${(ready - begun).toFixed(1)} ms; slowest answer ${Math.max(...times).toFixed(1)} ms`);
    expect(findBest(prepared, names[17]!.name, 1)[0]?.item.name).toBe(names[17]!.name);
  });
});
