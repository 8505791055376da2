import { evolveCall, partyOf, type Call } from '#src/calls/call.ts';
import { ending, leaving } from '#src/calls/facts.ts';
import type { CallEvent } from '#src/calls/events.ts';
import type { Opened } from '#src/every-event.ts';
import type { Deed } from './random-history.ts';
import { idFor } from '../support/makers.ts';

/** The latest call of a stream, as its events left it. */
export const latestCall = (events: readonly Opened[], stream: string): Call | null => events.filter((event) => event.stream === stream).reduce<Call | null>(evolveCall, null);

const at = Date.UTC(2026, 10, 21, 10);

/** What somebody does about the call of their conversation: what is possible there and then. `others`: members who may be rung. */
export const callDeed = (call: Call | null, account: string, others: readonly string[], { one, other }: Deed, fresh: number): readonly CallEvent[] => {
  const now = at + fresh * 1_000;
  if (call === null || call.over) return start(account, others, one, fresh, now);
  const { audioOnly, callId, startedBy } = call;
  const party = partyOf(call, account);
  if (!party) return one % 4 === 0 && call.ringing.some((ring) => ring.account === account)
    ? [{ type: 'CallDeclined', data: { account, at: now, audioOnly, callId, startedBy } }]
    : [{ type: 'CallJoined', data: { account, at: now, callId, device: idFor(0x50000 + fresh) } }];
  switch (other % 5) {
    case 0:
      return [{ type: party.sharing ? 'ScreenShareEnded' : 'ScreenShared', data: { account, at: now, callId } }];
    case 1:
      return [{ type: 'CallMuted', data: { account: call.parties[0]!.account, at: now, by: account, callId, what: 'audio' } }];
    case 2:
      return [{ type: 'CallJoined', data: { account, at: now, callId, device: idFor(0x50000 + fresh) } }];
    case 3:
      return leaving(call, party, { at: now, cause: one % 2 === 0 ? 'self' : 'connection' });
    default:
      return one % 3 === 0 ? ending(call, now, 'host-ended', account) : leaving(call, party, { at: now, by: account, cause: 'removed' });
  }
};

const start = (account: string, others: readonly string[], one: number, fresh: number, now: number): readonly CallEvent[] => {
  // Now and then a client uses an id again.
  const callId = idFor(0x40000 + (one % 10 === 0 ? 0 : fresh));
  const started: CallEvent = { type: 'CallStarted', data: { account, at: now, audioOnly: one % 2 === 0, callId, device: idFor(0x50000 + fresh) } };
  return others.length === 0 ? [started] : [started, { type: 'CallRang', data: { accounts: others, at: now, by: account, callId } }];
};
