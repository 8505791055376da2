import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { WordsStore, type FilePlace } from '#appliance/file-words/words-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'hansard-words-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

const files: readonly FilePlace[] = [1, 2, 3].map((position) => ({ position, conversationId: 'conversation', fileId: `file ${position}` }));
const positions = Float64Array.from(files, ({ position }) => position);

/** A search that is under way while another connection, as that of the thread that writes, finds the second file's bytes missing. Every file that was read holds the word. */
const searchedMeanwhile = (name: string): { readonly total: number; readonly read: number; readonly missing: number } => {
  const [writer, reader] = [new WordsStore(join(folder, name), 'log'), new WordsStore(join(folder, name), 'log')];
  const prepare = DatabaseSync.prototype.prepare;
  try {
    for (const file of files) writer.put(file, { state: 'read', text: 'the side agreement' });
    let isWritten = false;
    vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, ...statement: Parameters<typeof prepare>) {
      // Between how far each file was read and where the words stand.
      if (statement[0].includes('texts MATCH') && !isWritten) {
        isWritten = true;
        writer.put(files[1]!, { state: 'missing', text: '' });
      }
      return prepare.apply(this, statement);
    });
    const found = reader.find({ positions, sizes: positions, words: 'agreement', unread: false, limit: 10 });
    if (!('inside' in found)) throw new Error(found.says);
    expect(isWritten).toBe(true);
    const counted = (state: string): number => found.inside.states.find((one) => one.state === state)?.count ?? 0;
    return { total: found.total, read: counted('read'), missing: counted('missing') };
  } finally {
    vi.restoreAllMocks();
    reader.close();
    writer.close();
  }
};

describe('a search inside while something is written', () => {
  it('says of one moment what it found and what was read: no file is passed over in silence', () => {
    expect(searchedMeanwhile('sound')).toEqual({ total: 3, read: 3, missing: 0 });
  });

  it('would pass one over in a build that reads the two apart', () => {
    const exec = DatabaseSync.prototype.exec;
    vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: DatabaseSync, sql: string) {
      const isOfRead = sql === 'BEGIN' || (sql === 'COMMIT' && !this.isTransaction);
      if (!isOfRead) exec.call(this, sql);
    });
    expect(searchedMeanwhile('broken')).toEqual({ total: 2, read: 3, missing: 0 });
  });
});
