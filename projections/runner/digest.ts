import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { View } from '../view.ts';

/**
 * SHA-256 (hex) over a view's rows in key order, and over the terms of its full-text tables: a rebuilt view must have the
 * digest of the live one (ARCHITECTURE section 8, rebuild law). The checkpoint is part of it.
 */
export const digestOf = (db: DatabaseSync, view: View): string => {
  const hash = createHash('sha256');
  const add = (sql: string): void => {
    const statement = db.prepare(sql);
    statement.setReadBigInts(true);
    for (const row of statement.iterate()) {
      const values = Object.values(row as Record<string, unknown>).map((value) => (typeof value === 'bigint' ? Number(value) : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value));
      hash.update(`${JSON.stringify(values)}\n`);
    }
  };
  db.exec('BEGIN');
  try {
    add('SELECT version, position, leaf FROM checkpoint');
    for (const table of view.tables) {
      if ('fts' in table) {
        hash.update(`# ${table.fts}\n`);
        db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary_${table.fts} USING fts5vocab(main, ${table.fts}, instance)`);
        add(`SELECT term, doc, col, offset FROM temp.vocabulary_${table.fts} ORDER BY term, doc, col, offset`);
      } else {
        hash.update(`# ${table.name}\n`);
        add(`SELECT * FROM ${table.name} ORDER BY ${table.orderBy}`);
      }
    }
  } finally {
    db.exec('COMMIT');
  }
  return hash.digest('hex');
};
