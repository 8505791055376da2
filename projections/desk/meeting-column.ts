import type { DatabaseSync } from 'node:sqlite';
import { isCallEvent, type Call } from '#src/calls/call.ts';
import type { Opened } from '#src/every-event.ts';
import { evolveMeeting, isMeetingEvent, type Meeting } from '#src/meetings/meeting.ts';

type Row = { call: string | null; meeting: string | null };
const membership: ReadonlySet<string> = new Set(['MemberJoined', 'MemberLeft', 'ConversationClosed']);

/** Keeps what a meeting is as deciders know it. Asked after the column of the call, which it rests on. */
export const meetingColumn = (db: DatabaseSync): ((event: Opened, stream: number) => void) => {
  const read = db.prepare('SELECT call, meeting FROM conversations WHERE stream = ?');
  const write = db.prepare('UPDATE conversations SET meeting = ? WHERE stream = ?');
  return (event, stream) => {
    if (!isMeetingEvent(event) && !isCallEvent(event) && !membership.has(event.type)) return;
    const row = read.get(stream) as Row | undefined;
    if (!row || (row.meeting === null && event.type !== 'MeetingArranged')) return;
    const before = row.meeting === null ? null : (JSON.parse(row.meeting) as Meeting);
    const after = evolveMeeting(before, event, row.call === null ? null : (JSON.parse(row.call) as Call));
    if (after !== before) write.run(JSON.stringify(after), stream);
  };
};
