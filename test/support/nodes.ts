import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anAppliance, type Appliance } from './appliance.ts';
import { spawnEventStore, type EventStoreProcess } from './event-store/spawn-event-store.ts';
import { aCable, type Cable } from './journey-cable.ts';
import { Person } from './people.ts';

/** Appliances of one organisation: one log in the stand-in, one folder of keys, one of files, everything else each its own. */
export type Nodes = {
  readonly appliances: readonly Appliance[];
  /** Between each appliance and the log, in their order. */
  readonly cables: readonly Cable[];
  readonly log: EventStoreProcess;
  /** What every appliance on this log is started with, but for its files; past the cables. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

export type NodesOptions = { readonly count?: number; /** All at the same moment. */ readonly together?: boolean; readonly env?: Readonly<Record<string, string>> };

export const severalAppliances = async ({ count = 2, together = false, env = {} }: NodesOptions = {}): Promise<Nodes> => {
  const log = await spawnEventStore();
  const [keys, files] = await Promise.all(['keys', 'files'].map((what) => mkdtemp(join(tmpdir(), `hansard-${what}-`)))) as [string, string];
  const port = new URL(log.url.replace('esdb:', 'http:')).port;
  const cables = await Promise.all(Array.from({ length: count }, () => aCable(`http://127.0.0.1:${port}`)));
  const appliances: Appliance[] = [];
  const open = (cable: Cable): Promise<Appliance> => anAppliance({ env: { HANSARD_FILES: files, ...nodeEnv(cable, keys, env) } });
  if (together) appliances.push(...(await Promise.all(cables.map(open))));
  else for (const cable of cables) appliances.push(await open(cable));
  return {
    appliances, cables, log,
    env: nodeEnv({ url: `http://127.0.0.1:${port}` }, keys, {}),
    async close() {
      for (const cable of cables) cable.plugIn();
      const closed = await Promise.allSettled(appliances.map((appliance) => appliance.close()));
      await Promise.all(cables.map((cable) => cable.close()));
      await log.close();
      for (const folder of [keys, files]) await rm(folder, { recursive: true, force: true });
      for (const one of closed) if (one.status === 'rejected') throw one.reason;
    },
  };
};

const nodeEnv = (cable: Pick<Cable, 'url'>, keys: string, env: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  HANSARD_LOG: `${cable.url.replace('http:', 'esdb:')}?tls=false`, HANSARD_KEYS: keys, ...env,
});

/** The same person with the same session, at another appliance. */
export const at = (appliance: Appliance, { name, account, cookie }: Person): Person => Object.assign(new Person(appliance, name), { account, cookie });
