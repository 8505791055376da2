import { describe, expect, it } from 'vitest';
import { CredentialRate } from '#appliance/turn/credential-rate.ts';
import { limits } from '#src/contract/limits.ts';

describe('credentials for relays', () => {
  it('are given to each session so often at once, then one every ten seconds', () => {
    const rate = new CredentialRate();
    const asked = (session: string, now: number): string => rate.refusal(session, now)?.code ?? 'given';
    for (let n = 0; n < limits.iceReadsBurst; n += 1) expect(asked('one', 1_000)).toBe('given');
    expect([asked('one', 1_000), asked('other', 1_000), asked('one', 10_999), asked('one', 11_000), asked('one', 11_000)]).toEqual(['slow-down', 'given', 'slow-down', 'given', 'slow-down']);
    expect(rate.counts).toEqual({ given: limits.iceReadsBurst + 2, refused: 3 });
  });
  it('are given again in full to who has not asked for five minutes', () => {
    const rate = new CredentialRate();
    const given = (now: number): number => Array.from({ length: 2 * limits.iceReadsBurst }, () => rate.refusal('one', now)).filter((refusal) => refusal === undefined).length;
    expect([given(0), given(301_000)]).toEqual([limits.iceReadsBurst, limits.iceReadsBurst]);
  });
});
