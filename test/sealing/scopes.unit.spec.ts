import { describe, expect, it } from 'vitest';
import { Fault } from '#src/kernel/fault.ts';
import { monthOf, scopeOf, scopesOf } from '#src/sealing/scopes.ts';

const at = Date.UTC(2026, 0, 31, 23, 59, 59, 999);

describe('the scope of a part', () => {
  it('is the author and the month for what was said', () => {
    const scope = { stream: 'conversation-c1', subject: 'alice', class: 'text', month: '2026-01' };
    expect(scopeOf('conversation-c1', { at, author: 'alice' }, 'text')).toEqual(scope);
    expect(scopeOf('conversation-c1', { at, author: 'alice' }, 'reaction')).toEqual(scope);
  });

  it.each([
    ['title', 'conversation-c1', { stream: 'conversation-c1', subject: 'c1', class: 'title', month: '2026-01' }],
    ['title', 'space-s1', { stream: 'space-s1', subject: 's1', class: 'title', month: '2026-01' }],
    ['profile', 'account-a1', { stream: 'account-a1', subject: 'a1', class: 'profile', month: null }],
    ['credential', 'account-a1', { stream: 'account-a1', subject: 'a1', class: 'profile', month: null }],
    ['access', 'account-a1', { stream: 'account-a1', subject: 'a1', class: 'access', month: '2026-01' }],
    ['access', 'access', { stream: 'access', subject: 'access', class: 'access', month: '2026-01' }],
    ['case', 'case-k1', { stream: 'case-k1', subject: 'k1', class: 'case', month: '2026-01' }],
  ])('of %s in %s is the owner of the stream', (part, stream, scope) => expect(scopeOf(stream, { at }, part)).toEqual(scope));

  it('takes the month from when an imported line was said', () => {
    const imported = { batch: 'b', line: 1, saidAt: Date.UTC(2004, 6, 1) };
    expect(scopeOf('conversation-c1', { at, author: 'alice', imported }, 'text').month).toBe('2004-07');
  });

  it('is known for every part of an event, and empty where nothing is sealed', () => {
    const event = { type: 'X', data: { at, author: 'alice' }, content: { text: {}, title: {} } };
    expect(scopesOf('conversation-c1', event).map((scope) => scope.class)).toEqual(['text', 'title']);
    expect(scopesOf('conversation-c1', { type: 'X', data: { at } })).toEqual([]);
  });

  it('is refused for a part without a rule, without an author, without a time', () => {
    expect(() => scopeOf('conversation-c1', { at, author: 'alice' }, 'gossip')).toThrow(Fault);
    expect(() => scopeOf('conversation-c1', { at }, 'text')).toThrow(Fault);
    expect(() => scopeOf('case-k1', {}, 'case')).toThrow(Fault);
  });
});

describe('the month of a time', () => {
  it.each([
    [0, '1970-01'], [-1, '1969-12'], [at, '2026-01'], [at + 1, '2026-02'], [at, '2026-01'], [Date.UTC(2026, 11, 31, 23, 59), '2026-12'], [Date.UTC(2027, 0, 1), '2027-01'],
  ])('%i is in %s, UTC', (time, month) => expect(monthOf(time)).toBe(month));
});
