import type { LeftWhy } from './call-state.ts';

/** 18 min, 1 h 04 min, 40 s; of a call that took this many seconds. */
export const lasted = (seconds: number): string => {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};

type Left = { readonly title: string; readonly says: string };

/** How a call ended for this person, in their words. `called`: whom they called, as one name or "Nobody". */
export const leftWords = (why: LeftWhy, called: string): Left => {
  switch (why) {
    case 'declined': return { title: `${called} declined`, says: 'The call is over. That it was declined stands in the conversation.' };
    case 'no-answer': return { title: 'No answer', says: `${called} did not answer. The missed call stands in the conversation.` };
    case 'given-up': return { title: 'Call given up', says: 'Nobody had answered. The missed call stands in the conversation.' };
    case 'removed': return { title: 'You were taken out of the call', says: 'The host did that. You are still in the conversation, and can come back when somebody rings you.' };
    case 'other-device': return { title: 'The call moved to another device of yours', says: 'Camera and microphone are off here.' };
    case 'not-a-member': return { title: 'You are not in this conversation any more', says: 'So you left its call too.' };
    case 'host-ended': return { title: 'The host ended the call', says: 'For everybody. The conversation is still here.' };
    case 'conversation-closed': return { title: 'The conversation was closed', says: 'So its call ended too.' };
    case 'lost': return { title: 'The connection was gone for too long', says: 'You were taken out of the call. Nothing you wrote is lost.' };
    case 'over': return { title: 'This call is over', says: 'It ended before you were in it.' };
    case 'refused': return { title: 'You could not join', says: '' };
    case 'everybody-left': return { title: 'The call is over', says: 'Camera and microphone are off.' };
    case 'self': return { title: 'You left the call', says: 'Camera and microphone are off.' };
  }
};
