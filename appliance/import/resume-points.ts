import type { House } from '#appliance/house/house.ts';
import type { JsonObject } from '#src/kernel/event.ts';
import { streams } from '#src/kernel/streams.ts';
import { ImportTally } from './import-table.ts';
import { linesOfFile } from './lines-of-file.ts';
import { parseLine } from './parse-line.ts';

type Reached = { readonly line: number; readonly revision: number };

/**
 * Where an import of the same file was, room by room: everything up to this line is recorded, and need not be sent again.
 * A room is only in the answer when its revisions prove it: the events that its lines up to there make are exactly as many
 * as it holds. (Where people of ours joined in between they are not, and the lines are sent again; the desk knows them.)
 */
export const resumePoints = async ({ log }: House, file: string, batch: string, roomsOf: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, number>> => {
  const reached = new Map<string, Reached>();
  for (const [room, conversationId] of roomsOf) {
    const last = await lastImported(log, streams.conversation(conversationId), batch);
    if (last) reached.set(room, last);
  }
  if (reached.size === 0) return new Map();
  const tally = new ImportTally();
  const events = new Map<string, number>([...reached.keys()].map((room) => [room, 0]));
  for await (const page of linesOfFile(file)) {
    for (const one of page) {
      const parsed = parseLine(one);
      if ('reason' in parsed) continue;
      const made = tally.line(parsed);
      const last = reached.get(parsed.room);
      if (last && parsed.line <= last.line) events.set(parsed.room, events.get(parsed.room)! + made);
    }
  }
  // Revision 0 is the opening of the channel.
  return new Map([...reached].filter(([room, { revision }]) => events.get(room) === revision).map(([room, { line }]) => [room, line]));
};

const lastImported = async (log: House['log'], stream: string, batch: string): Promise<Reached | undefined> => {
  for await (const page of log.readStream(stream, { backwards: true })) {
    for (const { type, data, revision } of page) {
      const imported = (JSON.parse(data) as JsonObject)['imported'] as JsonObject | undefined;
      if (imported?.['batch'] === batch && type !== 'ConversationOpened') return { line: Number(imported['line']), revision };
    }
  }
  return undefined;
};
