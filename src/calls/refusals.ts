import { limits } from '../contract/limits.ts';
import { refuse } from '../kernel/refusal.ts';

export const callOver = refuse('call-over', 'This call is over. You can start another one.');
export const callInProgress = refuse('call-in-progress', 'There is a call in this conversation already, so no second one was started. Join it.');
export const callIdTaken = refuse('call-id-taken', 'There was a call under this id already. Nothing was started.');
export const callsOff = refuse('calls-off', 'Calls are switched off here. Nothing was started; an administrator can switch them on.');
export const callFull = refuse('call-full', `A call has room for ${limits.callPeopleMax} people, those who are being rung included. You can join when somebody leaves; the conversation is open to you meanwhile.`, limits.callPeopleMax);
export const notInCall = refuse('not-in-call', 'Who is meant does not take part in this call now. Nothing was changed.');
export const notTheHost = refuse('not-the-host', 'Only the host of the call may do this. Nothing was changed.');
export const notRung = refuse('not-rung', 'This call does not ring for you any more. Nothing was changed.');
export const notAdmitted = refuse('not-admitted', 'The host has taken you out of this call. You can come back when somebody in it rings you.');
