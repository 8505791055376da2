import { limits } from '../contract/limits.ts';
import { refuse } from '../kernel/refusal.ts';

export const callOver = refuse('call-over', 'This call is over. You can start another one.');
export const callInProgress = refuse('call-in-progress', 'There is a call in this conversation already, so no second one was started. Join it.');
export const callIdTaken = refuse('call-id-taken', 'There was a call under this id already. Nothing was started.');
export const callsOff = refuse('calls-off', 'Calls are switched off here. Nothing was started; an administrator can switch them on.');
/** Of joining: who is rung takes up no room. */
export const callFull = refuse('call-full', `A call has room for ${limits.callPeopleMax} people, and so many are in this one. You can join when somebody leaves; the conversation is open to you meanwhile.`, limits.callPeopleMax);
/** Of ringing: whoever is rung already is counted, so that everybody who answers finds room. */
export const callFullToRing = refuse('call-full', `With those who are being rung already, this would be more than the ${limits.callPeopleMax} people a call has room for. Nobody more was rung; you can ring them when somebody leaves or does not answer.`, limits.callPeopleMax);
export const deviceTaken = refuse('device-taken', 'Somebody else takes part in this call with the device that was named. Nothing was changed; load the page again to get a device of your own, then join.');
export const notInCall = refuse('not-in-call', 'Who is meant does not take part in this call now. Nothing was changed.');
export const notTheHost = refuse('not-the-host', 'Only the host of the call may do this. Nothing was changed.');
export const notRung = refuse('not-rung', 'This call does not ring for you any more. Nothing was changed.');
export const notAdmitted = refuse('not-admitted', 'The host has taken you out of this call. You can come back when somebody in it rings you.');
