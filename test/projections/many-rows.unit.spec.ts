import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeldRows } from '#projections/runner/held-rows.ts';
import { ManyRows } from '#projections/runner/many-rows.ts';
import { idFor } from '../support/makers.ts';

let db: DatabaseSync;
beforeEach(() => {
  db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE places (id TEXT NOT NULL, of INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (id, of)) STRICT, WITHOUT ROWID; CREATE VIRTUAL TABLE texts USING fts5 (text)');
});
afterEach(() => db.close());
const written = (): unknown[] => db.prepare('SELECT id, of, position FROM places ORDER BY position').all().map((row) => Object.values(row));

describe('rows written many at a time', () => {
  it.each([1, 31, 32, 33, 100])('are all there, %i of them', (count) => {
    const rows = new ManyRows(db, 'places', 3);
    for (let n = 0; n < count; n += 1) rows.add(idFor(n), 1, n);
    rows.flush();
    expect(written()).toEqual(Array.from({ length: count }, (_, n) => [idFor(n), 1, n]));
  });

  it('count as the conflict clause says where they are there already, before this call or in it', () => {
    const rows = new ManyRows(db, 'places', 3, 'ON CONFLICT DO UPDATE SET position = position + excluded.position');
    db.prepare('INSERT INTO places VALUES (?, 1, 1000)').run(idFor(5));
    for (let n = 0; n < 40; n += 1) rows.add(idFor(n), 1, n);
    for (let n = 30; n < 64; n += 1) rows.add(idFor(n), 1, n);
    rows.flush();
    const expected = Array.from({ length: 64 }, (_, n) => [idFor(n), 1, n === 5 ? 1005 : n >= 30 && n < 40 ? 2 * n : n]);
    expect(written()).toEqual(expected.toSorted((one, other) => (one[2] as number) - (other[2] as number)));
  });

  it('that break another rule are an error, conflict clause or not', () => {
    const rows = new ManyRows(db, 'places', 3, 'ON CONFLICT DO NOTHING');
    expect(() => {
      for (let n = 0; n < 32; n += 1) rows.add(n === 7 ? null : idFor(n), 1, n);
    }).toThrow('NOT NULL');
  });

  it('do not make the full-text index write out what it has gathered, as they would with a savepoint', () => {
    const piecesWith = (insert: (n: number) => void): number => {
      db.exec('DELETE FROM places; DELETE FROM texts; BEGIN');
      const putText = db.prepare('INSERT INTO texts VALUES (?)');
      for (let n = 0; n < 128; n += 1) {
        putText.run(`word ${n}`);
        insert(n);
      }
      const { pieces } = db.prepare('SELECT count(DISTINCT segid) AS pieces FROM texts_idx').get() as { pieces: number };
      db.exec('ROLLBACK');
      return pieces;
    };
    const rows = new ManyRows(db, 'places', 3);
    expect(piecesWith((n) => rows.add(idFor(n), 1, n))).toBe(0);
    const savepoint = db.prepare('INSERT INTO places VALUES (?, 1, ?), (?, 2, ?)');
    expect(piecesWith((n) => void savepoint.run(idFor(n), n, idFor(n), n))).toBeGreaterThan(0);
  });
});

describe('rows held until the commit', () => {
  it('are found by id and number, the last one of a key, and change before they are written', () => {
    const held = new HeldRows(db, 'places', 3);
    held.add([idFor(3), 1, 30]);
    held.add([idFor(1), 1, 10]);
    expect(held.find(idFor(1), 2)).toBeUndefined();
    held.set(held.find(idFor(1), 1)!, 2, 11);
    held.add([idFor(2), 7, 20]);
    held.drop(held.find(idFor(3), 1)!);
    expect(held.find(idFor(3), 1)).toBeUndefined();
    expect(held.valueOf(held.find(idFor(2), 7)!, 2)).toBe(20);
    held.flush();
    expect(held.find(idFor(2), 7)).toBeUndefined();
    expect(written()).toEqual([[idFor(1), 1, 11], [idFor(2), 7, 20]]);
  });

  it('are all written whatever their ids are', () => {
    const ids = ['', 'z', '-1', '!!!!!!!!!!', '上海', 'ffffffff-1', 'FFFFFFFF-2', '00000000', ...Array.from({ length: 60 }, (_, n) => `same-beginning-${n}`)];
    const held = new HeldRows(db, 'places', 3);
    for (const [n, id] of ids.entries()) held.add([id, 0, n]);
    held.flush();
    expect(written()).toEqual(ids.map((id, n) => [id, 0, n]));
  });

  it('are refused by the table where a key comes twice, and come together where they may', () => {
    const refused = new HeldRows(db, 'places', 3);
    for (const position of [1, 2]) refused.add([idFor(1), 1, position]);
    expect(() => refused.flush()).toThrow(/UNIQUE/);
    const summed = new HeldRows(db, 'places', 3, 'ON CONFLICT DO UPDATE SET position = position * 10 + excluded.position');
    db.exec('DELETE FROM places');
    for (const position of [1, 2, 3]) summed.add([idFor(1), 1, position]);
    summed.flush();
    expect(written()).toEqual([[idFor(1), 1, 123]]);
  });
});
