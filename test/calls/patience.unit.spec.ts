import { describe, expect, it } from 'vitest';
import { goneAt } from '#appliance/calls/patience.ts';

const connected = { state: 'connected', since: 1_000 } as const;
const cut = { state: 'cut', since: 1_000, says: '' } as const;

describe('somebody in a call who is not heard of', () => {
  it('counts as gone 20 seconds after this node lost their socket', () => {
    expect(goneAt({ at: 5_000, here: true }, { shared: false, bus: undefined })).toBe(25_000);
    expect(goneAt({ at: 5_000, here: true }, { shared: true, bus: connected })).toBe(25_000);
  });
  it('counts as gone after 30 seconds where no socket of theirs was ever here', () => expect(goneAt({ at: 5_000, here: false }, { shared: false, bus: undefined })).toBe(35_000));
  it('is given 30 seconds of a bus that carries, wherever they are', () => {
    expect(goneAt({ at: 5_000, here: false }, { shared: true, bus: connected })).toBe(35_000);
    expect(goneAt({ at: 5_000, here: false }, { shared: true, bus: { state: 'connected', since: 60_000 } })).toBe(90_000);
  });
  it('is not dropped by a node that cannot know, for long', () => {
    expect(goneAt({ at: 0, here: true }, { shared: true, bus: cut })).toBe(300_000);
    expect(goneAt({ at: 0, here: false }, { shared: true, bus: cut })).toBe(43_200_000);
    expect(goneAt({ at: 0, here: false }, { shared: true, bus: undefined })).toBe(43_200_000);
  });
});
