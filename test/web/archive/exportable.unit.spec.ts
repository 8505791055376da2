import { describe, expect, it } from 'vitest';
import type { ReadInside } from '#src/contract/files.ts';
import { eventsToExport, filesToExport } from '#web/screens/archive/exportable.ts';

const made = { export: 'e', count: 1, position: 1_234, url: '' };
const inPart: ReadInside = { of: 4, states: [{ state: 'read', count: 2 }, { state: 'encrypted', count: 2 }] };
const whole: ReadInside = { of: 2, states: [{ state: 'read', count: 2 }] };
const files = (words: string, inside: ReadInside | null, total = 2) => filesToExport('i', { words, filter: {} }, { total, bytes: 21_000_000, inside });

describe('what can be exported', () => {
  it('says count and bytes of files before, and the count alone once another one is on record', () => {
    expect(files('', null).holds(2)[0]).toBe('2 files, 21 MB, as shared; withdrawn ones too');
    expect(files('', null).holds(3)[0]).toBe('3 files, as shared; withdrawn ones too');
    expect(files('', null).whole(made)).toMatch(/^The zip was sent whole, with what is kept of 1 file, complete to position 1,234\./);
  });
  it('says what was not read, where words were looked for inside', () => {
    expect(files('agreement', inPart).lacks).toMatch(/^Searched inside 2 of 4 files\. 2 could not be read\. /);
    expect(files('agreement', { of: 1, states: [{ state: 'partly', count: 1 }] }, 1).lacks).toContain('only in part');
    expect([files('agreement', whole).lacks, files('', inPart).lacks, files('', null).lacks]).toEqual([null, null, null]);
  });
  it('goes on from an earlier export where positions alone decide', () => {
    const events = eventsToExport('i', { query: 'tea', filter: { kinds: [], states: [], people: [], conversations: [] } }, 1);
    expect([events.continues, events.lacks, events.holds(1)[0], files('', null).continues]).toEqual([true, null, '1 event with every version, as readable text and as JSON Lines', false]);
  });
});
