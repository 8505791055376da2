import type { CallLine } from '#src/contract/calls.ts';
import type { Opened } from '#src/every-event.ts';

type Facts = Extract<Opened, { type: 'CallStarted' | 'CallJoined' | 'CallDeclined' | 'CallUnanswered' | 'CallLeft' | 'ScreenShared' | 'ScreenShareEnded' | 'CallMuted' | 'GuestAdmitted' | 'CallEnded' }>;

/** A fact of a call as a line of its own. Ringing and knocking show while they last, and leave none. */
export const callLineOf = (event: Facts): CallLine => {
  const { revision, data } = event;
  const base = { kind: 'call', revision, at: data.at, callId: data.callId, audioOnly: false, taken: null, cause: null, seconds: null, people: null } as const;
  const about = (account: string, by: string = account): typeof base & { account: string; by: string } => ({ ...base, account, by });
  switch (event.type) {
    case 'CallStarted':
      return { ...about(event.data.account), what: 'started', audioOnly: event.data.audioOnly };
    case 'CallJoined':
      return { ...about(event.data.account), what: 'joined' };
    case 'CallDeclined':
      return { ...about(event.data.account, event.data.account), what: 'declined', audioOnly: event.data.audioOnly };
    case 'CallUnanswered':
      return { ...about(event.data.accounts[0] ?? event.data.startedBy, event.data.startedBy), what: 'unanswered', audioOnly: event.data.audioOnly };
    case 'CallLeft':
      return { ...about(event.data.account, event.data.by), what: event.data.cause === 'removed' ? 'removed' : 'left', cause: event.data.cause };
    case 'ScreenShared':
      return { ...about(event.data.account), what: 'shared-screen' };
    case 'ScreenShareEnded':
      return { ...about(event.data.account), what: 'screen-ended' };
    case 'CallMuted':
      return { ...about(event.data.account, event.data.by), what: 'muted', taken: event.data.what };
    case 'GuestAdmitted':
      return { ...about(event.data.account, event.data.by), what: 'admitted' };
    case 'CallEnded':
      return { ...about(event.data.startedBy, event.data.by), what: 'ended', audioOnly: event.data.audioOnly, cause: event.data.cause, seconds: secondsOf(event.data), people: event.data.people.length };
  }
};

/** How long a call was; never below nothing, whatever the clock did. */
export const secondsOf = ({ at, startedAt }: { readonly at: number; readonly startedAt: number }): number => Math.max(0, Math.round((at - startedAt) / 1_000));
