import { describe, expect, it } from 'vitest';
import { Nameable } from '#web/client/mentions.ts';

const people = [['m', 'Mara Okonjo'], ['h', 'Hanna'], ['hk', 'Hanna Kessler'], ['z', '漢字 太郎']] as const;
const placesIn = (text: string, picked = {}) => new Nameable(people, picked).placesIn(text).map(({ account, from, to }) => [account, text.slice(from, to)]);

describe('who is named in a text', () => {
  it('is whose whole name follows an @ and ends with a word', () => expect(placesIn('hi @Mara Okonjo, and @Maras')).toEqual([['m', '@Mara Okonjo']]));
  it('is the one with the longest name', () => expect(placesIn('@Hanna Kessler @Hanna there')).toEqual([['hk', '@Hanna Kessler'], ['h', '@Hanna']]));
  it('is found in any script and case', () => expect(placesIn('@漢字 太郎! @mara okonjo')).toEqual([['z', '@漢字 太郎'], ['m', '@mara okonjo']]));
  it('is nobody in an address', () => expect(placesIn('mail me@Hanna.example')).toEqual([]));
  it('may be everyone', () => expect(placesIn('@everyone look')).toEqual([['everyone', '@everyone']]));
  it('is the one who was picked, of two with one name', () => {
    const nameable = new Nameable([['one', 'Sam'], ['two', 'Sam']], { Sam: 'two' });
    expect(nameable.placesIn('@Sam')).toEqual([{ account: 'two', from: 0, to: 4 }]);
  });
  it('is nobody who is not in the conversation, picked or not', () => expect(placesIn('@Stranger hi', { Stranger: 's' })).toEqual([]));
});
