import { describe, expect, it } from 'vitest';
import { limits } from '#src/contract/limits.ts';
import { meetingFragment } from '#web/screens/meeting/fragment.ts';
import { madeUpName } from '#web/screens/meeting/made-up-name.ts';

const key = 'k'.repeat(43);

describe('the fragment of a link to a meeting', () => {
  it('says whether guests may come, under which name, how far, and what is off', () => {
    expect(meetingFragment(`guest=1&key=${key}&name=John%20Doe&auto=2&mute=1`)).toEqual({ guests: true, key, name: 'John Doe', enters: 'video', muted: true, withoutCamera: false });
    expect(meetingFragment('mute=3&auto=1&guest=0')).toEqual({ guests: false, key: undefined, name: undefined, enters: 'audio', muted: true, withoutCamera: true });
    expect(meetingFragment('mute=2')).toMatchObject({ muted: false, withoutCamera: true });
    expect(meetingFragment('')).toEqual({ guests: undefined, key: undefined, name: undefined, enters: undefined, muted: false, withoutCamera: false });
  });

  it('is changed by writing at its end', () => {
    expect(meetingFragment('guest=1&name=A&auto=1&guest=0&name=B&auto=2')).toMatchObject({ guests: false, name: 'B', enters: 'video' });
  });

  it('passes over what means nothing', () => {
    expect(meetingFragment('guest=yes&auto=3&mute=4&key=short&&=x&name&unknown=1')).toEqual({ guests: undefined, key: undefined, name: undefined, enters: undefined, muted: false, withoutCamera: false });
    expect(meetingFragment(`key=${key.slice(1)}!`).key).toBeUndefined();
  });

  it('takes names as people write them', () => {
    const nameIn = (text: string) => meetingFragment(`name=${text}`).name;
    expect(nameIn('Zo%C3%AB+1')).toBe('Zoë+1');
    expect(nameIn('100%')).toBe('100%');
    expect(nameIn('%20%20')).toBeUndefined();
    expect(nameIn('a%0Ab%00c%E2%80%AEd')).toBe('a b c d');
    expect(nameIn('a=b')).toBe('a=b');
    expect(nameIn('x'.repeat(500))).toHaveLength(limits.guestNameMax);
    expect(nameIn(encodeURIComponent('👩‍🚀'.repeat(40)))!.isWellFormed()).toBe(true);
  });

  it('without a name gets one of an adjective and a noun', () => {
    expect(madeUpName(() => 0)).toBe('Amber Badger');
    expect(madeUpName(() => 0.999)).toBe('Wise Wren');
    expect(madeUpName()).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
  });
});
