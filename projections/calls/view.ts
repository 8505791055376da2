import type { DatabaseSync } from 'node:sqlite';
import { evolveCall, isCallEvent, type Call } from '#src/calls/call.ts';
import type { Opened } from '#src/every-event.ts';
import { idOf } from '#src/kernel/streams.ts';
import { secondsOf } from '../timeline/call-lines.ts';
import type { Applier, View } from '../view.ts';

/**
 * Every call, in progress or over, under the position of its start: a client may use an id twice. `standing`: the call as deciders know it,
 * null once it is over. `roles`: how it was for somebody who was asked or took part; for everybody else it was without them.
 */
const schema = `
  CREATE TABLE calls (
    position INTEGER PRIMARY KEY, conversation TEXT NOT NULL, call TEXT NOT NULL, revision INTEGER NOT NULL, started_at INTEGER NOT NULL, started_by TEXT NOT NULL, audio_only INTEGER NOT NULL,
    ended_at INTEGER, seconds INTEGER, people TEXT NOT NULL, standing TEXT) STRICT;
  CREATE INDEX calls_of_conversation ON calls (conversation, position);
  CREATE INDEX calls_in_progress ON calls (conversation) WHERE standing IS NOT NULL;
  CREATE TABLE roles (position INTEGER NOT NULL, account TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (position, account)) STRICT, WITHOUT ROWID;
`;

type Row = { position: number; standing: string };

const open = (db: DatabaseSync): Applier => {
  const put = db.prepare('INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?)');
  const inProgress = db.prepare('SELECT position, standing FROM calls WHERE conversation = ? AND standing IS NOT NULL');
  const stand = db.prepare('UPDATE calls SET standing = ?, people = ? WHERE position = ?');
  const end = db.prepare('UPDATE calls SET standing = NULL, ended_at = ?, seconds = ?, people = ? WHERE position = ?');
  const putRole = db.prepare('INSERT INTO roles VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET role = excluded.role');
  // Who took part did, whatever they were asked before or after.
  const putUnlessThere = db.prepare("INSERT INTO roles VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET role = excluded.role WHERE role NOT IN ('placed', 'answered')");

  const started = (event: Opened<'CallStarted'>, conversation: string): void => {
    const call = evolveCall(null, event)!;
    put.run(event.position, conversation, call.callId, event.revision, call.startedAt, call.startedBy, call.audioOnly ? 1 : 0, JSON.stringify(call.people), JSON.stringify(call));
    putRole.run(event.position, call.startedBy, 'placed');
  };
  const roles = (event: Opened, position: number, call: Call): void => {
    if (event.type === 'CallJoined' && event.data.account !== call.startedBy) putRole.run(position, event.data.account, 'answered');
    else if (event.type === 'CallDeclined') putUnlessThere.run(position, event.data.account, 'declined');
    else if (event.type === 'CallUnanswered') for (const account of event.data.accounts) putUnlessThere.run(position, account, 'missed');
  };
  return {
    apply: (event) => {
      if (!event.stream.startsWith('conversation-') || (!isCallEvent(event) && event.type !== 'MemberLeft')) return;
      const conversation = idOf(event.stream);
      if (event.type === 'CallStarted') return started(event, conversation);
      const row = inProgress.get(conversation) as Row | undefined;
      if (!row) return;
      const before = JSON.parse(row.standing) as Call;
      const call = evolveCall(before, event)!;
      if (call === before) return;
      roles(event, row.position, call);
      if (event.type === 'CallEnded') end.run(event.data.at, secondsOf(event.data), JSON.stringify(event.data.people), row.position);
      else stand.run(JSON.stringify(call), JSON.stringify(call.people), row.position);
    },
  };
};

export const callsView: View = {
  name: 'calls',
  version: 3,
  schema,
  tables: [{ name: 'calls', orderBy: 'position' }, { name: 'roles', orderBy: 'position, account' }],
  open,
};
