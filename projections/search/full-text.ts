import type { DatabaseSync } from 'node:sqlite';
import { tokenizer } from './tokens.ts';

/**
 * A regular FTS5 table: rowid = log position, `tokens` = segmented text, `scope` = tokens of whose and where, so that filters
 * are part of the match. Regular with secure-delete, because a contentless table keeps erased terms (facts/real-parts.md).
 */
export const fullTextSchema = (table: string): string => `
  CREATE VIRTUAL TABLE ${table} USING fts5 (tokens, scope, columnsize = 0, ${tokenizer});
  INSERT INTO ${table} (${table}, rank) VALUES ('secure-delete', 1);
`;

/** Scope tokens. `ref` is the small integer of a conversation or a person. */
export const conversationToken = (ref: number): string => `c${ref}`;
export const personToken = (ref: number): string => `p${ref}`;

/** In a rebuild, larger pieces are written and merged later. */
export const bulkOf = (table: string) => ({
  before: (db: DatabaseSync): void => db.exec(`INSERT INTO ${table} (${table}, rank) VALUES ('hashsize', 16777216); INSERT INTO ${table} (${table}, rank) VALUES ('crisismerge', 64); INSERT INTO ${table} (${table}, rank) VALUES ('automerge', 0)`),
  after: (db: DatabaseSync): void => db.exec(`INSERT INTO ${table} (${table}, rank) VALUES ('hashsize', 1048576); INSERT INTO ${table} (${table}, rank) VALUES ('crisismerge', 16); INSERT INTO ${table} (${table}, rank) VALUES ('automerge', 4); INSERT INTO ${table} (${table}) VALUES ('optimize')`),
});

/** Any of these scope tokens, in FTS5's language. */
export const anyScope = (tokens: readonly string[]): string => `scope : (${tokens.map((token) => `"${token}"`).join(' OR ')})`;
