import { expect, it } from 'vitest';

import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { aFolder } from '#test/support/log-makers.ts';
import { startWriting, Witness, type WritingMode } from '#test/support/log-witness.ts';

const seed = Number(process.env['HANSARD_TEST_SEED'] ?? Date.now() % 1_000_000);

/** Mulberry32: small, and the same from the same seed. */
const randomFrom = (start: number) => {
  let state = start;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Kills a process with eight writers again and again on one file, after a random number of acknowledgements. */
const killRounds = async (rounds: number, mode: WritingMode): Promise<{ complaints: string[]; acknowledged: number }> => {
  const { file, remove } = await aFolder();
  const random = randomFrom(seed);
  const witness = new Witness();
  const complaints: string[] = [];
  for (let round = 0; round < rounds && complaints.length === 0; round += 1) {
    const writing = startWriting(file, mode);
    await writing.hasAcknowledged(1 + Math.floor(random() * 400));
    writing.process.kill('SIGKILL');
    const told = await writing.gone;
    witness.hear(told);
    if (writing.process.signalCode !== 'SIGKILL' || told.some(({ kind }) => kind === 'failed')) complaints.push('the writing process ended by itself');
    // Opened between the rounds too, because each start goes on from what the last one made of the remains.
    if (round % 5 !== 4 && round !== rounds - 1) continue;
    const log = await openSqliteLog({ file, reserveBytes: 0 });
    complaints.push(...(await witness.complaintsAbout(log)));
    await log.close();
  }
  await remove();
  return { complaints, acknowledged: witness.acknowledged.length };
};

it(`loses nothing acknowledged and has nothing twice after fifty kills under eight writers (seed ${seed})`, { timeout: 120_000 }, async () => {
  const { complaints, acknowledged } = await killRounds(50, 'sound');
  expect(complaints).toEqual([]);
  expect(acknowledged).toBeGreaterThan(1000);
});

it('catches a build that acknowledges before the commit', { timeout: 60_000 }, async () => {
  const { complaints } = await killRounds(5, 'acknowledges before commit');
  expect(complaints).toContainEqual(expect.stringMatching(/^lost: /));
});
