import { rosterOf, type Call } from '../../calls/call.ts';
import type { CallHappened, ServerFrame } from '../../contract/socket.ts';
import type { Opened } from '../../every-event.ts';

/** `MemberLeft`: of somebody who rang, or asked to be let in, and took no part. */
export type CallFact = Extract<Opened, { type: 'MemberLeft' | 'CallStarted' | 'CallRang' | 'CallJoined' | 'CallDeclined' | 'CallUnanswered' | 'CallLeft' | 'ScreenShared' | 'ScreenShareEnded' | 'CallMuted' | 'GuestKnocked' | 'GuestAdmitted' | 'GuestTurnedAway' | 'CallEnded' }>;

/** What everybody in the conversation is told of one fact. `call`: as that fact left it. */
export const callFrame = (conversationId: string, event: CallFact, call: Call | null): Extract<ServerFrame, { is: 'call' }> => ({
  is: 'call', conversationId, position: event.position, call: rosterOf(conversationId, call), happened: happenedIn(event),
});

const happenedIn = (event: CallFact): CallHappened => {
  const about = (what: CallHappened['what'], account: string, rest: Partial<CallHappened> = {}): CallHappened => ({ what, account, by: account, taken: null, cause: null, ...rest });
  switch (event.type) {
    case 'CallStarted':
      return about('started', event.data.account);
    case 'CallRang':
      return about('rang', event.data.accounts[0] ?? event.data.by, { by: event.data.by });
    case 'CallJoined':
      return about('joined', event.data.account);
    case 'CallDeclined':
      return about('declined', event.data.account);
    case 'CallUnanswered':
      return about('unanswered', event.data.accounts[0] ?? event.data.startedBy, { by: event.data.startedBy });
    case 'CallLeft':
      return about(event.data.cause === 'removed' ? 'removed' : 'left', event.data.account, { by: event.data.by ?? event.data.account, cause: event.data.cause });
    case 'ScreenShared':
      return about('shared-screen', event.data.account);
    case 'ScreenShareEnded':
      return about('screen-ended', event.data.account);
    case 'CallMuted':
      return about('muted', event.data.account, { by: event.data.by, taken: event.data.what });
    case 'GuestKnocked':
      return about('knocked', event.data.account);
    case 'GuestAdmitted':
      return about('admitted', event.data.account, { by: event.data.by });
    case 'GuestTurnedAway':
      return about('removed', event.data.account, { by: event.data.by ?? event.data.account });
    case 'MemberLeft':
      return about('left', event.data.account, { by: event.data.by ?? event.data.account, cause: 'not-a-member' });
    case 'CallEnded':
      return about('ended', event.data.startedBy, { by: event.data.by ?? event.data.startedBy, cause: event.data.cause });
  }
};
