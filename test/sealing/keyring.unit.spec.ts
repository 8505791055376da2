import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeyringReader } from '#appliance/keys/keyring-reader.ts';
import { KeyringStore } from '#appliance/keys/keyring-store.ts';
import { createKeyring, openKeyring, type DiskKeyring } from '#appliance/keys/keyring.ts';
import type { KeyPlaces } from '#appliance/keys/places.ts';
import { Fault } from '#src/kernel/fault.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { keysAtOnceMax, logCheck } from '#src/sealing/keyring.ts';
import { openEvent } from '#src/sealing/seal.ts';
import { scopeOf, type Scope } from '#src/sealing/scopes.ts';
import { eventually } from '#test/support/waiting.ts';
import { aPostedText, aRecordedEvent, log } from './sealing-makers.ts';

type Form = { readonly form: string; readonly placesOf: (dataFolder: string) => KeyPlaces };
const sharedFolder = mkdtempSync(join(tmpdir(), 'hansard-keyring-shared-'));
const forms: readonly Form[] = [
  { form: 'of one node', placesOf: (dataFolder) => ({ dataFolder }) },
  { form: 'of several nodes', placesOf: (dataFolder) => ({ dataFolder, keysFolder: sharedFolder }) },
];
afterAll(() => rmSync(sharedFolder, { recursive: true }));

