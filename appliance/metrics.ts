import { createServer } from 'node:http';
import { collectDefaultMetrics, Gauge, Registry } from '@prometheus-io/client';
import { busHealthOf } from './bus/bus-health.ts';
import type { House } from './house/house.ts';
import { refusalCountsOf } from './refusal-counts.ts';
import { turnGauges } from './turn/turn-gauges.ts';

/** The registry of one appliance: what its log, views, sockets and process do. Read as it is at each scrape. */
export const metricsOf = (house: House): Registry => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'hansard_' });
  const gauge = (name: string, help: string, read: (gauge: Gauge<'view' | 'quantile' | 'code' | 'lease' | 'node'>) => Promise<void> | void, labelNames: readonly ('view' | 'quantile' | 'code' | 'lease' | 'node')[] = []): void => {
    const made: Gauge<'view' | 'quantile' | 'code' | 'lease' | 'node'> = new Gauge({ name, help, registers: [registry], labelNames: [...labelNames], collect: () => read(made) });
  };
  gauge('hansard_log_events', 'Events in the log.', async (one) => one.set((await house.log.head()).size));
  gauge('hansard_log_stopped', '1 when the log has stopped writing.', (one) => one.set(house.log.stopped() === undefined ? 0 : 1));
  gauge('hansard_log_flush_seconds', 'Time until an append was durable, over the latest ones.', (one) => {
    const sorted = [...house.flushTimes.latest].sort((a, b) => a - b);
    one.reset();
    for (const quantile of [0.5, 0.95, 0.99]) if (sorted.length > 0) one.set({ quantile: String(quantile) }, sorted[Math.floor((sorted.length - 1) * quantile)]! / 1_000);
  }, ['quantile']);
  gauge('hansard_view_lag_events', 'Events in the log that a view has not applied yet.', (one) => {
    for (const { view, position } of house.views.states()) one.set({ view }, Math.max(0, house.hub.position - position));
  }, ['view']);
  gauge('hansard_view_stopped', '1 when a view stopped at an event it could not read.', (one) => {
    for (const { view, stopped } of house.views.states()) one.set({ view }, stopped === null ? 0 : 1);
  }, ['view']);
  gauge('hansard_sockets', 'Connected sockets.', (one) => one.set(house.hub.sockets));
  gauge('hansard_sessions', 'Sessions that are signed in.', (one) => one.set(house.standing.signedInCount));
  gauge('hansard_accounts', 'Accounts, nicknames of imports included.', (one) => one.set(house.standing.accountsCount));
  gauge('hansard_foreign_events', 'Events that no writer of ours made.', (one) => one.set(house.foreign.size));
  gauge('hansard_refusals', 'Calls refused at the doors since the start.', (one) => {
    for (const [code, count] of refusalCountsOf(house).byCode) one.set({ code }, count);
  }, ['code']);
  gauge('hansard_behind_seconds', 'How far this node is behind what any node acknowledged.', (one) => one.set(house.currency.behindMs / 1_000));
  gauge('hansard_bus_connected', '1 when the bus between appliances is there, or none is needed.', (one) => one.set(busHealthOf(house.bus, house.clock()).state.state === 'cut' ? 0 : 1));
  gauge('hansard_instant_behind_events', 'Events that the index of the instant search lacks.', (one) => one.set(house.instant?.state().behind ?? 0));
  gauge('hansard_lease_held', '1 when this node may act on the lease now; the label names the node whose term stands.', (one) => {
    one.reset();
    const { lease } = house;
    if (lease) one.set({ lease: lease.name, node: lease.holder()?.node ?? '' }, lease.held() ? 1 : 0);
  }, ['lease', 'node']);
  for (const [name, help, read] of turnGauges) gauge(`hansard_${name}`, help, (one) => one.set(read(house.turn)));
  gauge('hansard_faults', 'Faults since the start, the latest twenty at most.', (one) => one.set(house.faults.length));
  return registry;
};

/** `GET /metrics` in Prometheus form, on loopback and a port of its own: it needs no sign-in, so it is not for others. */
export const serveMetrics = async (house: House, port: number): Promise<{ readonly port: number; readonly close: () => Promise<void> }> => {
  const registry = metricsOf(house);
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
      (cause: unknown) => {
        house.onFault(cause);
        response.writeHead(500).end();
      },
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return { port: (server.address() as { readonly port: number }).port, close: () => new Promise((resolve) => server.close(() => resolve())) };
};
