import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkKeyring, makeKeyringFiles, openSecrets, publicKeyOf } from '#appliance/keys/keyring-files.ts';
import { openKeyringReader } from '#appliance/keys/keyring-reader.ts';
import { createKeyring, openKeyring, shareKeyring } from '#appliance/keys/keyring.ts';
import { foldersOf } from '#appliance/keys/places.ts';
import { uuidv7 } from '#src/kernel/ids.ts';
import { logCheck } from '#src/sealing/keyring.ts';
import { aScope, KeyNodes, loaded, openKeyOf } from '#test/support/key-nodes.ts';
import { eventually } from '#test/support/waiting.ts';
import { log } from './sealing-makers.ts';

let nodes: KeyNodes;
beforeEach(() => void (nodes = new KeyNodes()));
afterEach(() => nodes.close());

describe('nodes that share a keyring', () => {
  it('have one log secret, one set of writers and one signing key', async () => {
    const [one, other] = [await nodes.start('one'), await nodes.start('other')];
    expect(logCheck(other.logSecret, log)).toBe(logCheck(one.logSecret, log));
    expect(other.writer).toEqual(one.writer);
    expect(publicKeyOf(other.signingKey)).toBe(publicKeyOf(one.signingKey));
    expect(checkKeyring(nodes.placesOf('third'), { logId: log, check: logCheck(one.logSecret, log), writers: [one.writer.id] })).toEqual([]);
  });

  it('make one set of keys also when they come at the same time to an empty folder', async () => {
    const keyrings = await Promise.all(['one', 'other', 'third'].map((name) => createKeyring(nodes.placesOf(name))));
    const ids = await Promise.all(keyrings.map((keyring) => openKeyOf(keyring, aScope())));
    for (const keyring of keyrings) for (const id of ids) expect(await loaded(keyring, id)).toMatch(/^[0-9a-f]{256}$/);
    expect(new Set(keyrings.map(({ logSecret }) => logCheck(logSecret, log))).size).toBe(1);
    for (const keyring of keyrings) await keyring.close();
  });

  it('open at once what any of them sealed, and each seals by keys of its own', async () => {
    const [one, other] = [await nodes.start('one'), await nodes.start('other')];
    const scope = aScope();
    const [ofOne, ofOther] = [await openKeyOf(one, scope), await openKeyOf(other, scope)];
    expect(ofOne).not.toBe(ofOther);
    expect(await loaded(other, ofOne)).toBe(await loaded(one, ofOne));
    expect(await loaded(one, ofOther)).toBe(await loaded(other, ofOther));
    expect([await openKeyOf(one, scope), await openKeyOf(other, scope)]).toEqual([ofOne, ofOther]);
    expect([one.behind(), other.behind(), one.stopped(), other.stopped()]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('open what others sealed while they were away, and what they themselves sealed before', async () => {
    const [one, other] = [await nodes.start('one'), await nodes.start('other')];
    const [mine, before] = [await openKeyOf(other, aScope()), await openKeyOf(one, aScope())];
    await other.close();
    const meanwhile = await openKeyOf(one, aScope());
    const again = await nodes.start('other');
    for (const id of [mine, before, meanwhile]) expect(await loaded(again, id)).toMatch(/^[0-9a-f]{256}$/);
  });

  it('let threads beside them read a key that they have not taken over themselves', async () => {
    const [one] = [await nodes.start('one'), await nodes.start('other')];
    const reader = openKeyringReader(nodes.placesOf('other'));
    for (let n = 0; n < 3; n += 1) {
      const id = await openKeyOf(one, aScope());
      expect(reader.find(id)).toEqual(one.find(id));
    }
    reader.close();
  });

  it('tell a thread beside them that a key does not come, instead of letting it show nothing', async () => {
    await nodes.start('one');
    const reader = openKeyringReader(nodes.placesOf('one'));
    expect(() => reader.find(uuidv7(Date.now()))).toThrow(/This node is behind: the key .* did not arrive/);
    reader.close();
  });

  it('say that they are behind while a key is on its way, and go on when it has come', async () => {
    const [one, other] = [await nodes.start('one'), await nodes.start('other')];
    const known = await openKeyOf(one, aScope());
    await loaded(other, known);
    const held = readFileSync(nodes.keysFileOf('one'));
    const id = await openKeyOf(one, aScope());
    const whole = readFileSync(nodes.keysFileOf('one'));
    // As storage that shows it later would: the line is cut in the middle, then it is there.
    truncateSync(nodes.keysFileOf('one'), held.length + 100);
    const waiting = loaded(other, id);
    const sentence = await eventually('it says that it is behind', () => other.behind());
    expect(sentence).toContain(`1 key that other nodes made (the first is ${id}) did not arrive`);
    expect(await loaded(other, known)).toMatch(/^[0-9a-f]{256}$/);
    writeFileSync(nodes.keysFileOf('one'), whole);
    expect(await waiting).toMatch(/^[0-9a-f]{256}$/);
    await eventually('it is not behind any more', () => other.behind() === undefined);
  });
});

describe('an erased scope of several nodes', () => {
  it('is closed by each node for itself, and gone everywhere once each has destroyed it', async () => {
    const [one, other] = [await nodes.start('one'), await nodes.start('other')];
    const [scope, kept] = [aScope(), aScope()];
    const [ofOne, ofOther, survivor] = [await openKeyOf(one, scope), await openKeyOf(other, scope), await openKeyOf(one, kept)];
    for (const keyring of [one, other]) for (const id of [ofOne, ofOther, survivor]) await loaded(keyring, id);
    expect([await one.closeScope(scope), await other.closeScope(scope)]).toEqual([[ofOne], [ofOther]]);
    const newer = await openKeyOf(one, scope);
    await loaded(other, newer);
    expect((await one.destroyScope(scope)).toSorted()).toEqual([ofOne, ofOther].toSorted());
    expect((await other.destroyScope(scope)).toSorted()).toEqual([ofOther]);
    for (const keyring of [one, other, await nodes.start('third')]) {
      expect([await loaded(keyring, ofOne), await loaded(keyring, ofOther)]).toEqual(['gone', 'gone']);
      // What was sealed after the closing is no part of it.
      for (const id of [newer, survivor]) expect(await loaded(keyring, id)).toBe(await loaded(one, id));
    }
  });

  it('is learned by a node that was away from the file of the one that destroyed it', async () => {
    const [one, other] = [await nodes.start('one'), await nodes.start('other')];
    const [scope, unseen] = [aScope(), aScope()];
    const [seen, never] = [await openKeyOf(one, scope), await openKeyOf(one, unseen)];
    await loaded(other, seen);
    await other.close();
    await one.closeScope(scope, unseen);
    await one.destroyScope(scope, unseen);
    const again = await nodes.start('other');
    expect([await loaded(again, seen), await loaded(again, never)]).toEqual(['gone', 'gone']);
  });

  it('is not destroyed while its folder cannot be read, because another node may have told of more keys', async () => {
    const one = await nodes.start('one');
    const scope = aScope();
    const id = await openKeyOf(one, scope);
    await one.closeScope(scope);
    renameSync(nodes.shared, `${nodes.shared}.away`);
    await expect(one.destroyScope(scope)).rejects.toThrow('cannot be used');
    expect(await loaded(one, id)).not.toBe('gone');
    renameSync(`${nodes.shared}.away`, nodes.shared);
    expect(await one.destroyScope(scope)).toEqual([id]);
  });
});

describe('the keys of a data folder', () => {
  it('move into the shared folder when they are first asked to, and their node goes on with them there', async () => {
    const { dataFolder } = nodes.placesOf('one');
    const alone = await createKeyring(dataFolder);
    const id = await openKeyOf(alone, aScope());
    const key = await loaded(alone, id);
    await alone.close();
    const [one, other] = [await openKeyring(nodes.placesOf('one')), await openKeyring(nodes.placesOf('other'))];
    expect([await loaded(one, id), await loaded(other, id)]).toEqual([key, key]);
    expect(logCheck(other.logSecret, log)).toBe(logCheck(alone.logSecret, log));
    expect(publicKeyOf(one.signingKey)).toBe(publicKeyOf(alone.signingKey));
    expect(readdirSync(join(dataFolder, 'keys')).filter((name) => /^(master|signing)\.key$/.test(name))).toEqual([]);
    await one.close();
    await other.close();
    await expect(openKeyring(dataFolder)).rejects.toThrow(`were moved to ${nodes.shared}. Set HANSARD_KEYS`);
  });

  it('move as a whole by one call, which can be repeated where it was interrupted', async () => {
    const { dataFolder } = nodes.placesOf('one');
    const alone = await createKeyring(dataFolder);
    const id = await openKeyOf(alone, aScope());
    await alone.close();
    // As a crash leaves it: the master key has arrived, and is still where it was.
    cpSync(join(dataFolder, 'keys', 'master.key'), join(nodes.shared, 'master.key'));
    await shareKeyring(dataFolder, nodes.shared);
    await shareKeyring(dataFolder, nodes.shared);
    expect(await loaded(await nodes.start('other'), id)).toMatch(/^[0-9a-f]{256}$/);
  });

  it('stay where they are when the folder holds those of another log', async () => {
    await nodes.start('one');
    const places = nodes.placesOf('stranger');
    makeKeyringFiles(places.dataFolder);
    await expect(openKeyring(places)).rejects.toThrow('holds the keys of another log');
    expect(existsSync(join(places.dataFolder, 'keys', 'master.key'))).toBe(true);
    expect(openSecrets(foldersOf(places.dataFolder)).writers.size).toBe(1);
  });
});

describe('at a start, a shared folder', () => {
  it('that is not there, or not mounted, is named, and nothing is made in its place', async () => {
    const one = await nodes.start('one');
    await one.close();
    const expected = { logId: log, check: logCheck(one.logSecret, log), writers: [] };
    renameSync(nodes.shared, `${nodes.shared}.away`);
    await expect(openKeyring(nodes.placesOf('one'))).rejects.toThrow(`The folder of the keys ${nodes.shared} (HANSARD_KEYS) is not there`);
    expect(checkKeyring(nodes.placesOf('one'), expected)).toEqual([expect.stringContaining(`${nodes.shared} (HANSARD_KEYS) is not there`)]);
    mkdirSync(nodes.shared);
    for (const open of [openKeyring, createKeyring]) await expect(open(nodes.placesOf('one'))).rejects.toThrow('Is it mounted?');
    expect(readdirSync(nodes.shared)).toEqual([]);
  });

  it('that lacks its secrets is named', async () => {
    await (await nodes.start('one')).close();
    rmSync(join(nodes.shared, 'secrets.json'));
    await expect(openKeyring(nodes.placesOf('one'))).rejects.toThrow(join(nodes.shared, 'secrets.json'));
  });

  it('that lost the file of a node gets it again from the node, with every key', async () => {
    const [one, other] = [await nodes.start('one'), await nodes.start('other')];
    const id = await openKeyOf(one, aScope());
    await one.close();
    rmSync(nodes.keysFileOf('one'));
    await nodes.start('one');
    expect(await loaded(other, id)).toMatch(/^[0-9a-f]{256}$/);
  });

  it('that holds an older file of a node, put back from a backup, gets the newer one', async () => {
    const [one, other] = [await nodes.start('one'), await nodes.start('other')];
    const backup = readFileSync(nodes.keysFileOf('one'));
    const id = await openKeyOf(one, aScope());
    writeFileSync(nodes.keysFileOf('one'), backup);
    expect(await loaded(other, id)).toMatch(/^[0-9a-f]{256}$/);
    expect(await loaded(other, await openKeyOf(one, aScope()))).toMatch(/^[0-9a-f]{256}$/);
  });
});

describe('a copy of a data folder', () => {
  const copied = (): string => {
    cpSync(join(nodes.base, 'one'), join(nodes.base, 'copy'), { recursive: true });
    return 'copy';
  };

  it('is refused while the node runs that it was copied from', async () => {
    const one = await nodes.start('one');
    await expect(nodes.start(copied())).rejects.toThrow(/Another appliance runs as node .* Is this data folder a copy\?/);
    expect(one.stopped()).toBeUndefined();
    await one.ready([aScope()]);
  });

  it('keeps its original from starting, once it has run in its place, and an id of its own makes both go on', async () => {
    const one = await nodes.start('one');
    const id = await openKeyOf(one, aScope());
    await one.close();
    const copy = await nodes.start(copied());
    const ofCopy = await openKeyOf(copy, aScope());
    await copy.close();
    await expect(nodes.start('one')).rejects.toThrow(/Another data folder has written keys under the id of this one.*delete .*node\.json/s);
    rmSync(join(nodes.base, 'one', 'node.json'));
    const [again, other] = [await nodes.start('one'), await nodes.start('copy')];
    for (const keyring of [again, other]) for (const key of [id, ofCopy]) expect(await loaded(keyring, key)).toMatch(/^[0-9a-f]{256}$/);
    const [newer, scope] = [aScope(), aScope()];
    expect(await loaded(other, await openKeyOf(again, newer))).toMatch(/^[0-9a-f]{256}$/);
    expect(await loaded(again, await openKeyOf(other, scope))).toMatch(/^[0-9a-f]{256}$/);
  });

  it('is noticed by a running node whose lock was lost, which then makes no more keys', async () => {
    const one = await nodes.start('one');
    const copy = copied();
    // As storage that forgot the lock in a partition.
    for (const name of readdirSync(nodes.shared)) if (name.includes('.lock')) rmSync(join(nodes.shared, name));
    await nodes.start(copy);
    expect(await eventually('the original stops', () => one.stopped())).toContain('Another data folder has written keys under the id of this one');
    await expect(one.ready([aScope()])).rejects.toThrow('Another data folder');
  });
});
