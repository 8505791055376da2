import type { Opened } from '#src/every-event.ts';
import { secondsOf } from '../timeline/call-lines.ts';

type CallFact = Extract<Opened, { type: 'CallStarted' | 'CallRang' | 'CallJoined' | 'CallDeclined' | 'CallUnanswered' | 'CallLeft' | 'ScreenShared' | 'ScreenShareEnded' | 'CallMuted' | 'GuestKnocked' | 'GuestAdmitted' | 'GuestTurnedAway' | 'CallEnded' }>;

const taken = { audio: 'the sound', video: 'the picture', screen: 'the screen' } as const;
const causes = {
  'everybody-left': 'everybody left', 'no-answer': 'nobody answered', declined: 'it was declined', 'given-up': 'the caller gave up', 'host-ended': 'the host ended it', 'conversation-closed': 'the conversation was closed',
} as const;
const callOf = (audioOnly: boolean): string => (audioOnly ? 'voice call' : 'video call');

/** `12 min 5 s`. */
export const lengthOf = (seconds: number): string => (seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min${seconds % 60 === 0 ? '' : ` ${seconds % 60} s`}`);

/** Whom a fact of a call is about: under whose name it is found. */
export const personOf = (event: CallFact): string => {
  switch (event.type) {
    case 'CallRang':
      return event.data.by;
    case 'CallUnanswered':
      return event.data.accounts[0] ?? event.data.startedBy;
    case 'CallEnded':
      return event.data.by ?? event.data.startedBy;
    default:
      return event.data.account;
  }
};

/** A fact of a call as a sentence without its full stop, for transcripts and the archive. */
export const callWords = (event: CallFact, nameOf: (account: string) => string): string => {
  const who = nameOf(personOf(event));
  switch (event.type) {
    case 'CallStarted':
      return `${who} started a ${callOf(event.data.audioOnly)}`;
    case 'CallRang':
      return `${who} rang ${event.data.accounts.map(nameOf).join(', ')}`;
    case 'CallJoined':
      return `${who} joined the call`;
    case 'CallDeclined':
      return `${who} declined a ${callOf(event.data.audioOnly)} from ${nameOf(event.data.startedBy)}`;
    case 'CallUnanswered':
      return `${who} missed a ${callOf(event.data.audioOnly)} from ${nameOf(event.data.startedBy)}`;
    case 'CallLeft':
      if (event.data.cause === 'removed') return `${nameOf(event.data.by ?? '')} removed ${who} from the call`;
      return event.data.cause === 'connection' ? `${who} lost the connection to the call` : `${who} left the call`;
    case 'ScreenShared':
      return `${who} shared a screen`;
    case 'ScreenShareEnded':
      return `${who} no longer shares a screen`;
    case 'CallMuted':
      return `${nameOf(event.data.by)} took ${taken[event.data.what]} of ${who}`;
    case 'GuestKnocked':
      return `${who} asked to be let into the call`;
    case 'GuestAdmitted':
      return `${nameOf(event.data.by)} let ${who} into the call`;
    case 'GuestTurnedAway':
      return `${who} was not let into the call`;
    case 'CallEnded':
      return `The ${callOf(event.data.audioOnly)} of ${nameOf(event.data.startedBy)} ended after ${lengthOf(secondsOf(event.data))}, because ${causes[event.data.cause]}. It was held by ${event.data.people.map(nameOf).join(', ')}`;
  }
};
