import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDeployment, type Deployment } from '#test/support/deploy.ts';
import { spawnEventStore, type EventStoreProcess } from '#test/support/event-store/spawn-event-store.ts';

const fixture = fileURLToPath(new URL('../fixtures/ubuntu-irc-3000.jsonl', import.meta.url));
type Copied = { readonly events: number; readonly before: number; readonly root: string };

describe('hansard log copy', () => {
  let database: EventStoreProcess;
  let home: Deployment;
  let abroad: Deployment;
  let back: Deployment;
  let out: Copied;
  beforeAll(async () => {
    database = await spawnEventStore();
    home = await aDeployment();
    await home.hansard('import', 'jsonl', fixture, '--into', 'Ubuntu');
  });
  afterAll(async () => {
    for (const one of [home, abroad, back]) await one?.remove();
    await database?.close();
  });

  const copies = async (from: string, to: string): Promise<Copied> => {
    const { exit, err, json } = await home.hansard('log', 'copy', from, to, '--json');
    expect([exit, err]).toEqual([0, '']);
    return json() as Copied;
  };

  it('brings a whole log into a database, at the same positions, with the same root', async () => {
    out = await copies(home.folder, database.url);
    expect(out.before).toBe(0);
    expect(out.events).toBeGreaterThan(3_022);
    expect(await copies(home.folder, database.url)).toEqual({ ...out, before: out.events });
  });

  it('is not undone by a start on the folder that was left', async () => {
    const { exit, err } = await home.hansard('health');
    expect([exit, err]).toEqual([2, expect.stringContaining('is the copy of a log that is in a database: set HANSARD_LOG')]);
  });

  it('lets the appliance go on in the database, with the same keys, from where it was', async () => {
    abroad = await aDeployment({ HANSARD_LOG: database.url });
    await cp(join(home.folder, 'keys'), join(abroad.folder, 'keys'), { recursive: true });
    await cp(join(home.folder, 'log.sqlite'), join(abroad.folder, 'log.sqlite'));
    expect((await abroad.hansard('health')).err).toContain('names a database, but');
    await rm(join(abroad.folder, 'log.sqlite'));
    const opened = await abroad.hansard('account', 'add', 'mara', '--display', 'Mara Okonjo', '--json');
    expect(opened.exit).toBe(0);
    const health = (await abroad.hansard('health', '--json')).json() as { readonly log: { readonly events: number } };
    expect(health.log.events).toBeGreaterThan(out.events);
  });

  it('brings it back with what was added there, and the appliance goes on from that', async () => {
    back = await aDeployment();
    const home = await copies(database.url, back.folder);
    expect(home.events).toBeGreaterThan(out.events);
    expect((await back.hansard('health')).err).toContain('is the copy of a log that is in a database');
    await rm(join(back.folder, 'log-copy.sqlite'));
    await rename(join(abroad.folder, 'keys'), join(back.folder, 'keys'));
    const listed = (await back.hansard('account', 'list', 'mara', '--json')).json();
    expect(JSON.stringify(listed)).toContain('Mara Okonjo');
  });

  it('refuses two folders, two databases, a folder without a log, and says what to do', async () => {
    for (const [from, to, says] of [[home.folder, back.folder, 'One of the two is a data folder'], [database.url, database.url, 'One of the two is a data folder'], [join(home.folder, 'nothing'), database.url, 'There is no log in']] as const) {
      const { exit, err } = await home.hansard('log', 'copy', from, to);
      expect([exit, err]).toEqual([1, expect.stringContaining(says)]);
    }
  });
});
