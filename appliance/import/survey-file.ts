import { createHash } from 'node:crypto';
import { causedId } from '#src/kernel/ids.ts';
import { linesOfFile } from './lines-of-file.ts';
import { parseLine } from './parse-line.ts';

/** `rooms`: name to the line where it first appears. `hash`: SHA-256 of the lines, hex: the same whatever the file is called and whether it is packed. */
export type Survey = { readonly hash: string; readonly lines: number; readonly rooms: ReadonlyMap<string, { readonly line: number; readonly saidAt: number }> };

/** Reads the file once before anything is recorded: what it is, and which rooms it has. */
export const surveyFile = async (file: string): Promise<Survey> => {
  const hash = createHash('sha256');
  const rooms = new Map<string, { readonly line: number; readonly saidAt: number }>();
  let lines = 0;
  for await (const page of linesOfFile(file)) {
    for (const one of page) {
      lines += 1;
      hash.update(one.bytes ?? 'too long').update('\n');
      const parsed = parseLine(one);
      if (!('reason' in parsed) && !rooms.has(parsed.room)) rooms.set(parsed.room, { line: parsed.line, saidAt: parsed.saidAt });
    }
  }
  return { hash: hash.digest('hex'), lines, rooms };
};

/** An import's id: the same file brought under the same name is the same import, whenever it is run. */
export const batchOf = ({ hash }: Survey, source: string): string => causedId(JSON.stringify(['import', source, hash]), 0);
