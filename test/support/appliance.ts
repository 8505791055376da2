import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type Config } from '#appliance/config.ts';
import { openHouse, type House } from '#appliance/house/house.ts';
import { serveDoors, type ServedDoors } from '#appliance/web/server.ts';
import { systemClock, type Clock } from '#src/kernel/clock.ts';
import type { RecordedEvent } from '#src/kernel/event.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { allOf } from './log-makers.ts';

/** An appliance in this process, on a port and in a folder of its own. */
export type Appliance = {
  readonly folder: string;
  /** After `restart` these are the new ones. */
  readonly house: House;
  readonly url: string;
  /** Closes what is open, lets `between` work on the folder, and opens it again. */
  readonly restart: (between?: () => void | Promise<void>, env?: Readonly<Record<string, string>>) => Promise<void>;
  /** Closes and removes everything. Rejects where the house met a fault that nobody expected. */
  readonly close: () => Promise<void>;
  /** Doors and house closed, the folder kept. */
  readonly stop: () => Promise<void>;
  /** From here on a fault is part of the story. */
  readonly expectFaults: () => void;
  readonly logSize: () => Promise<number>;
  /** Every event, or those of one stream, as the log keeps them. */
  readonly recorded: (stream?: string) => Promise<readonly RecordedEvent[]>;
};

export type ApplianceOptions = {
  readonly clock?: Clock; readonly env?: Readonly<Record<string, string>>;
  /** What no variable says: lives that are too long to be waited for. */
  readonly adjusts?: (config: Config) => Config;
};

/** Throttles are wide open, because tests sign in often from one address and call as fast as they can; `env` narrows them again. */
export const anAppliance = async ({ clock = systemClock, env = {}, adjusts = (config) => config }: ApplianceOptions = {}): Promise<Appliance> => {
  const folder = await mkdtemp(join(tmpdir(), 'hansard-api-'));
  const configFrom = (own: Readonly<Record<string, string>>): Config => adjusts(readConfig({ HANSARD_DATA: folder, HANSARD_PORT: '0', HANSARD_SIGN_INS_PER_MINUTE: '100000', HANSARD_CALLS_PER_SECOND: '100000', HANSARD_RESERVE_BYTES: '0', HANSARD_TURN: 'off', ...own }));
  let config = configFrom(env);
  let house: House;
  let doors: ServedDoors | undefined;
  let faultsExpected = false;
  const open = async (): Promise<void> => {
    house = await openHouse(config, clock);
    doors = await serveDoors(house);
  };
  const stop = async (): Promise<void> => {
    if (!doors) return;
    await doors.close();
    doors = undefined;
    await house.close();
    if (!faultsExpected && house.faults.length > 0) throw new Error(`The house met faults: ${house.faults.join(' | ')}`);
  };
  await open();
  return {
    folder, stop,
    get house() {
      return house;
    },
    get url() {
      return `http://127.0.0.1:${doors!.port}`;
    },
    async restart(between, own = env) {
      await stop();
      await between?.();
      config = configFrom(own);
      await open();
    },
    async close() {
      await stop().finally(() => rm(folder, { recursive: true, force: true }));
    },
    expectFaults: () => void (faultsExpected = true),
    logSize: async () => (await house.log.head()).size,
    recorded: async (stream) => allOf(stream === undefined ? house.log.readAll({ limit: (await house.log.head()).size }) : house.log.readStream(stream)),
  };
};

/** Puts a wrapper around the log that this house writes to, so that a test can delay, break or stop it. Gives back how to take it off. */
export const wrapLog = ({ log }: Pick<House, 'log'>, wrap: (sound: EventLog) => Partial<EventLog>): (() => void) => {
  const sound = { ...log };
  Object.assign(log, wrap(sound));
  return () => void Object.assign(log, sound);
};

/** Holds back what follows elsewhere, such as leaving the channels of a space that was left. Gives back how to let it go on. */
export const holdFollowUps = ({ house: { processManagers } }: Appliance): (() => void) => {
  const follow = processManagers.follow.bind(processManagers);
  const held: Parameters<typeof follow>[] = [];
  processManagers.follow = (events, through) => void held.push([[...events], through]);
  return () => {
    processManagers.follow = follow;
    held.forEach((one) => follow(...one));
  };
};
