import { describe, expect, it } from 'vitest';
import type { CallRoster } from '#src/contract/calls.ts';
import { ringingFor, shownRing, stillIgnored, withRoster, type Rosters } from '#web/calls/ringing.ts';

const aCall = (conversationId: string, more: Partial<CallRoster> = {}): CallRoster => ({ conversationId, callId: `call in ${conversationId}`, revision: 3, startedAt: 10, startedBy: 'bob', host: 'bob', audioOnly: false, participants: [{ account: 'bob', device: 'b', joinedAt: 1, sharing: false }], ringing: ['alice'], knocking: [], ...more });
const calls = (...all: readonly CallRoster[]): Rosters => new Map(all.map((one) => [one.conversationId, one]));

describe('a ring', () => {
  it('is for whom the call names and who is not in it', () => {
    const mine = { account: 'alice', device: 'a', joinedAt: 2, sharing: false };
    expect(ringingFor(calls(aCall('x')), 'alice')).toHaveLength(1);
    expect(ringingFor(calls(aCall('x')), 'carol')).toHaveLength(0);
    expect(ringingFor(calls(aCall('x', { participants: [mine] })), 'alice')).toHaveLength(0);
  });
  it('shows the oldest that was not ignored', () => {
    const all = calls(aCall('x', { startedAt: 20 }), aCall('y', { startedAt: 15 }));
    expect(shownRing(all, 'alice', new Set())?.conversationId).toBe('y');
    expect(shownRing(all, 'alice', new Set(['call in y']))?.conversationId).toBe('x');
  });
  it('is heard again when somebody rings a second time', () => {
    const ignored = new Set(['call in x']);
    expect(stillIgnored(calls(aCall('x')), 'alice', ignored)).toEqual(ignored);
    expect(stillIgnored(calls(aCall('x', { ringing: [] })), 'alice', ignored)).toEqual(new Set());
  });
  it('stays ignored while nothing is known of its call', () => {
    const ignored = new Set(['call in x']);
    expect(stillIgnored(calls(aCall('y')), 'alice', ignored)).toEqual(ignored);
  });
});
describe('what is known of calls', () => {
  it('takes what is newer, and keeps it against what is older', () => {
    const now = calls(aCall('x', { revision: 5 }));
    expect(withRoster(now, 'x', aCall('x', { revision: 4 }))).toBe(now);
    expect(withRoster(now, 'x', aCall('x', { revision: 6, ringing: [] })).get('x')?.ringing).toEqual([]);
    expect(withRoster(now, 'x', aCall('x', { callId: 'the next', revision: 4 })).get('x')?.callId).toBe('the next');
    expect(withRoster(now, 'x', null).size).toBe(0);
  });
});
