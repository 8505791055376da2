import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { WordsStore } from '#appliance/file-words/words-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'hansard-words-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const keeper = fileURLToPath(new URL('../support/word-keeping-process.ts', import.meta.url));
const rounds = 8;

/** Runs until it has said some positions, then is killed in the middle of whatever it does. Gives back the last position that it said. */
const killedWhileKeeping = async (file: string, from: number, after: number): Promise<number> => {
  const child = spawn(process.execPath, [keeper, file, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.split('\n').length > after) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
};

describe('the words inside files, when the process that keeps them is killed', () => {
  it('are there for every file up to where reading goes on, and for no other', async () => {
    const file = join(folder, 'words.sqlite');
    let next = 0;
    for (let round = 0; round < rounds; round += 1) {
      const said = await killedWhileKeeping(file, next, 3 + 17 * round);
      const store = new WordsStore(file, 'log');
      const { position, leafHash } = store.progress();
      expect([position >= said, leafHash]).toEqual([true, `leaf ${position}`]);
      const positions = Float64Array.from({ length: position + 5 }, (_, n) => n);
      const found = (words: string) => store.find({ positions, sizes: positions, words, unread: false, limit: 5 });
      const encrypted = Math.floor(position / 3) + 1;
      expect(found('and')).toMatchObject({ total: position + 1 - encrypted, inside: { of: position + 5, states: expect.arrayContaining([{ state: 'encrypted', count: encrypted }, { state: 'waiting', count: 4 }]) } });
      const last = position % 3 === 0 ? position - 1 : position;
      if (last > 0) expect(found(`word${last}`)).toMatchObject({ total: 1, page: [last] });
      store.close();
      next = position + 1;
    }
  });
});
