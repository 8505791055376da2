import { describe, expect, it, type TestContext } from 'vitest';
import { uclient } from '#test/support/coturn.ts';
import { turnSecret, TurnRelay } from '#test/support/turn-relay.ts';
import { eventually } from '#test/support/waiting.ts';

const open = async ({ onTestFinished }: TestContext): Promise<TurnRelay> => {
  const relay = await TurnRelay.open();
  onTestFinished(() => relay.close());
  return relay;
};

// Most of it is waiting for a client that takes its time.
describe.concurrent('coturn\'s client', () => {
  it('has every packet relayed between ten pairs, over channels, each allocation refreshed', async (test) => {
    const relay = await open(test);
    const report = await uclient({ port: relay.port, secret: turnSecret, clients: 10, messages: 300, bytes: 172, everyMs: 20 });
    expect(report, report.said).toMatchObject({ exit: 0, sent: 3_000, received: 3_000, lostPercent: 0 });
    expect(relay.guard.counts().packets).toBeGreaterThanOrEqual(3_000);
    expect(relay.guard.counts().refreshed).toBeGreaterThanOrEqual(10);
  });
  it('has every packet relayed in indications', async (test) => {
    const relay = await open(test);
    const report = await uclient({ port: relay.port, secret: turnSecret, clients: 2, messages: 50, bytes: 1_000, everyMs: 20, indications: true });
    expect(report, report.said).toMatchObject({ exit: 0, sent: 100, received: 100, lostPercent: 0 });
  });
  it.for([['over channels', false], ['in indications', true]] as const)('has every packet relayed %s that it sends and gets by TCP, of a length that needs padding', async ([_way, indications], test) => {
    const relay = await open(test);
    const report = await uclient({ port: relay.port, secret: turnSecret, clients: 6, messages: 50, bytes: 1_101, everyMs: 20, indications, tcp: true });
    expect(report, report.said).toMatchObject({ exit: 0, sent: 300, received: 300, lostPercent: 0 });
    expect(relay.guard.counts()).toMatchObject({ malformed: 0, dropped: 0, cut: 0 });
    await eventually('its connections and allocations are over', () => relay.guard.counts().connections === 0 && relay.guard.counts().allocations === 0, () => relay.guard.counts());
  });
  it('gets nothing with another secret', async (test) => {
    const relay = await open(test);
    const report = await uclient({ port: relay.port, secret: 'another', clients: 1, messages: 1, bytes: 100, everyMs: 20 });
    expect(report.said).toContain('Cannot complete Allocation');
    expect(relay.guard.counts().allocated).toBe(0);
  });
});
