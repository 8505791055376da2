import { closeAll, type Closing } from '#appliance/closing.ts';
import { readConfig, type Config } from '#appliance/config.ts';
import { firstToken } from '#appliance/house/first-link.ts';
import { openHouse, type House } from '#appliance/house/house.ts';
import { serveMetrics } from '#appliance/metrics.ts';
import { serveOperator } from '#appliance/operator/serve-operator.ts';
import { version } from '#appliance/version.ts';
import { serveDoors, type ServedDoors } from '#appliance/web/server.ts';

export type Running = { readonly house: House; readonly doors: ServedDoors; readonly close: () => Promise<void> };

/** The appliance with its doors open: web, operator's socket, metrics. Rejects with a `Fault`; then nothing is left running. */
export const startAppliance = async (config: Config): Promise<Running> => {
  const house = await openHouse(config);
  const closing: Closing[] = [() => house.close()];
  const close = (): Promise<void> => closeAll(closing.splice(0));
  try {
    const doors = await serveDoors(house);
    closing.push(() => doors.close());
    house.turn.start();
    const operator = await serveOperator(house);
    closing.push(() => operator.close());
    if (config.metricsPort !== undefined) {
      const metrics = await serveMetrics(house, config.metricsPort);
      closing.push(() => metrics.close());
    }
    return { house, doors, close };
  } catch (cause) {
    await close();
    throw cause;
  }
};

/** What a person who has just started it needs to know. */
export const greeting = ({ house, doors }: Running): readonly string[] => {
  const token = firstToken(house);
  return [
    `Hansard ${version} serves at ${doors.url}`,
    `Everything lives in ${house.config.dataFolder}`,
    ...(token === undefined ? [] : ['', 'Nobody runs it yet. This link makes the first administrator, once:', `${doors.url}/first#${token}`, '']),
  ];
};

/** Resolves with SIGTERM or SIGINT. Listen before anybody is told that it runs: whoever hears it may stop it at once. */
export const stopSignal = (): Promise<void> => new Promise((resolve) => process.once('SIGTERM', () => resolve()).once('SIGINT', () => resolve()));

export const start = async (): Promise<number> => {
  const stopped = stopSignal();
  const running = await startAppliance(readConfig(process.env));
  console.log(greeting(running).join('\n'));
  await stopped;
  console.error('Closing. What was acknowledged is in the log.');
  await running.close();
  return 0;
};
