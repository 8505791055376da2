import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announceWriter } from '#src/custody/announce-writer.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { readTimeline } from '#src/contract/timeline.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
let chat: string;
beforeEach(async () => {
  appliance = await anAppliance();
  ({ alice, bob } = await people(appliance, 'alice', 'bob'));
  chat = await aDirectChat(alice, bob);
  await alice.says('kept', { in: chat });
});
afterEach(() => appliance?.close());

const keys = (): string => join(appliance.folder, 'keys');
/** It does not start, says why, and starts again once that is put right. */
const staysDown = async (spoil: () => Promise<void>, why: RegExp, putRight: () => Promise<void>): Promise<void> => {
  await expect(appliance.restart(spoil)).rejects.toThrow(why);
  await appliance.restart(putRight);
  await bob.forgetsSocket();
  const { lines } = await bob.call(readTimeline, { conversationId: chat, where: 'latest' });
  expect(lines.at(-1)).toMatchObject({ text: 'kept' });
};

describe('nothing starts', () => {
  it('without the keyring, which is named', async () => {
    const away = `${keys()}-away`;
    await staysDown(() => rename(keys(), away), new RegExp(`Nothing was started\\..*${keys()}`), () => rename(away, keys()));
  });

  it('without one of its files, which is named', async () => {
    for (const file of (await readdir(keys())).filter((name) => !name.includes('signing') && !/-(wal|shm)$/.test(name))) {
      await staysDown(() => rename(join(keys(), file), `${keys()}-${file}`), new RegExp(`Nothing was started\\..*${file.replace(/\..*/, '')}`), () => rename(`${keys()}-${file}`, join(keys(), file)));
    }
  });

  it('with the keyring of another log', async () => {
    const other = await anAppliance();
    await other.stop();
    await staysDown(
      async () => {
        await rename(keys(), `${keys()}-own`);
        await cp(join(other.folder, 'keys'), keys(), { recursive: true });
      },
      /Nothing was started\..*keyring.* is the keyring of another log/,
      async () => {
        await rm(keys(), { recursive: true });
        await rename(`${keys()}-own`, keys());
      },
    );
    await other.close();
  });

  it('with a keyring that lacks the key of a writer whom custody names', async () => {
    const writer = randomUUID();
    await appliance.house.commandAs({ kind: 'system', id: 'appliance' }, announceWriter, { writer });
    await expect(appliance.restart()).rejects.toThrow(new RegExp(`Nothing was started\\..*keyring.* lacks the key of the writer ${writer}`));
  });

  it('where the log is gone and the folder has served one before', async () => {
    const away = `${appliance.folder}-log`;
    const files = ['log.sqlite', 'log.sqlite-wal', 'log.sqlite-shm'];
    const move = async (from: string, to: string): Promise<void> => {
      for (const file of files) await rename(join(from, file), `${to}${file}`).catch((error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && Promise.reject(error));
    };
    await staysDown(() => move(appliance.folder, away), /Nothing was started\..*log\.sqlite.*Put the log back/, async () => {
      for (const file of files) await rm(join(appliance.folder, file), { force: true });
      for (const file of files) await rename(`${away}${file}`, join(appliance.folder, file)).catch(() => undefined);
    });
  });
});

describe('a second appliance on one folder', () => {
  it('is refused, in another process too, and the first goes on', async () => {
    const main = new URL('../../appliance/main.ts', import.meta.url).pathname;
    const second = spawn(process.execPath, [main, 'start'], { env: { ...process.env, HANSARD_DATA: appliance.folder, HANSARD_PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [second.stdout, second.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const [code] = (await once(second, 'exit')) as [number];
    expect(code).not.toBe(0);
    expect(said).toMatch(/in use by another appliance/);
    await alice.says('first goes on', { in: chat });
    await bob.sees('first goes on', { in: chat });
  });
});
