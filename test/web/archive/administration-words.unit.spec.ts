import { describe, expect, it } from 'vitest';
import type { Health } from '#src/contract/administration.ts';
import { diskWords, headlineOf, logWords, recordWords, viewsWords } from '#web/screens/administration/health-words.ts';
import { settingsCatalogue } from '#src/contract/administration.ts';
import { faultWords } from '#web/screens/administration/setting-titles.ts';
import { signInNameOf } from '#web/screens/administration/sign-in-name-of.ts';
import { pointsOf } from '#web/screens/administration/spark-line.ts';
import { abbreviated } from '#web/screens/archive/abbreviated.ts';

const aHealth = (change: Partial<Health> = {}): Health => ({
  fine: true, checkedAt: 1, version: '0.1.0', says: [],
  log: { events: 12, flushMedianMs: 1.84, stopped: null, flushesMs: [] },
  views: [{ view: 'timeline', position: 11, behind: 0, stopped: null }, { view: 'search', position: 9, behind: 2, stopped: null }],
  record: { foreign: 0, root: 'ab'.repeat(32) },
  disk: { freeBytes: 184e9, totalBytes: 472e9, reserveBytes: 5e8 },
  people: { accounts: 1, signedIn: 1, sockets: 1 },
  ...change,
});

describe('the health of the appliance in words', () => {
  it('says that everything is in order only when it is', () => {
    expect(headlineOf(aHealth())).toBe('Everything is in order');
    expect(headlineOf(aHealth({ fine: false, says: ['A view stopped.'] }))).toBe('Something needs you');
    expect(headlineOf(aHealth({ fine: false, log: { events: 1, flushMedianMs: null, stopped: 'flush failed', flushesMs: [] } }))).toBe('The appliance has stopped writing');
  });
  it('counts the views that run and says how far behind they are', () => {
    expect(viewsWords(aHealth())).toMatchObject({ value: '2 of 2', says: 'running, furthest behind 2 events', wrong: false });
    expect(viewsWords(aHealth({ views: [{ view: 'search', position: 1, behind: 9, stopped: 'unreadable event' }] }))).toMatchObject({ value: '0 of 1', wrong: true });
  });
  it('warns when the disk is down to its reserve, when the log stopped, and when something foreign stands in it', () => {
    expect(diskWords(aHealth())).toMatchObject({ value: '61 %', wrong: false });
    expect(diskWords(aHealth({ disk: { freeBytes: 4e8, totalBytes: 472e9, reserveBytes: 5e8 } })).wrong).toBe(true);
    expect(logWords(aHealth()).says).toContain('1.8 ms');
    expect(recordWords(aHealth({ record: { foreign: 2, root: '' } }))).toMatchObject({ value: '2 foreign', wrong: true });
  });
});

describe('a setting that does not fit', () => {
  it('is told its limit in words', () => {
    const says = (name: 'sessionHours' | 'organisation', value: unknown): string => faultWords(settingsCatalogue[name].schema.safeParse(value).error?.issues[0]);
    expect(says('sessionHours', 99_999)).toMatch(/^At most 2.?160\.$/);
    expect(says('sessionHours', 0)).toBe('At least 1.');
    expect(says('sessionHours', 1.5)).toBe('A whole number.');
    expect(says('sessionHours', undefined)).toBe('A whole number.');
    expect(says('organisation', '')).toBe('At least one character.');
    expect(says('organisation', 'x'.repeat(200))).toBe('At most 120 characters.');
  });
});

describe('small things of the record', () => {
  it('draws a line from edge to edge, the greatest on top', () => {
    expect(pointsOf([0, 10])).toBe('0.0,29.0 220.0,3.0');
    expect(pointsOf([4])).toBe('0.0,26.0 220.0,26.0');
  });
  it('shortens a hash to what the eye compares', () => {
    expect(abbreviated('9f2c41d0aaaaaaaaaaaa7be8')).toBe('9f2c 41d0 … 7be8');
    expect(abbreviated('short')).toBe('short');
  });
  it('makes a sign-in name that the contract accepts, or none', () => {
    expect(signInNameOf('Mara Okonjo')).toBe('mara.okonjo');
    expect(signInNameOf(' Łukasz Groß-Nowak, MD ')).toBe('lukasz.gross-nowak.md');
    expect(signInNameOf('東京')).toBe('');
  });
});