describe.each(forms)('the keyring $form', ({ form, placesOf }) => {
  // One keyring for all: starting its thread takes a tenth of a second. Each test has conversations of its own.
  const folder = mkdtempSync(join(tmpdir(), 'hansard-keyring-'));
  const keys = join(folder, 'keys');
  const isShared = form === 'of several nodes';
  let keyring: DiskKeyring;
  beforeAll(async () => {
    keyring = await createKeyring(placesOf(folder));
  });
  afterAll(async () => {
    await keyring.close();
    rmSync(folder, { recursive: true });
  });

  const aScope = (): Scope => scopeOf(`conversation-${uuidv4()}`, aPostedText().data, 'text');
  const aSealedLine = async (): Promise<{ scope: Scope; keyId: string; recorded: ReturnType<typeof aRecordedEvent> }> => {
    const scope = aScope();
    await keyring.ready([scope]);
    return { scope, keyId: keyring.openKey(scope)!.id, recorded: aRecordedEvent(keyring, { stream: scope.stream }) };
  };
  const contentOf = (recorded: ReturnType<typeof aRecordedEvent>, by: Parameters<typeof openEvent>[2]) => {
    const { event, absent } = openEvent(recorded, log, by);
    return { content: event.content, absent };
  };
  const readable = { content: { text: { mentions: [], text: 'hello' } }, absent: [] };

  /** Asks the database whether somebody committed since it was asked last. */
  const commitsSeen = (): { happened: () => boolean; close: () => void } => {
    const db = new DatabaseSync(join(keys, 'keyring.sqlite'), { readOnly: true });
    const version = (): unknown => db.prepare('PRAGMA data_version').get()?.['data_version'];
    let last = version();
    return { happened: () => last !== (last = version()), close: () => db.close() };
  };

  describe('a data key', () => {
    it('is on the disk, wrapped, before it can be used', async () => {
      const { recorded } = await aSealedLine();
      const copy = mkdtempSync(join(folder, 'copy-'));
      cpSync(keys, join(copy, 'keys'), { recursive: true });
      const reader = openKeyringReader(placesOf(copy));
      expect(contentOf(recorded, reader)).toEqual(readable);
      reader.close();
    });

    it('of a thousand conversations is made in one transaction', async () => {
      const scopes = Array.from({ length: 1_000 }, aScope);
      const commits = commitsSeen();
      let transactions = 0;
      await Promise.all(scopes.map((one) => keyring.ready([one])?.then(() => (transactions += commits.happened() ? 1 : 0))));
      commits.close();
      expect(transactions).toBe(1);
      expect(new Set(scopes.map((one) => keyring.openKey(one)?.id)).size).toBe(1_000);
      expect(keyring.find(keyring.openKey(scopes[0]!)!.id)).toBe(keyring.openKey(scopes[0]!));
    });

    it('is made once, however many ask at once, and then without waiting', async () => {
      const scope = aScope();
      await Promise.all(Array.from({ length: 50 }, () => keyring.ready([scope, scope])));
      expect(keyring.ready([scope])).toBeUndefined();
      const db = new DatabaseSync(join(keys, 'keyring.sqlite'), { readOnly: true });
      expect(db.prepare('SELECT count(*) AS n FROM data_key WHERE stream = ?').get(scope.stream)).toEqual({ n: 1 });
      db.close();
    });

    it('is there for everybody who waited, also where more are asked for than one batch holds', async () => {
      const asked = Array.from({ length: 3 }, () => Array.from({ length: keysAtOnceMax - 1 }, aScope));
      await Promise.all(asked.map((scopes) => keyring.ready(scopes)?.then(() => expect(scopes.every((one) => keyring.openKey(one))).toBe(true))));
      await expect(keyring.ready(Array.from({ length: keysAtOnceMax + 1 }, aScope))).rejects.toThrow(Fault);
    });

    it('is another one for every stream, subject, class and month', async () => {
      const scope = aScope();
      const scopes: Scope[] = [scope, aScope(), { ...scope, subject: uuidv4() }, { ...scope, class: 'file' }, { ...scope, month: '2026-06' }, { ...scope, month: null }];
      await keyring.ready(scopes);
      expect(new Set(scopes.map((one) => keyring.openKey(one)?.id)).size).toBe(scopes.length);
    });

    it('is unknown to a keyring that never had it, where no other node can have made it', async () => {
      const id = isShared ? 'no id of ours' : uuidv4();
      await keyring.load([id]);
      expect(keyring.find(id)).toBe('unknown');
      const reader = openKeyringReader(placesOf(folder));
      expect(reader.find(id)).toBe('unknown');
      reader.close();
    });
  });

  describe('an erased scope', () => {
    it('seals under a new key once it is closed, and its old key still opens', async () => {
      const { scope, keyId, recorded } = await aSealedLine();
      expect(keyring.isOpen(keyId)).toBe(true);
      expect(await keyring.closeScope(scope)).toEqual([keyId]);
      expect(keyring.isOpen(keyId)).toBe(false);
      expect(contentOf(recorded, keyring)).toEqual(readable);
      await keyring.ready([scope]);
      expect(keyring.openKey(scope)!.id).not.toBe(keyId);
    });

    it('is not destroyed before it is closed', async () => {
      const { scope, recorded } = await aSealedLine();
      expect(await keyring.destroyScope(scope)).toEqual([]);
      expect(contentOf(recorded, keyring)).toEqual(readable);
    });

    it('opens nothing any more, here and in other threads', async () => {
      const { scope, keyId, recorded } = await aSealedLine();
      const reader = openKeyringReader(placesOf(folder));
      expect(contentOf(recorded, reader)).toEqual(readable);
      await keyring.closeScope(scope);
      reader.forget(await keyring.destroyScope(scope));
      const gone = { content: {}, absent: [{ part: 'text', key: keyId, why: 'gone' }] };
      expect(contentOf(recorded, keyring)).toEqual(gone);
      expect(contentOf(recorded, reader)).toEqual(gone);
      reader.close();
    });

    it('leaves no wrapped bytes behind in any file', async () => {
      const { scope, keyId } = await aSealedLine();
      const db = new DatabaseSync(join(keys, 'keyring.sqlite'), { readOnly: true });
      const wrapped = [Buffer.from(db.prepare('SELECT wrapped FROM data_key WHERE id = ?').get(keyId)!['wrapped'] as Uint8Array)];
      db.close();
      const places = isShared ? [keys, sharedFolder] : [keys];
      const texts = places.flatMap((place) => readdirSync(place).map((file) => readFileSync(join(place, file), 'latin1')));
      for (const [, line] of texts.join('').matchAll(new RegExp(`"is":"key","id":"${keyId}".*"wrapped":"([^"]+)"`, 'g'))) wrapped.push(Buffer.from(line!));
      expect(wrapped).toHaveLength(places.length);
      const found = (): number => wrapped.filter((bytes) => places.some((place) => readdirSync(place).some((file) => readFileSync(join(place, file)).includes(bytes)))).length;
      expect(found()).toBe(places.length);
      await keyring.closeScope(scope);
      await keyring.destroyScope(scope);
      expect(found()).toBe(0);
    });

    it('does not open with an older copy of the keyring and the keys that remain', async () => {
      const { scope, keyId, recorded } = await aSealedLine();
      const survivor = await aSealedLine();
      const old = mkdtempSync(join(folder, 'old-'));
      for (const [place, name] of [[keys, 'own'], [sharedFolder, 'shared']] as const) cpSync(place, join(old, name), { recursive: true });
      await keyring.closeScope(scope);
      await keyring.destroyScope(scope);
      const remaining = (name: string, place: string): void => {
        for (const file of readdirSync(join(old, name)).filter((one) => /^(epoch-.*\.key|.*\.kek|master\.key)$/.test(one))) rmSync(join(old, name, file));
        for (const file of readdirSync(place).filter((one) => /\.(key|kek)$/.test(one))) cpSync(join(place, file), join(old, name, file));
      };
      remaining('own', keys);
      remaining('shared', sharedFolder);
      const store = new KeyringStore(join(old, 'own'), 'read', isShared ? join(old, 'shared') : undefined);
      expect(() => store.key(keyId)).toThrow(/epoch-.*is missing/);
      // The secrets are not lost with it: such a copy still continues the log.
      expect(store.secrets().get('log')).toHaveLength(32);
      store.close();
      expect(contentOf(recorded, keyring).absent).toMatchObject([{ key: keyId, why: 'gone' }]);
      expect(contentOf(survivor.recorded, keyring)).toEqual(readable);
      if (!isShared) return;
      // Nor does a node read it from an older copy of what this one told the others.
      const joining = await openKeyring({ dataFolder: join(old, 'joining'), keysFolder: join(old, 'shared') });
      const isThere = await Promise.race([Promise.resolve(joining.load([keyId])).then(() => true, () => false), eventually('it says that it is behind', () => joining.behind()).then(() => false)]);
      expect(isThere).toBe(false);
      await joining.close();
    });
  });

  describe('a keyring', () => {
    it('has all keys when it is opened again, and gives none once it is closed', async () => {
      const { scope, keyId, recorded } = await aSealedLine();
      const old = keyring;
      await old.close();
      await expect(old.ready([aScope()])).rejects.toThrow('The keyring is closed.');
      keyring = await openKeyring(placesOf(folder));
      expect(logCheck(keyring.logSecret, log)).toBe(logCheck(old.logSecret, log));
      expect(keyring.writer).toEqual(old.writer);
      expect(contentOf(recorded, keyring).absent).toMatchObject([{ key: keyId, why: 'not-loaded' }]);
      await keyring.load([keyId]);
      expect(contentOf(recorded, keyring)).toEqual(readable);
      await keyring.ready([scope]);
      expect(keyring.openKey(scope)).toEqual(keyring.find(keyId));
    });

    it('makes no more keys once one could not be written, and opens what it has', async () => {
      const { scope, recorded } = await aSealedLine();
      expect(keyring.stopped()).toBeUndefined();
      const db = new DatabaseSync(join(keys, 'keyring.sqlite'));
      db.exec(`CREATE TRIGGER broken_disk BEFORE INSERT ON data_key BEGIN SELECT raise(ABORT, 'the disk is broken'); END`);
      await expect(keyring.ready([aScope()])).rejects.toThrow('the disk is broken');
      db.exec('DROP TRIGGER broken_disk');
      db.close();
      await expect(keyring.ready([aScope()])).rejects.toThrow('the disk is broken');
      expect(keyring.stopped()).toContain('the disk is broken');
      expect(keyring.ready([scope])).toBeUndefined();
      expect(contentOf(recorded, keyring)).toEqual(readable);
    });
  });
});
