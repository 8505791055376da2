import type { DatabaseSync } from 'node:sqlite';
import { evolveCall, isCallEvent, type Call } from '#src/calls/call.ts';
import type { Opened } from '#src/every-event.ts';

/** Keeps the latest call of each conversation as deciders know it. Nothing is read or written for what has nothing to do with calls. */
export const callColumn = (db: DatabaseSync): ((event: Opened, stream: number) => void) => {
  const read = db.prepare('SELECT call FROM conversations WHERE stream = ?');
  const write = db.prepare('UPDATE conversations SET call = ? WHERE stream = ?');
  return (event, stream) => {
    if (!isCallEvent(event) && event.type !== 'MemberLeft') return;
    const row = read.get(stream) as { call: string | null } | undefined;
    const before = typeof row?.call === 'string' ? (JSON.parse(row.call) as Call) : null;
    const after = evolveCall(before, event);
    if (after !== before) write.run(JSON.stringify(after), stream);
  };
};
