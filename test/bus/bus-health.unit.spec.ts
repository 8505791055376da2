import { describe, expect, it } from 'vitest';
import { busHealthOf } from '#appliance/bus/bus-health.ts';
import type { BusCounts } from '#appliance/bus/nats-bus.ts';
import type { BusState } from '#src/doors/socket/bus.ts';

const none = { oversize: 0, forged: 0, unreadable: 0, own: 0, stale: 0, replayed: 0, 'too-many': 0 };
const aBus = (state: BusState, dropped: Partial<BusCounts['dropped']> = {}) => ({ state: () => state, counts: () => ({ sent: 0, received: 0, unsent: 0, refused: 0, waiting: 0, dropped: { ...none, ...dropped } }) });
const connected = { state: 'connected', since: 0 } as const;
const cut = { state: 'cut', since: 0, says: 'The bus is cut.' } as const;

describe('the health of the bus', () => {
  it('is nothing to speak of where there is none', () => expect(busHealthOf(undefined, 0)).toEqual({ state: { state: 'off' }, counts: null, says: null }));
  it('is fine while connected, and for a short cut', () => {
    expect(busHealthOf(aBus(connected), 1e9).says).toBeNull();
    expect(busHealthOf(aBus(cut), 14_999).says).toBeNull();
  });
  it('says when it is cut for longer', () => expect(busHealthOf(aBus(cut), 15_000).says).toBe('The bus is cut.'));
  it('says when somebody forges, and when clocks differ', () => {
    expect(busHealthOf(aBus(connected, { forged: 1 }), 0).says).toContain('find out who may write to NATS');
    expect(busHealthOf(aBus(connected, { stale: 10 }), 0).says).toBeNull();
    expect(busHealthOf(aBus(connected, { stale: 11 }), 0).says).toContain('Set the clocks');
  });
});
