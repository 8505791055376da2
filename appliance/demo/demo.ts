import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { placesIn, readConfig, type Config } from '#appliance/config.ts';
import { openHouse, type House } from '#appliance/house/house.ts';
import { importJsonl } from '#appliance/import/import-jsonl.ts';
import { importedSpaceId } from '#appliance/import/found-imported-space.ts';
import { accountNamed } from '#appliance/verbs/account-named.ts';
import { greeting, startAppliance, stopSignal } from '#appliance/verbs/start.ts';
import { operator } from '#appliance/verbs/verb.ts';
import { letIntoSpace } from '#src/import/let-into-space.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { people } from './story.ts';
import { demoPassword, storyClock, Storyteller } from './storyteller.ts';

/** 3,000 lines of real chat to scroll through: a slice of the Ubuntu IRC corpus (Kummerfeld et al., ACL 2019, CC BY 4.0). */
const slice = fileURLToPath(new URL('../../test/fixtures/ubuntu-irc-3000.jsonl', import.meta.url));
const sliceSpace = 'Ubuntu help, imported';

/** Fills an empty data folder with the company, in days that have passed; then everything is closed again. */
export const fillDemo = async (config: Config): Promise<void> => {
  const time = storyClock(Date.now());
  const house = await openHouse(config, time.clock);
  try {
    await new Storyteller(house, time).tell();
    if (existsSync(slice)) await bringSlice(house);
  } finally {
    await house.close();
  }
};

const bringSlice = async (house: House): Promise<void> => {
  const report = await importJsonl(house, { file: slice, into: sliceSpace, onProgress: () => {}, signal: new AbortController().signal });
  const account = await accountNamed(house, 'tomasz');
  if (isRefusal(report) || isRefusal(account)) return;
  await house.commandAs(operator, letIntoSpace, { space: importedSpaceId(house, sliceSpace), account });
};

/** `folder` is kept, and told on where it was; without one the demo is gone when it ends. */
export const demo = async (folder: string | undefined): Promise<number> => {
  const temporary = folder === undefined ? mkdtempSync(join(tmpdir(), 'hansard-demo-')) : undefined;
  const config: Config = { ...readConfig(process.env), dataFolder: folder ?? join(temporary!, 'data-demo') };
  const stopped = stopSignal();
  try {
    if (!existsSync(placesIn(config.dataFolder).log)) {
      console.error('Telling the story of Northmoor Instruments...');
      await fillDemo(config);
    }
    const running = await startAppliance(config);
    console.log([...greeting(running), '', ...signIns()].join('\n'));
    await stopped;
    await running.close();
    return 0;
  } finally {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  }
};

const signIns = (): readonly string[] => [
  `Everybody's password is ${demoPassword}. Sign in as`,
  ...Object.entries(people).map(([name, { display, roles }]) => `  ${name.padEnd(8)}${display.padEnd(18)}${roles.join(', ')}`),
];
