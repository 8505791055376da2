import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { keyFolder, readOrMakeSigningKey } from '#appliance/keys/key-files.ts';
import { checkKeyring, makeKeyringFiles, publicKeyOf, type KeyringExpectation } from '#appliance/keys/keyring-files.ts';
import { openKeyringReader } from '#appliance/keys/keyring-reader.ts';
import { KeyringStore } from '#appliance/keys/keyring-store.ts';
import { openKeyring } from '#appliance/keys/keyring.ts';
import { Fault } from '#src/kernel/fault.ts';
import { logCheck } from '#src/sealing/keyring.ts';
import { scopeOf } from '#src/sealing/scopes.ts';
import { alice, aPostedText, general, log } from './sealing-makers.ts';

const base = mkdtempSync(join(tmpdir(), 'hansard-keys-'));
afterAll(() => rmSync(base, { recursive: true }));
const newFolder = (): string => mkdtempSync(join(base, 'data-'));
const withKeys = (folder = newFolder()): string => {
  makeKeyringFiles(folder);
  return folder;
};
const expectationOf = (folder: string): KeyringExpectation => {
  const reader = openKeyringReader(folder);
  reader.close();
  return { logId: log, check: logCheck(reader.logSecret, log), writers: [...reader.writers.keys()] };
};

describe('the folder of the keys', () => {
  it('is for its owner alone, and never overwritten', () => {
    const folder = withKeys();
    expect(statSync(keyFolder(folder)).mode & 0o777).toBe(0o700);
    const files = readdirSync(keyFolder(folder));
    expect(files.sort()).toEqual([expect.stringMatching(/^epoch-[0-9a-f-]{36}\.key$/), 'keyring.sqlite', 'master.key', 'signing.key']);
    for (const file of files) expect(statSync(join(keyFolder(folder), file)).mode & 0o077, file).toBe(0);
    expect(() => makeKeyringFiles(folder)).toThrow(Fault);
  });

  it('is made anew where making it was interrupted', () => {
    const folder = newFolder();
    cpSync(keyFolder(withKeys()), join(folder, 'keys.making'), { recursive: true });
    withKeys(folder);
    expect(existsSync(join(folder, 'keys.making'))).toBe(false);
    expect(checkKeyring(folder, expectationOf(folder))).toEqual([]);
  });

  it('keeps its signing key, and gets another one for one that was lost', () => {
    const folder = withKeys();
    const signingKey = (): string => publicKeyOf(readOrMakeSigningKey(keyFolder(folder)));
    const first = signingKey();
    expect(signingKey()).toBe(first);
    rmSync(join(keyFolder(folder), 'signing.key'));
    expect(checkKeyring(folder, expectationOf(folder))).toEqual([]);
    expect(signingKey()).not.toBe(first);
  });
});

describe('a destroyed key', () => {
  it('never comes back, whatever is done in whatever order', () => {
    const one = scopeOf(general, aPostedText().data, 'text');
    const scopes = [one, { ...one, subject: alice, month: '2026-06' }];
    const act = fc.tuple(fc.constantFrom('ready', 'close', 'destroy', 'restart'), fc.constantFrom(0, 1));
    fc.assert(
      fc.property(fc.array(act, { maxLength: 15 }), (acts) => {
        const folder = keyFolder(withKeys());
        let store = new KeyringStore(folder, 'write');
        const destroyed = new Set<string>();
        for (const [what, which] of acts) {
          const scope = scopes[which]!;
          if (what === 'close') store.closeScope(scope);
          if (what === 'destroy') for (const id of store.destroyScope(scope)) destroyed.add(id);
          if (what === 'ready') expect(destroyed).not.toContain(store.openKeys([scope])[0]!.id);
          if (what === 'restart') {
            store.close();
            store = new KeyringStore(folder, 'write');
          }
          for (const id of destroyed) expect(store.key(id)).toBe('gone');
        }
        store.close();
      }),
      { numRuns: 15 },
    );
  });
});

describe('at a start', () => {
  it('the keyring of this log is accepted', () => {
    const folder = withKeys();
    expect(checkKeyring(folder, expectationOf(folder))).toEqual([]);
  });

  it.each(['keyring.sqlite', 'master.key'])('a missing %s is named, and nothing opens', async (file) => {
    const folder = withKeys();
    const expected = expectationOf(folder);
    rmSync(join(keyFolder(folder), file));
    expect(checkKeyring(folder, expected)).toEqual([expect.stringContaining(join(keyFolder(folder), file))]);
    await expect(openKeyring(folder)).rejects.toThrow(file);
  });

  it('a missing key of the epoch is named, because nothing would open', () => {
    const folder = withKeys();
    const expected = expectationOf(folder);
    const epoch = readdirSync(keyFolder(folder)).find((name) => name.startsWith('epoch-'))!;
    rmSync(join(keyFolder(folder), epoch));
    expect(checkKeyring(folder, expected)).toEqual([expect.stringContaining(`${join(keyFolder(folder), epoch)} is missing`)]);
  });

  it('a folder without keys is named', () => {
    const folder = newFolder();
    expect(checkKeyring(folder, expectationOf(withKeys()))).toEqual([expect.stringContaining(keyFolder(folder))]);
  });

  it('the keyring of another log is named', () => {
    expect(checkKeyring(withKeys(), expectationOf(withKeys()))).toEqual([expect.stringMatching(/keyring\.sqlite is the keyring of another log/)]);
  });

  it('a writer whose key is lacking is named', () => {
    const folder = withKeys();
    const expected = expectationOf(folder);
    const lacking = checkKeyring(folder, { ...expected, writers: [...expected.writers, 'somebody'] });
    expect(lacking).toEqual([expect.stringMatching(/keyring\.sqlite lacks the key of the writer somebody/)]);
  });

  it('a master key of another keyring, or none at all, is named', () => {
    const folder = withKeys();
    const expected = expectationOf(folder);
    const masterKey = join(keyFolder(folder), 'master.key');
    cpSync(join(keyFolder(withKeys()), 'master.key'), masterKey);
    expect(checkKeyring(folder, expected)).toEqual([expect.stringContaining('keyring.sqlite')]);
    writeFileSync(masterKey, 'nonsense');
    expect(checkKeyring(folder, expected)).toEqual([expect.stringContaining(masterKey)]);
  });

  it('a keyring that is no database is named', () => {
    const folder = withKeys();
    const expected = expectationOf(folder);
    writeFileSync(join(keyFolder(folder), 'keyring.sqlite'), 'nonsense'.repeat(1_000));
    expect(checkKeyring(folder, expected)).toEqual([expect.stringContaining('keyring.sqlite')]);
  });
});
