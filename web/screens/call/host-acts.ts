import { endCall, muteInCall, removeFromCall, ringInCall, type CallRoster, type HostMutes } from '#src/contract/calls.ts';
import type { Answer } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { toast } from '../../elements/hansard-toasts.ts';

type Place = Pick<CallRoster, 'conversationId' | 'callId'>;
const done = async (asked: Promise<Answer<unknown>>, says = ''): Promise<void> => {
  const answer = await asked;
  if (!answer.ok) toast(answer.sentence, { danger: true });
  else if (says) toast(says);
};

/** What whoever takes part, or the host, does to others. Each is recorded. */
export const takeFrom = ({ conversationId, callId }: Place, account: string, what: HostMutes): Promise<void> => done(call(muteInCall, { conversationId, callId, account, what }));
export const removePerson = ({ conversationId, callId }: Place, account: string): Promise<void> => done(call(removeFromCall, { conversationId, callId, account }));
export const ringPeople = ({ conversationId, callId }: Place, accounts: readonly string[]): Promise<void> => done(call(ringInCall, { conversationId, callId, accounts: [...accounts] }));
export const endForAll = ({ conversationId, callId }: Place): Promise<void> => done(call(endCall, { conversationId, callId }));
