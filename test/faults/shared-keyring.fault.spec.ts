import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { DiskKeyring } from '#appliance/keys/keyring.ts';
import { uuidv7 } from '#src/kernel/ids.ts';
import { aScope, KeyNodes, loaded, openKeyOf } from '#test/support/key-nodes.ts';
import { WritingNode } from '#test/support/key-writing.ts';
import { eventually } from '#test/support/waiting.ts';

let nodes: KeyNodes;
beforeEach(() => void (nodes = new KeyNodes()));
afterEach(() => nodes.close());

const writing = (...given: ConstructorParameters<typeof WritingNode>): WritingNode => {
  const node = new WritingNode(...given);
  onTestFinished(() => node.kill());
  return node;
};
const keyIn = ({ recorded }: WritingNode['sealed'][number]): string => /"key":"([^"]+)","nonce"/.exec(recorded.data)![1]!;

/** The ids among these that do not come, although the keyring had time to look again and again. */
const missingAt = async (keyring: DiskKeyring, ids: readonly string[]): Promise<readonly string[]> => {
  const there = new Set<string>();
  const all = Promise.all(ids.map(async (id) => (await loaded(keyring, id)) !== undefined && there.add(id))).catch(() => undefined);
  await Promise.race([all, eventually('it is behind', () => keyring.behind()).catch(() => undefined)]);
  return ids.filter((id) => !there.has(id));
};

it('opens in each of two processes everything that the other seals under load, at once and beside its keyring', { timeout: 120_000 }, async () => {
  await (await nodes.start('first')).close();
  const lines = 400;
  const pair = [writing(nodes, 'one', { altogether: lines }), writing(nodes, 'other', { altogether: lines })] as const;
  const sent = [0, 0];
  const exchange = (): boolean => {
    for (const [n, node] of pair.entries()) {
      const fresh = node.sealed.slice(sent[n]);
      for (const { recorded } of fresh) pair[1 - n]!.open(recorded);
      sent[n]! += fresh.length;
    }
    return pair.every((node) => node.of('opened').length + node.of('failed').length >= lines);
  };
  await eventually('both have opened all lines of the other', exchange, () => pair.map((node) => [node.told.length, node.told.at(-1)]), 90_000);
  for (const [n, node] of pair.entries()) {
    expect(node.of('failed')).toEqual([]);
    const texts = pair[1 - n]!.sealed.map(({ text }) => text).toSorted();
    expect(node.of('opened').map(({ text }) => text).toSorted()).toEqual(texts);
    expect(node.of('opened').map(({ beside }) => beside).toSorted()).toEqual(texts);
    await node.end();
  }
});

/** Kills a sealing node again and again, and asks another node each time for every key that was used. */
const killRounds = async (rounds: number, build: 'sound' | 'broken'): Promise<{ missing: readonly string[]; sealed: number }> => {
  const other = await nodes.start('other');
  const used: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const node = writing(nodes, 'one', { build });
    await node.until('it has sealed some lines', () => node.sealed.length >= 20 + 37 * round);
    await node.kill();
    used.push(...node.sealed.map(keyIn));
    const missing = await missingAt(other, used);
    if (missing.length > 0) return { missing, sealed: used.length };
  }
  return { missing: [], sealed: used.length };
};

it('has every key that was used in the shared folder when its node is killed', { timeout: 120_000 }, async () => {
  const { missing, sealed } = await killRounds(6, 'sound');
  expect(missing).toEqual([]);
  expect(sealed).toBeGreaterThan(600);
});

it('catches a build that uses a key before it is in the shared folder', { timeout: 60_000 }, async () => {
  expect((await killRounds(1, 'broken')).missing).not.toEqual([]);
});

it.each([['half a line', Buffer.from('x'.repeat(100))], ['a block of zeros', Buffer.alloc(4_096)], ['whole lines that are none', Buffer.from('nonsense\n'.repeat(50))]])('starts after a crash that left %s, and no key is lost', async (_, tail) => {
  const [one, other] = [await nodes.start('one'), await nodes.start('other')];
  const before = await openKeyOf(one, aScope());
  await one.close();
  appendFileSync(nodes.keysFileOf('one'), tail);
  expect(await loaded(other, before)).toMatch(/^[0-9a-f]{256}$/);
  const again = await nodes.start('one');
  const after = await openKeyOf(again, aScope());
  for (const id of [before, after]) expect(await loaded(other, id)).toMatch(/^[0-9a-f]{256}$/);
});

it('refuses to seal while the shared folder is lost, opens what it knows, and goes on by itself when it is back', async () => {
  const [one, other] = [await nodes.start('one'), await nodes.start('other')];
  const [scope, id] = [aScope(), await openKeyOf(one, aScope())];
  await openKeyOf(one, scope);
  renameSync(nodes.shared, `${nodes.shared}.away`);
  expect(await eventually('it says that the folder is lost', () => one.stopped())).toContain(`The folder of the keys ${nodes.shared} cannot be used`);
  await expect(one.ready([aScope()])).rejects.toThrow('cannot be used');
  await expect(one.ready([scope]), 'a key that is in memory').rejects.toThrow('cannot be used');
  expect(await loaded(one, id)).toMatch(/^[0-9a-f]{256}$/);
  renameSync(`${nodes.shared}.away`, nodes.shared);
  await eventually('it is well again', () => one.stopped() === undefined);
  expect(await loaded(other, await openKeyOf(one, aScope()))).toMatch(/^[0-9a-f]{256}$/);
});

it('gives up on a shared folder that hangs, opens what it knows meanwhile, and goes on when it answers', { timeout: 60_000 }, async () => {
  const one = await nodes.start('one');
  const known = await openKeyOf(one, aScope());
  // Whoever opens it to read waits until somebody opens it to write.
  const hanging = join(nodes.shared, `${uuidv7(Date.now())}.keys`);
  execFileSync('mkfifo', [hanging]);
  const release = (): void => {
    if (!existsSync(hanging)) return;
    const end = openSync(hanging, 'r+');
    rmSync(hanging);
    closeSync(end);
  };
  onTestFinished(release);
  const waiting = Promise.resolve(one.load([uuidv7(Date.now())])).catch((cause: unknown) => String(cause));
  const refused = await eventually('it gives up', () => one.ready([aScope()])?.then(() => undefined, (cause: Error) => cause.message), () => one.stopped(), 30_000);
  expect(refused).toContain('has not answered for 10 seconds');
  expect(one.stopped()).toContain('has not answered');
  expect(await loaded(one, known)).toMatch(/^[0-9a-f]{256}$/);
  release();
  await eventually('it is well again', () => one.stopped() === undefined, () => one.stopped(), 10_000);
  await one.ready([aScope()]);
  await one.close();
  expect(await waiting).toContain('The keyring is closed.');
});

const canInject = spawnSync('strace', ['-f', '-e', 'trace=fsync', 'true']).status === 0;

it.skipIf(!canInject).each([2, 3, 9])('uses no key whose flush failed (number %i, EIO injected by strace), and goes on after it', { timeout: 90_000 }, async (when) => {
  await (await nodes.start('one')).close();
  const other = await nodes.start('other');
  const file = nodes.keysFileOf('one');
  const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-P', file, '-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${when}`];
  const node = writing(nodes, 'one', { under });
  await node.until('it has sealed after the failure', () => node.of('failed').length > 0 && node.told.findLastIndex(({ kind }) => kind === 'sealed') > node.told.findLastIndex(({ kind }) => kind === 'failed'));
  expect(node.of('failed')[0]).toMatchObject({ sentence: expect.stringMatching(/cannot be used: EIO/) });
  await node.end();
  expect(await missingAt(other, node.sealed.map(keyIn))).toEqual([]);
});
